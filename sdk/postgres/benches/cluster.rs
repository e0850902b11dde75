//! What a batch costs: items per second, statements and requests per item, memory per process.
//!
//! ```text
//! FAL_BENCH_DATABASE=postgres://postgres@127.0.0.1/postgres \
//!     cargo bench --package fal-batch-postgres -- [ITEMS…]
//! ```
//!
//! For each number of items: three workers and a receiver, each a process of its own, with
//! `fal-mock` in this one. With `database` before the numbers, only the database is measured:
//! items are added, claimed and settled, and no request is sent.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use fal_batch_postgres::{Batch, Limits, NewItem, Receiver, Reconciler, Store, Worker};
use fal_mock::{MockServer, Route, Script, WebhookPolicy};
use fal_sdk::Client;
use fal_sdk::webhook::Verifier;
use serde_json::json;

const ENDPOINT: &str = "acme/image";
const WORKERS: usize = 3;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let arguments = std::env::args().skip(1);
    let arguments: Vec<String> = arguments.filter(|word| word != "--bench").collect();
    let Ok(database) = std::env::var("FAL_BENCH_DATABASE") else {
        println!("skipped: FAL_BENCH_DATABASE is not set");
        return;
    };
    if let [role, fal, address] = arguments.as_slice()
        && ["worker", "receiver"].contains(&role.as_str())
    {
        return take_role(&database, role, fal, address.parse().expect("an address")).await;
    }
    let numbers = arguments.iter().filter_map(|word| word.parse().ok());
    let mut numbers: Vec<usize> = numbers.collect();
    if numbers.is_empty() {
        numbers = vec![10_000];
    }
    for items in numbers {
        match arguments.iter().any(|word| word == "database") {
            true => measure_database(&database, items).await,
            false => measure_all(&database, items).await,
        }
    }
}

/// A batch with this many items, in tables of its own; and how long adding them took.
async fn fill(database: &str, items: usize) -> (Store, Batch, Duration) {
    let store = Store::builder(database)
        .schema("fal_bench")
        .build()
        .expect("a store");
    let (client, connection) = tokio_postgres::connect(database, tokio_postgres::NoTls)
        .await
        .expect("a connection without TLS");
    tokio::spawn(connection);
    let drop = "DROP SCHEMA IF EXISTS fal_bench CASCADE";
    client.batch_execute(drop).await.expect("an empty schema");
    store.migrate().await.expect("the schema");
    let batch = store.batch("bench");
    batch.create(&Limits::none()).await.expect("a batch");
    let started = Instant::now();
    let added = batch.add((0..items).map(|number| {
        let input = json!({"prompt": format!("image {number}, of a street in the morning")});
        NewItem::json(number.to_string(), ENDPOINT, input)
    }));
    assert_eq!(added.await.expect("items").new, items);
    (store, batch, started.elapsed())
}

