//! The runtime that blocking calls run on.

use std::fmt;
use std::sync::Arc;

use crate::transport::error::{Error, ErrorKind, Result};

/// A runtime with one thread, shared by a client and what comes of it.
#[derive(Clone)]
pub(super) struct Runtime(Arc<Owned>);

/// Taken out when it is dropped.
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

    /// Waits for a call.
    ///
    /// # Errors
    /// Inside an async runtime, where waiting would stop other tasks.
    pub(super) fn wait<T>(&self, call: impl Future<Output = Result<T>>) -> Result<T> {
        match &self.0.0 {
            Some(runtime) if tokio::runtime::Handle::try_current().is_err() => {
                runtime.block_on(call)
            }
            _ => Err(Error::new(
                ErrorKind::Usage,
                "the blocking client cannot wait inside an async runtime",
            )
            .with_hint("nothing was sent; use `fal_sdk::Client` and `.await` here")),
        }
    }
}

/// Waiting for the runtime's end inside another one would panic.
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
