//! The runtime that blocking calls run on.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use crate::transport::error::{Error, ErrorKind, Result};

/// A runtime with one thread, shared by a client and its calls and jobs.
#[derive(Clone)]
pub(super) struct Runtime(Arc<Owned>);

/// The runtime, which is taken out when this is dropped.
struct Owned(Option<tokio::runtime::Runtime>);

impl Runtime {
    pub(super) fn start() -> Result<Self> {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("fal-sdk")
            .enable_all()
            .build()
            .map(|runtime| Self(Arc::new(Owned(Some(runtime)))))
            .map_err(|source| {
                Error::new(ErrorKind::Io, "the client's thread cannot be started")
                    .with_source(source)
            })
    }

    /// Waits for a call and returns its outcome.
    ///
    /// # Errors
    /// When the call fails, and inside an async task, where waiting would block other tasks.
    pub(super) fn wait<T>(&self, call: impl Future<Output = Result<T>>) -> Result<T> {
        match &self.0.0 {
            Some(runtime) if !is_in_task() => {
                // `Runtime::block_on` would panic in a task that is not recognised.
                let _entered = runtime.enter();
                park_until(call)
            }
            _ => Err(Error::new(
                ErrorKind::Usage,
                "the blocking client cannot wait inside an async task",
            )
            .with_hint(
                "nothing was sent; use `fal_sdk::Client` and `.await` here, or call it in \
                 `tokio::task::spawn_blocking`",
            )),
        }
    }
}

/// Whether this thread is polling a task of a tokio runtime. Threads of `spawn_blocking`
/// belong to a runtime too, but may wait. Tokio has no function for this, but only tasks have
/// a limited budget of operations.
fn is_in_task() -> bool {
    /// A number of operations above the budget of a task, which is 128.
    const OPERATIONS: usize = 1_024;
    let mut context = Context::from_waker(Waker::noop());
    tokio::runtime::Handle::try_current().is_ok()
        && (0..OPERATIONS).any(|_| {
            pin!(tokio::task::consume_budget())
                .poll(&mut context)
                .is_pending()
        })
}

/// Runs a future on this thread, which sleeps while the future waits.
fn park_until<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}

/// Shuts the runtime down without waiting, since waiting inside another runtime would panic.
impl Drop for Owned {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Runtime")
    }
}
