//! The processes that tests start, and kill: this test program again, which takes a part.

use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use fal_batch_postgres::{Receiver, Reconciler, Store, Worker};
use fal_sdk::webhook::Verifier;
use tokio::net::TcpListener;

use crate::world::client;

const PART: &str = "FAL_TEST_PART";

/// What the processes of a test know.
#[derive(Debug, Clone)]
pub struct Setting {
    pub database: String,
    pub schema: String,
    pub fal: String,
    pub receiver: SocketAddr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Worker,
    Receiver,
}

/// Starts a process that takes a part until it is killed.
pub fn start(part: Part, setting: &Setting) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args([
            "process::a_process_of_another_test",
            "--exact",
            "--nocapture",
        ])
        .env(PART, format!("{part:?}"))
        .env("FAL_TEST_DATABASE", &setting.database)
        .env("FAL_TEST_SCHEMA", &setting.schema)
        .env("FAL_TEST_FAL", &setting.fal)
        .env("FAL_TEST_RECEIVER", setting.receiver.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a process")
}

/// Not a test by itself: what the processes do that other tests start.
#[tokio::test]
async fn a_process_of_another_test() {
    let Ok(part) = std::env::var(PART) else {
        return;
    };
    let variable = |name: &str| std::env::var(name).expect(name);
    let store = Store::builder(variable("FAL_TEST_DATABASE"));
    let store = store
        .schema(variable("FAL_TEST_SCHEMA"))
        .build()
        .expect("a store");
    let fal = client(&variable("FAL_TEST_FAL"));
    let receiver = variable("FAL_TEST_RECEIVER");
    let worker = Worker::new(fal.clone(), store.clone())
        .webhook(format!("http://{receiver}/fal"))
        .concurrency(8)
        .lease(Duration::from_secs(2))
        .check_after(Duration::from_secs(5));
    match part.as_str() {
        "Worker" => worker.run().await.expect("a worker"),
        _ => {
            let address = receiver.parse().expect("an address");
            let listener = listen(address).await;
            let receiving = serve(listener, Verifier::of(&fal), store.clone());
            let reconciling = Reconciler::new(fal, store).rate_per_second(50.0).run();
            let (_, reconciled) = tokio::join!(receiving, reconciling);
            reconciled.expect("a reconciler");
        }
    }
}

/// Listens on an address that a process that was just killed may still hold.
///
/// From here on deliveries wait until a receiver is served, and none is turned away.
pub async fn listen(address: SocketAddr) -> TcpListener {
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

/// Serves a receiver.
pub async fn serve(listener: TcpListener, verifier: Verifier, store: Store) {
    let receiver = Receiver::new(verifier, store).await.expect("a receiver");
    let router = Router::new()
        .route("/fal", post(receive))
        .with_state(Arc::new(receiver));
    axum::serve(listener, router).await.expect("a server");
}

async fn receive(
    State(receiver): State<Arc<Receiver>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let query = query.unwrap_or_default();
    let status = receiver.receive(&query, &headers, &body).await;
    StatusCode::from_u16(status).expect("a status")
}
