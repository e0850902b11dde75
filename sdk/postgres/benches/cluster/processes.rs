//! Runs items with three workers and a receiver, each in a process of its own.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use fal_batch_postgres::{Limits, NewItem, Receiver, Reconciler, Store, Worker};
use fal_mock::{MockServer, Route, Script, WebhookPolicy};
use fal_sdk::webhook::Verifier;
use fal_test_postgres::{Cluster, free_address};
use serde_json::json;

use crate::{ENDPOINT, client, grouped};

const ROLES: [&str; 4] = ["receiver", "worker", "worker", "worker"];

/// The figures that a process prints when it ends.
#[derive(Default)]
struct Report {
    statements: f64,
    peak_kb: f64,
    cpu: f64,
}

pub async fn measure(cluster: &Cluster, items: usize) {
    let script = Script::new().output(json!({"images": [{"url": "https://x.y/z"}]}));
    let policy = WebhookPolicy::fast(500, Duration::from_millis(200));
    let server = MockServer::builder()
        .script(ENDPOINT, script)
        .webhooks(policy)
        .record_limit(0)
        .job_limit(1_000);
    let fal = server.start().await.expect("a server");
    let store = Store::new(cluster.url()).expect("a store");
    store.migrate().await.expect("the schema");
    let batch = store.batch("bench");
    batch.create(&Limits::none()).await.expect("a batch");
    let started = Instant::now();
    let added = batch.add((0..items).map(|number| {
        let input = json!({"prompt": format!("image {number}, of a street in the morning")});
        NewItem::json(number.to_string(), ENDPOINT, input)
    }));
    assert_eq!(added.await.expect("items").new, items);
    let adding = started.elapsed();

    let sql = cluster.sql().await;
    let (cpu, commits) = (cluster.cpu_seconds(), commits(&sql).await);
    let receiver = free_address().to_string();
    let started = Instant::now();
    let processes: Vec<Child> = ROLES
        .iter()
        .map(|role| {
            Command::new(std::env::current_exe().expect("this program"))
                .args([role, cluster.url().as_str(), &fal.url(), &receiver])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .expect("a process")
        })
        .collect();
    let mut looks = 0;
    // Without reading the table.
    let is_at_work = "SELECT b.in_flight > 0
             OR EXISTS (SELECT 1 FROM fal_batch.items WHERE state = 'pending')
         FROM fal_batch.batches b";
    while sql.query_one(is_at_work, &[]).await.expect("a row").get(0) {
        looks += 1;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let took = started.elapsed();
    let reports: Vec<Report> = processes.into_iter().map(end).collect();
    let cpu = cluster.cpu_seconds() - cpu;
    let commits = self::commits(&sql).await - commits - looks;
    let progress = batch.progress().await.expect("progress");
    assert_eq!(progress.count("done"), items as u64, "{progress:?}");

    let each = items as f64;
    let requests = |route| fal.count(route) as f64 / each;
    let sum = |value: fn(&Report) -> f64| reports.iter().map(value).sum::<f64>();
    let peak = |reports: &[Report]| {
        let peaks = reports.iter().map(|report| report.peak_kb);
        peaks.fold(0.0, f64::max) / 1024.0
    };
    println!(
        "| {} items, 3 workers and a receiver | {:.0} items per second (added at {:.0}); per item \
         {:.2} statements, {:.2} commits, {:.3} submits, {:.3} statuses, {:.3} results, and {:.2} \
         ms of CPU by the database, {:.2} by the four processes; at most {:.0} MiB per worker and \
         {:.0} for the receiver |",
        grouped(items),
        each / took.as_secs_f64(),
        each / adding.as_secs_f64(),
        sum(|report| report.statements) / each,
        commits as f64 / each,
        requests(Route::Submit),
        requests(Route::Status),
        requests(Route::Result),
        cpu * 1000.0 / each,
        sum(|report| report.cpu) * 1000.0 / each,
        peak(&reports[1..]),
        peak(&reports[..1]),
    );
}

/// The number of commits of connections that have ended or were idle for a while.
async fn commits(sql: &tokio_postgres::Client) -> i64 {
    let count = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()";
    sql.query_one(count, &[]).await.expect("a count").get(0)
}

/// Ends a process, and reads the figures that it prints.
fn end(mut process: Child) -> Report {
    drop(process.stdin.take());
    let output = process.wait_with_output().expect("a process");
    let text = String::from_utf8(output.stdout).expect("text");
    let mut numbers = text
        .split_whitespace()
        .map(|word| word.parse().expect("a number"));
    let mut next = || numbers.next().expect("a number");
    Report {
        statements: next(),
        peak_kb: next(),
        cpu: next(),
    }
}

/// The work of a process until its standard input ends.
pub async fn take_role(role: &str, database: &str, fal: &str, address: SocketAddr) {
    let fal = client(fal);
    let store = Store::new(database).expect("a store");
    match role {
        "receiver" => {
            let receiver = Receiver::new(Verifier::of(&fal), store.clone()).await;
            let receiver = receiver.expect("a receiver");
            let router = Router::new()
                .route("/fal", post(receive))
                .with_state(receiver);
            let listener = tokio::net::TcpListener::bind(address).await;
            let listener = listener.expect("the port");
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
    let peak = peak.and_then(|words| words.split_whitespace().next());
    let cpu = fal_test_postgres::own_cpu_seconds();
    println!("{} {} {cpu}", store.statements(), peak.unwrap_or("0"));
    let _ = std::io::stdout().flush();
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
