//! The slots for status streams, and the queue for them.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::transport::box_future::BoxFuture;

/// As many slots as streams may be open at once.
pub(crate) struct StreamSlots {
    free: Arc<Semaphore>,
    count: usize,
    waiting: AtomicUsize,
}

impl StreamSlots {
    /// Creates the slots. With a count of 0, every job is polled.
    pub(super) fn new(count: usize) -> Arc<Self> {
        let count = count.min(Semaphore::MAX_PERMITS);
        Arc::new(Self {
            free: Arc::new(Semaphore::new(count)),
            count,
            waiting: AtomicUsize::new(0),
        })
    }

    /// A slot, if one is free and nobody waits for it.
    pub(crate) fn try_take(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.free).try_acquire_owned().ok()
    }

    /// A place at the end of the queue for a slot; `None` if there are no slots.
    pub(crate) fn queue(self: &Arc<Self>) -> Option<QueuedForSlot> {
        (self.count > 0).then(|| {
            self.waiting.fetch_add(1, Ordering::Relaxed);
            let slot = Arc::clone(&self.free).acquire_owned();
            QueuedForSlot {
                slot: Box::pin(async move { slot.await.ok() }),
                slots: Arc::clone(self),
            }
        })
    }

    /// How many wait for each slot.
    pub(crate) fn crowding(&self) -> f64 {
        self.waiting.load(Ordering::Relaxed) as f64 / self.count.max(1) as f64
    }
}

/// A place in the queue for a slot. Dropping it gives the place up.
pub(crate) struct QueuedForSlot {
    slot: BoxFuture<Option<OwnedSemaphorePermit>>,
    slots: Arc<StreamSlots>,
}

impl Future for QueuedForSlot {
    type Output = Option<OwnedSemaphorePermit>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.slot.as_mut().poll(context)
    }
}

impl Drop for QueuedForSlot {
    fn drop(&mut self) {
        self.slots.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}
