//! Restarts of the listener.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
};

/// The pause before the address is tried again, if another program has it.
const PAUSE: Duration = Duration::from_millis(10);

/// A request of a test to restart the listener.
pub(crate) struct Restart {
    down: Duration,
    done: oneshot::Sender<()>,
}

impl Restart {
    /// Waits until the server is up again, and returns its new socket.
    pub(super) async fn bind(self, address: SocketAddr) -> TcpListener {
        tokio::time::sleep(self.down).await;
        loop {
            if let Ok(socket) = TcpListener::bind(address).await {
                // Sending fails if the test no longer waits.
                let _ = self.done.send(());
                return socket;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// The listener's end of the channel for restarts.
pub(super) type RestartReceiver = mpsc::Receiver<Restart>;

/// The server's end of the channel for restarts.
#[derive(Clone)]
pub(crate) struct Restarts(mpsc::Sender<Restart>);

pub(crate) fn channel() -> (Restarts, RestartReceiver) {
    let (sender, receiver) = mpsc::channel(1);
    (Restarts(sender), receiver)
}

impl Restarts {
    /// Restarts the listener, and returns when it is up again. Once the server is shut down, nothing happens.
    pub(crate) async fn restart(&self, down: Duration) {
        let (done, is_done) = oneshot::channel();
        if self.0.send(Restart { down, done }).await.is_ok() {
            let _ = is_done.await;
        }
    }
}
