//! Tasks that run in the background and end with the server.

use std::{future::Future, sync::Arc};

use tokio::sync::watch;

/// Starts tasks, and stops all of them when the server is shut down.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tasks(Arc<watch::Sender<bool>>);

impl Tasks {
    /// Runs `work` until it is done or the server stops.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stopped = self.stopped();
        tokio::spawn(async move {
            tokio::select! {
                () = work => {}
                () = stopped => {}
            }
        });
    }

    /// Waits until the server stops.
    pub(crate) fn stopped(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut stop = self.0.subscribe();
        // An error means that the server is gone.
        async move { stop.wait_for(|stop| *stop).await.map_or((), drop) }
    }

    /// Stops the server and every task.
    pub(crate) fn stop(&self) {
        self.0.send_replace(true);
    }
}
