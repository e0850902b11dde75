//! Waiting for many jobs at once: `cargo bench -p fal-tests --bench waiting`, alone or
//! followed by the name of a mix.
//!
//! Jobs of half a minute are simulated in a twentieth of their time, with the client's
//! intervals shortened likewise. Requests per job and processor time are what other
//! programs on the machine disturb least; the delay is the time from the end of a job to
//! its output.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use fal_mock::{MockServer, Script};
use fal_sdk::{Client, Endpoint, PollInterval};
use fal_tests::process::{cpu, peak_mib};
use fal_tests::sample::{ENDPOINT, KEY, output};
use fal_tests::served::{Served, arguments, until_ended};
use serde_json::{Value, json};

/// By how much faster than life the mixes of long jobs go.
const HASTE: u32 = 20;

/// Jobs that are all submitted at the same moment.
struct Mix {
    name: &'static str,
    jobs: u64,
    /// How many run at once.
    runners: u64,
    /// The shortest and the longest time that a job runs, in milliseconds.
    run_ms: (u64, u64),
    /// Whether it is simulated in less time.
    is_hasty: bool,
}

const MIXES: [Mix; 5] = [
    Mix {
        name: "many-short",
        jobs: 1_000,
        runners: u64::MAX,
        run_ms: (2_000, 2_000),
        is_hasty: false,
    },
    Mix {
        name: "few-runners",
        jobs: 400,
        runners: 40,
        run_ms: (30_000, 30_000),
        is_hasty: true,
    },
    Mix {
        name: "huge-batch",
        jobs: 10_000,
        runners: u64::MAX,
        run_ms: (2_000, 2_000),
        is_hasty: false,
    },
    Mix {
        name: "all-at-once",
        jobs: 1_000,
        runners: u64::MAX,
        run_ms: (20_000, 60_000),
        is_hasty: true,
    },
    Mix {
        name: "more-than-streams",
        jobs: 3_000,
        runners: u64::MAX,
        run_ms: (20_000, 60_000),
        is_hasty: true,
    },
];

#[tokio::main]
async fn main() {
    let arguments = arguments();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => serve().await,
        ["measure", name, http2] => measure(mix(name), http2 == "http2").await,
        [] => MIXES.iter().for_each(|mix| start(mix.name)),
        [name] if MIXES.iter().any(|mix| mix.name == name) => start(name),
        // Names of tests that `cargo test --benches` passes on, for one.
        _ => {}
    }
}

fn mix(name: &str) -> &'static Mix {
    MIXES.iter().find(|mix| mix.name == name).expect("a mix")
}

/// Serves until standard input ends; says where on standard output.
async fn serve() {
    let server = MockServer::builder()
        .script(ENDPOINT, Script::new().output(output()))
        .record_limit(0)
        .job_limit(12_000)
        .start()
        .await
        .unwrap();
    until_ended(&server.url()).await;
}

/// Measures a mix over both protocols, each in a process of its own.
fn start(name: &str) {
    for protocol in ["http1", "http2"] {
        let program = std::env::current_exe().unwrap();
        let status = std::process::Command::new(program)
            .args(["measure", name, protocol])
            .status();
        assert!(status.unwrap().success(), "{name} over {protocol}");
    }
}

async fn measure(mix: &'static Mix, http2: bool) {
    let served = Served::start(&["serve"]);
    let fal = client(mix, http2, &served.address);
    let endpoint = fal.endpoint(ENDPOINT).unwrap();
    let (cpu_before, started) = (cpu(), Instant::now());
    let jobs: Vec<_> = (0..mix.jobs)
        .map(|number| tokio::spawn(delay(endpoint.clone(), mix, number)))
        .collect();
    let mut delays = Vec::new();
    for job in jobs {
        delays.push(job.await.unwrap());
    }
    let (seconds, cpu) = (started.elapsed().as_secs_f64(), cpu() - cpu_before);
    delays.sort_unstable();
    let at = |share: usize| delays[(delays.len() - 1) * share / 100].as_millis();
    println!(
        "{} over {}: {:.2} requests per job, {:.2} CPU s, {seconds:.1} s, {} MiB, delay {} ms, 90 %: {} ms",
        mix.name,
        if http2 { "HTTP/2" } else { "HTTP/1.1" },
        requests(&served.address).await as f64 / mix.jobs as f64,
        cpu.as_secs_f64(),
        peak_mib(),
        at(50),
        at(90),
    );
    served.end();
}

fn client(mix: &Mix, http2: bool, url: &str) -> Client {
    let mut interval = PollInterval::default();
    if mix.is_hasty {
        interval.first /= HASTE;
        interval.longest /= HASTE;
        interval.beside_stream /= HASTE;
    }
    let builder = Client::builder()
        .key(KEY)
        .base_url(url)
        .poll_interval(interval);
    let builder = builder.http_client(move |builder| match http2 {
        true => builder.no_proxy().http2_prior_knowledge(),
        false => builder.no_proxy(),
    });
    builder.build().unwrap()
}

/// From the end of a job to its output.
async fn delay(endpoint: Endpoint, mix: &Mix, number: u64) -> Duration {
    let haste = if mix.is_hasty { u64::from(HASTE) } else { 1 };
    let (shortest, longest) = mix.run_ms;
    let run = (shortest + number * 7_919 % (longest - shortest + 1)) / haste;
    let rounds = number / mix.runners;
    let positions: Vec<u64> = (0..rounds)
        .map(|round| number - round * mix.runners)
        .collect();
    let script = json!({ "queue_positions": positions, "queue_step_ms": run, "run_ms": run });
    let accepted = Arc::new(Mutex::new(None));
    let when = Arc::clone(&accepted);
    let output: Value = endpoint
        .subscribe(json!({ "prompt": "a", "__mock": script }))
        .on_update(move |_| {
            when.lock().unwrap().get_or_insert_with(Instant::now);
        })
        .await
        .unwrap();
    assert_eq!(output["seed"], 42);
    let accepted = accepted.lock().unwrap().expect("an update");
    accepted
        .elapsed()
        .saturating_sub(Duration::from_millis(run * (rounds + 1)))
}

/// How many requests the server got, apart from this one.
async fn requests(url: &str) -> u64 {
    let reply = reqwest::get(format!("{url}/__mock/counters")).await;
    let counters: Value = serde_json::from_str(&reply.unwrap().text().await.unwrap()).unwrap();
    counters["total"].as_u64().unwrap().saturating_sub(1)
}
