//! Three workers and one receiver, each in a process of its own, share one database. `fal-mock`,
//! in this process, stands in for fal. Kill any of the processes while the example runs: it is
//! started again, and at the end every item has its outcome and none was paid for twice.
//!
//! ```text
//! cargo run --package fal-batch-postgres --example batch_cluster -- [ITEMS]
//! ```
//!
//! The environment variable `DATABASE_URL` names the database. Without it, the example starts an
//! installed PostgreSQL for as long as it runs, with its data in a temporary folder.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Read;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use fal_batch_postgres::{Limits, NewItem, Progress, Receiver, Reconciler, Store, Worker};
use fal_mock::{MockServer, Script, WebhookPolicy};
use fal_sdk::Client;
use fal_sdk::webhook::Verifier;
use fal_test_postgres::{Cluster, free_address};
use serde_json::json;

const ENDPOINT: &str = "acme/image";
const ROLES: [&str; 4] = ["worker 1", "worker 2", "worker 3", "receiver"];

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let items = match arguments.as_slice() {
        [database, role, fal, address] => {
            return take_role(database, role, fal, address.parse()?).await;
        }
        [] => 1_000,
        [items] => items.parse()?,
        _ => {
            eprintln!("usage: batch_cluster [ITEMS]; DATABASE_URL names the database");
            std::process::exit(2);
        }
    };
    let Ok(database) = std::env::var("DATABASE_URL") else {
        let cluster = Cluster::try_start().await.map_err(|error| {
            format!("{error}; or name a running one in the variable DATABASE_URL")
        })?;
        let database = cluster.url();
        println!("PostgreSQL is at {database}");
        // The cluster is stopped and removed when it is dropped.
        return tokio::select! {
            outcome = run_all(&database, items) => outcome,
            interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
        };
    };
    run_all(&database, items).await
}

/// Adds the items, starts the processes, and starts them again if they end, until all items have
/// their outcomes.
async fn run_all(database: &str, items: usize) -> Result<()> {
    let fal = MockServer::builder()
        .script(
            ENDPOINT,
            Script::new()
                .run(Duration::from_millis(300))
                .output(json!({"seed": 1})),
        )
        .webhooks(WebhookPolicy::fast(500, Duration::from_millis(200)))
        .start()
        .await?;
    let store = Store::new(database)?;
    store.migrate().await?;
    // A name that was used before would continue that batch.
    let batch = store.batch(format!("cluster-{}", std::process::id()));
    batch
        .create(
            &Limits::none()
                .concurrency(60)
                .rate_per_second(100.0)
                .budget(1_000.0, 0.01),
        )
        .await?;
    let inputs = (0..items).map(|number| {
        let key = format!("image {number}");
        NewItem::json(key.as_str(), ENDPOINT, json!({"prompt": key}))
    });
    let added = batch.add(inputs).await?;
    println!("{} items in the batch `{}`", added.new, batch.name());

    let receiver = free_address();
    let start = |role: &str| -> Result<Child> {
        let process = Command::new(std::env::current_exe()?)
            .args([database, role, &fal.url(), &receiver.to_string()])
            // When it is closed, the process stops.
            .stdin(Stdio::piped())
            .spawn()?;
        println!("{role}: process {}", process.id());
        Ok(process)
    };
    let mut processes = Vec::new();
    for role in ROLES {
        processes.push(start(role)?);
    }
    let mut rounds = 0;
    let progress = loop {
        tokio::time::sleep(Duration::from_millis(500)).await;
        for (role, process) in ROLES.iter().zip(&mut processes) {
            if process.try_wait()?.is_some() {
                println!("{role} has ended");
                *process = start(role)?;
            }
        }
        let progress = batch.progress().await?;
        rounds += 1;
        if rounds % 4 == 0 {
            println!("{}", describe(&progress));
        }
        // A webhook may still bring the outcome of an item that is unknown.
        let settled = progress.count("done") + progress.count("failed");
        if progress.remaining() == 0 && settled >= fal.jobs_created() {
            break progress;
        }
    };
    for process in &mut processes {
        drop(process.stdin.take());
        process.wait()?;
    }
    let mut jobs = BTreeMap::<_, u32>::new();
    for job in fal.jobs() {
        *jobs.entry(job.input).or_default() += 1;
    }
    let twice = jobs.values().filter(|count| **count > 1).count();
    println!("{}", describe(&progress));
    println!(
        "fal counted {} jobs; items paid for twice: {twice}",
        fal.jobs_created()
    );
    Ok(())
}

/// The work of a process. This is the part that a program of your own would have.
async fn take_role(database: &str, role: &str, fal: &str, address: SocketAddr) -> Result<()> {
    let fal = Client::builder().key("id:secret").base_url(fal).build()?;
    let store = Store::builder(database)
        .on_unavailable(|error| eprintln!("waiting: {error}"))
        .build()?;
    if role == "receiver" {
        let receiver = Receiver::new(Verifier::of(&fal), store.clone()).await?;
        let router = Router::new()
            .route("/fal", post(receive))
            .with_state(receiver);
        let listener = tokio::net::TcpListener::bind(address).await?;
        tokio::spawn(async move { axum::serve(listener, router).await });
        // The same process requests the outcomes that no webhook delivers.
        Reconciler::new(fal, store).run_until(stop()).await?;
        return Ok(());
    }
    Worker::new(fal, store)
        .webhook(format!("http://{address}/fal"))
        .lease(Duration::from_secs(5))
        .check_after(Duration::from_secs(20))
        .run_until(stop())
        .await?;
    Ok(())
}

async fn receive(
    State(receiver): State<Receiver>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let query = query.unwrap_or_default();
    let status = receiver.receive(&query, &headers, &body).await;
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Waits until the process that started this one closes the standard input, or ends.
async fn stop() {
    let (stopped, stop) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        let _ = stopped.send(());
    });
    let _ = stop.await;
}

fn describe(progress: &Progress) -> String {
    let states: Vec<String> = progress
        .states
        .iter()
        .map(|(state, items)| format!("{items} {state}"))
        .collect();
    format!("{}; spent {:.2}", states.join(", "), progress.spent)
}
