//! A relay that fails as networks do: connections that fall silent, and slow lines.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::Instant;

/// A TCP relay in front of a server, as a balancer or a VPN is. A connection that fell silent goes on taking, and so
/// acknowledging, what is sent over it, and passes nothing on; connections that are made later
/// work.
pub struct Relay {
    address: SocketAddr,
    epoch: Arc<AtomicU64>,
    /// How many bytes of clients were passed on.
    passed: Arc<AtomicU64>,
    connections: Arc<AtomicU64>,
}

impl Relay {
    /// A relay that passes on so many bytes a second from the client, if a rate is given.
    pub async fn start(to: SocketAddr, rate: Option<usize>) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        // Otherwise the system would take in megabytes at once, however slow the line is.
        socket.set_recv_buffer_size(64 << 10).expect("a size");
        socket
            .bind(([127, 0, 0, 1], 0).into())
            .expect("a free port");
        let listener = socket.listen(1024).expect("loopback");
        let address = listener.local_addr().expect("loopback");
        let epoch = Arc::<AtomicU64>::default();
        let current = Arc::clone(&epoch);
        let passed = Arc::<AtomicU64>::default();
        let count = Arc::clone(&passed);
        let connections = Arc::<AtomicU64>::default();
        let accepted = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                accepted.fetch_add(1, Ordering::SeqCst);
                let Ok(server) = TcpStream::connect(to).await else {
                    continue;
                };
                let (client_read, client_write) = client.into_split();
                let (server_read, server_write) = server.into_split();
                let born = current.load(Ordering::SeqCst);
                let epoch = || Arc::clone(&current);
                tokio::spawn(pass(
                    client_read,
                    server_write,
                    epoch(),
                    born,
                    Some((rate, Arc::clone(&count))),
                ));
                tokio::spawn(pass(server_read, client_write, epoch(), born, None));
            }
        });
        Self {
            address,
            epoch,
            passed,
            connections,
        }
    }

    /// Where clients reach it.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many bytes of clients were passed on.
    pub fn passed(&self) -> u64 {
        self.passed.load(Ordering::SeqCst)
    }

    /// How many connections clients have made.
    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::SeqCst)
    }

    /// All connections so far fall silent.
    pub fn silence(&self) {
        self.epoch.fetch_add(1, Ordering::SeqCst);
    }
}

async fn pass(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    epoch: Arc<AtomicU64>,
    born: u64,
    of_client: Option<(Option<usize>, Arc<AtomicU64>)>,
) {
    let mut buffer = vec![0; 16 << 10];
    let started = Instant::now();
    let mut sent = 0;
    while let Ok(length) = from.read(&mut buffer).await {
        if epoch.load(Ordering::SeqCst) != born {
            match length {
                // Silence: not even the end is passed on.
                0 => return std::future::pending().await,
                _ => continue,
            }
        }
        if length == 0 || to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
        let Some((rate, passed)) = &of_client else {
            continue;
        };
        passed.fetch_add(length as u64, Ordering::SeqCst);
        sent += length;
        if let Some(rate) = rate {
            // From the start, so that a machine that is busy does not slow the line.
            let due = Duration::from_secs_f64(sent as f64 / *rate as f64);
            tokio::time::sleep_until(started + due).await;
        }
    }
}