async fn measure_all(database: &str, items: usize) {
    let fal = MockServer::builder()
        .script(
            ENDPOINT,
            Script::new().output(json!({"images": [{"url": "https://x.y/z"}]})),
        )
        .webhooks(WebhookPolicy::fast(500, Duration::from_millis(200)))
        .record_limit(0)
        .job_limit(1_000)
        .start()
        .await
        .expect("a server");
    let (_, batch, adding) = fill(database, items).await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let receiver = listener.local_addr().expect("an address").to_string();
    drop(listener);
    let started = Instant::now();
    let roles = ["receiver", "worker", "worker", "worker"];
    let mut processes: Vec<Child> = roles
        .iter()
        .map(|role| {
            Command::new(std::env::current_exe().expect("this program"))
                .args([role, fal.url().as_str(), receiver.as_str()])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .expect("a process")
        })
        .collect();
    while batch.progress().await.expect("progress").count("done") < items as u64 {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let took = started.elapsed();
    println!(
        "{items} items: {:.0} per second with {WORKERS} workers; added at {:.0} per second",
        items as f64 / took.as_secs_f64(),
        items as f64 / adding.as_secs_f64(),
    );
    let mut statements = 0.0;
    for (role, process) in roles.iter().zip(&mut processes) {
        drop(process.stdin.take());
        let mut text = String::new();
        let mut output = process.stdout.take().expect("output");
        output.read_to_string(&mut text).expect("text");
        process.wait().expect("a process");
        let mut words = text.split_whitespace();
        let count: f64 = words
            .next()
            .and_then(|word| word.parse().ok())
            .expect("a count");
        statements += count;
        println!(
            "  {role}: {count} statements, {} kB at most",
            words.next().expect("memory")
        );
    }
    let per_item = |count: u64| count as f64 / items as f64;
    println!(
        "  per item: {:.2} statements, {:.3} submits, {:.3} statuses, {:.3} results",
        statements / items as f64,
        per_item(fal.count(Route::Submit)),
        per_item(fal.count(Route::Status)),
        per_item(fal.count(Route::Result)),
    );
    println!("  fal-mock and this program: {} CPU s", cpu_seconds("self"));
}

async fn take_role(database: &str, role: &str, fal: &str, address: SocketAddr) {
    let fal = Client::builder()
        .key("id:secret")
        .base_url(fal)
        .build()
        .expect("a client");
    let store = Store::builder(database)
        .schema("fal_bench")
        .build()
        .expect("a store");
    match role {
        "receiver" => {
            let receiver = Receiver::new(Verifier::of(&fal), store.clone()).await;
            let receiver = receiver.expect("a receiver");
            let router = Router::new()
                .route("/fal", post(receive))
                .with_state(receiver);
            let listener = tokio::net::TcpListener::bind(address)
                .await
                .expect("the port");
            tokio::spawn(async move { axum::serve(listener, router).await });
            let reconciler = Reconciler::new(fal, store.clone());
            reconciler.run_until(stop()).await.expect("a reconciler");
        }
        _ => {
            let worker = Worker::new(fal, store.clone()).concurrency(32);
            let worker = worker.webhook(format!("http://{address}/fal"));
            worker.run_until(stop()).await.expect("a worker");
        }
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak
        .and_then(|words| words.split_whitespace().next())
        .unwrap_or("unknown");
    println!("{} {peak} {}", store.statements(), cpu_seconds("self"));
    let _ = std::io::stdout().flush();
}

/// What a process has computed, in its own code and in the system's.
fn cpu_seconds(process: &str) -> String {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let (_, words) = stat.rsplit_once(')').unwrap_or_default();
    let ticks = words.split_whitespace().skip(11).take(2);
    let ticks: f64 = ticks.filter_map(|word| word.parse::<f64>().ok()).sum();
    // Hundredths of a second on every usual Linux.
    format!("{:.1}", ticks / 100.0)
}

async fn receive(
    State(receiver): State<Receiver>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let query = query.unwrap_or_default();
    let status = receiver.receive(&query, &headers, &body).await;
    StatusCode::from_u16(status).expect("a status")
}

async fn stop() {
    let (stopped, stop) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        let _ = stopped.send(());
    });
    let _ = stop.await;
}

/// A client whose every submit is refused before it is sent: the items are added, claimed,
/// intended and settled, by the database alone.
async fn measure_database(database: &str, items: usize) {
    let (store, batch, adding) = fill(database, items).await;
    let fal = Client::builder()
        .key("id:secret")
        .build()
        .expect("a client");
    let before = store.statements();
    let started = Instant::now();
    let worker = Worker::new(fal, store.clone())
        .concurrency(200)
        // Nothing is sent: the option is malformed.
        .options(|submit| submit.webhook("nowhere"))
        .ends_when_empty();
    worker.run().await.expect("a worker");
    let took = started.elapsed();
    let looking = Instant::now();
    let progress = batch.progress().await.expect("progress");
    assert_eq!(progress.count("failed"), items as u64);
    println!(
        "{items} items by the database alone: added at {:.0} per second, run at {:.0} per second \
         with {:.3} statements each; progress in {:.0} ms",
        items as f64 / adding.as_secs_f64(),
        items as f64 / took.as_secs_f64(),
        (store.statements() - before) as f64 / items as f64,
        looking.elapsed().as_secs_f64() * 1000.0,
    );
}
