//! The slots for status streams, and the queue for them.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::transport::box_future::BoxFuture;
use crate::transport::lock::lock;

/// How many streams share an HTTP/2 connection: as many as servers commonly allow.
const STREAMS_PER_CONNECTION: usize = 100;
/// How many streams are open at once while the server is not known to speak HTTP/2:
/// each of them takes a connection of its own.
const STREAMS_OVER_HTTP1: usize = 64;

/// As many slots as streams may be open at once.
pub(crate) struct StreamSlots {
    free: Arc<Semaphore>,
    /// The slots that are added once the server is known to speak HTTP/2.
    withheld: AtomicUsize,
    has_slots: bool,
    waiting: AtomicUsize,
    /// The number of streams on each connection.
    connections: Mutex<Vec<usize>>,
}

impl StreamSlots {
    /// Creates the slots. With a count of 0, every job is polled.
    pub(super) fn new(count: usize) -> Arc<Self> {
        let count = count.min(Semaphore::MAX_PERMITS);
        let first = count.min(STREAMS_OVER_HTTP1);
        Arc::new(Self {
            free: Arc::new(Semaphore::new(first)),
            withheld: AtomicUsize::new(count - first),
            has_slots: count > 0,
            waiting: AtomicUsize::new(0),
            connections: Mutex::default(),
        })
    }

    /// Takes note that the server speaks HTTP/2, whose connections carry many streams.
    pub(super) fn allow_http2(&self) {
        // Reading costs less than writing, and every reply comes here.
        if self.withheld.load(Ordering::Relaxed) > 0 {
            let withheld = self.withheld.swap(0, Ordering::Relaxed);
            self.free.add_permits(withheld);
        }
    }

    /// A slot, if one is free and no other job waits for it.
    pub(crate) fn try_take(self: &Arc<Self>) -> Option<StreamSlot> {
        let permit = Arc::clone(&self.free).try_acquire_owned().ok()?;
        Some(StreamSlot::new(self, permit))
    }

    /// A place at the end of the queue for a slot; `None` if there are no slots.
    pub(crate) fn queue(self: &Arc<Self>) -> Option<QueuedForSlot> {
        self.has_slots.then(|| {
            self.waiting.fetch_add(1, Ordering::Relaxed);
            let permit = Arc::clone(&self.free).acquire_owned();
            QueuedForSlot {
                permit: Box::pin(async move { permit.await.ok() }),
                slots: Arc::clone(self),
            }
        })
    }

    /// How many jobs wait for a slot.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Adds a stream to the first connection that has room for it.
    fn add_stream(&self) -> usize {
        let mut connections = lock(&self.connections);
        let with_room = connections
            .iter()
            .position(|streams| *streams < STREAMS_PER_CONNECTION);
        let connection = with_room.unwrap_or(connections.len());
        match connections.get_mut(connection) {
            Some(streams) => *streams += 1,
            None => connections.push(1),
        }
        connection
    }

    fn remove_stream(&self, connection: usize) {
        if let Some(streams) = lock(&self.connections).get_mut(connection) {
            *streams = streams.saturating_sub(1);
        }
    }
}

/// The right to have one stream open, over a certain connection.
pub(crate) struct StreamSlot {
    connection: usize,
    slots: Arc<StreamSlots>,
    _permit: OwnedSemaphorePermit,
}

impl StreamSlot {
    fn new(slots: &Arc<StreamSlots>, permit: OwnedSemaphorePermit) -> Self {
        Self {
            connection: slots.add_stream(),
            slots: Arc::clone(slots),
            _permit: permit,
        }
    }

    /// The number of the connection, from 0.
    pub(super) fn connection(&self) -> usize {
        self.connection
    }
}

impl Drop for StreamSlot {
    fn drop(&mut self) {
        self.slots.remove_stream(self.connection);
    }
}

/// A place in the queue for a slot. Dropping it gives the place up.
pub(crate) struct QueuedForSlot {
    permit: BoxFuture<Option<OwnedSemaphorePermit>>,
    slots: Arc<StreamSlots>,
}

impl Future for QueuedForSlot {
    type Output = Option<StreamSlot>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let permit = self.permit.as_mut().poll(context);
        permit.map(|permit| Some(StreamSlot::new(&self.slots, permit?)))
    }
}

impl Drop for QueuedForSlot {
    fn drop(&mut self) {
        self.slots.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_are_filled_one_after_the_other() {
        let slots = StreamSlots::new(250);
        slots.allow_http2();
        let mut taken: Vec<_> = std::iter::from_fn(|| slots.try_take()).collect();
        assert_eq!(taken.len(), 250);
        let on = |connection| move |slot: &&StreamSlot| slot.connection() == connection;
        let counts = [0, 1, 2].map(|at| taken.iter().filter(on(at)).count());
        assert_eq!(counts, [100, 100, 50]);
        taken.remove(7);
        assert_eq!(slots.try_take().map(|slot| slot.connection()), Some(0));
    }

    #[test]
    fn few_streams_are_open_before_the_server_is_known_to_speak_http2() {
        let slots = StreamSlots::new(1_000);
        let taken: Vec<_> = std::iter::from_fn(|| slots.try_take()).collect();
        assert_eq!(taken.len(), STREAMS_OVER_HTTP1);
        slots.allow_http2();
        slots.allow_http2();
        let more: Vec<_> = std::iter::from_fn(|| slots.try_take()).collect();
        assert_eq!(taken.len() + more.len(), 1_000);
    }
}
