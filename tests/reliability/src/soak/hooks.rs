//! A receiver of webhooks that answers late and often refuses, so that deliveries come
//! in any order and several times.

use std::sync::Arc;
use std::time::Duration;

use fal_sdk::webhook::Verifier;
use fal_tests::sample::SampleInput;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, mpsc};

use super::World;
use crate::setup::Transport;

type Headers = Vec<(String, String)>;
type Delivery = (Headers, Vec<u8>);

/// Where webhooks arrive.
pub(super) struct Hooks {
    url: String,
    deliveries: Mutex<mpsc::UnboundedReceiver<Delivery>>,
}

impl Hooks {
    /// Starts the receiver; it ends with the runtime.
    pub(super) async fn start(seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (sender, deliveries) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let mut random = fastrand::Rng::with_seed(seed);
            while let Ok((socket, _)) = listener.accept().await {
                let sender = sender.clone();
                let (wait, refuses) = (random.u64(..300), random.f64() < 0.3);
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(wait)).await;
                    receive(socket, refuses, &sender).await;
                });
            }
        });
        Self {
            url: format!("http://{address}/hook"),
            deliveries: Mutex::new(deliveries),
        }
    }

    /// Where to send them.
    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

async fn receive(
    mut socket: TcpStream,
    refuses: bool,
    sender: &mpsc::UnboundedSender<Delivery>,
) -> Option<()> {
    let mut request = Vec::new();
    let delivery = loop {
        if let Some(delivery) = parse(&request) {
            break delivery;
        }
        if socket.read_buf(&mut request).await.ok()? == 0 {
            return None;
        }
    };
    // What is refused was received all the same, and comes again.
    let _ = sender.send(delivery);
    let status = if refuses { "503 Busy" } else { "200 OK" };
    let reply = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    socket.write_all(reply.as_bytes()).await.ok()
}

fn parse(request: &[u8]) -> Option<Delivery> {
    let end = request.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&request[..end]).ok()?;
    let pairs = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    let headers: Headers = pairs
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    let mut length = headers.iter();
    let length = length.find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?;
    let body = &request[end + 4..];
    (body.len() == length.1.parse::<usize>().ok()?).then(|| (headers.clone(), body.to_vec()))
}

/// Verifies deliveries until the end, and a forged one after each.
pub(super) async fn read(world: Arc<World>) {
    let fal = world.client(Transport::Tls);
    let verifier = Verifier::of(&fal);
    let mut deliveries = world.hooks.deliveries.lock().await;
    // Deliveries go on a little after the last call.
    let end = world.end + Duration::from_secs(2);
    loop {
        let next = tokio::time::timeout_at(end.into(), deliveries.recv()).await;
        let Ok(Some((headers, body))) = next else {
            return;
        };
        world.books.count("webhooks: deliveries received", 1);
        match verifier.event::<SampleInput>(&headers, &body).await {
            Ok(event) if world.books.note_output(&event.request_id) => {
                world.books.count("webhooks: outputs read", 1);
            }
            Ok(_) => world.books.count("webhooks: before the submit's reply", 1),
            Err(_) => world
                .books
                .count("webhooks: not verified for want of keys", 1),
        }
        let mut forged = body.clone();
        forged.push(b' ');
        if verifier.verify(&headers, &forged).await.is_ok() {
            world
                .books
                .complain("a forged webhook was believed".to_owned());
        }
    }
}
