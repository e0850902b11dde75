//! What the runtime costs: `cargo bench -p fal-tests --bench runtime`.
//!
//! The server is a child process, so that memory and processor time are the
//! client's alone. Comparisons are interleaved; read ratios, not times.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fal_mock::{MockServer, Script};
use fal_sdk::{Client, StatusMode};
use fal_tests::process::{cpu, peak_mib};
use fal_tests::sample::{ENDPOINT, KEY, SampleInput, output};

const LIMIT_OF_STREAMS: u32 = 100;

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", run_ms] => runtime.block_on(serve(run_ms.parse().unwrap())),
        ["many", count, tls] => runtime.block_on(many(count.parse().unwrap(), tls == "tls")),
        ["cpu"] => runtime.block_on(cpu_of_runs()),
        [] => runtime.block_on(all()),
        // Names of tests that `cargo test --benches` passes on, for one.
        _ => {}
    }
}

async fn all() {
    encode();
    cpu_of_runs().await;
    notice(StatusMode::Stream).await;
    notice(StatusMode::Poll).await;
    for (count, tls) in [
        ("1000", "plain"),
        ("1000", "tls"),
        ("10000", "plain"),
        ("10000", "tls"),
    ] {
        // A process for each: memory is measured at its highest.
        let this = std::env::current_exe().unwrap();
        Command::new(this)
            .args(["many", count, tls])
            .status()
            .unwrap();
    }
}

/// Serves until standard input ends; says where on standard output.
async fn serve(run_ms: u64) {
    let script = Script::new()
        .output(output())
        .run(Duration::from_millis(run_ms));
    let server = MockServer::builder()
        .script(ENDPOINT, script)
        .record_limit(0)
        .tls()
        .max_concurrent_streams(LIMIT_OF_STREAMS)
        .start()
        .await
        .unwrap();
    println!("{}", server.address());
    println!(
        "{}",
        serde_json::to_string(server.ca_pem().unwrap()).unwrap()
    );
    std::io::stdout().flush().unwrap();
    let ended = tokio::task::spawn_blocking(|| std::io::stdin().read_line(&mut String::new()));
    ended.await.unwrap().unwrap();
    println!("{}", server.jobs_created());
}

struct Served {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
    address: String,
    pem: String,
}

impl Served {
    fn start(run_ms: u64) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["serve", &run_ms.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut line = || {
            let mut line = String::new();
            lines.read_line(&mut line).unwrap();
            line.trim().to_owned()
        };
        let (address, pem) = (line(), serde_json::from_str(&line()).unwrap());
        Self {
            child,
            lines,
            address,
            pem,
        }
    }

    fn client(&self, tls: bool) -> Client {
        let builder = Client::builder().key(KEY);
        if !tls {
            return builder
                .base_url(format!("http://{}", self.address))
                .build()
                .unwrap();
        }
        let pem = self.pem.clone();
        builder
            .base_url(format!("https://{}", self.address))
            .http_client(move |builder| {
                let certificate = reqwest::Certificate::from_pem(pem.as_bytes()).unwrap();
                builder.tls_certs_only([certificate])
            })
            .build()
            .unwrap()
    }

    /// How many jobs there were.
    fn end(mut self) -> u64 {
        drop(self.child.stdin.take());
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        self.child.wait().unwrap();
        line.trim().parse().unwrap()
    }
}

fn encode() {
    let input = SampleInput::new("A confident woman strides down a street at night");
    let started = Instant::now();
    const TIMES: u32 = 200_000;
    for _ in 0..TIMES {
        std::hint::black_box(serde_json::to_vec(std::hint::black_box(&input)).unwrap());
    }
    println!("encode an input: {:?}", started.elapsed() / TIMES);
}

/// A run through the library, and the same POST through reqwest, taking turns.
async fn cpu_of_runs() {
    const ROUNDS: usize = 10;
    const CALLS: usize = 1_000;
    let served = Served::start(0);
    let fal = served.client(false);
    let bare = reqwest::Client::new();
    let url = format!("http://{}/run/{ENDPOINT}", served.address);
    let (mut ours, mut theirs) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..ROUNDS {
        let before = cpu();
        for _ in 0..CALLS {
            fal.run(SampleInput::new("a")).await.unwrap();
        }
        let between = cpu();
        for _ in 0..CALLS {
            bare_run(&bare, &url).await;
        }
        ours += between - before;
        theirs += cpu() - between;
    }
    served.end();
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    let calls = u32::try_from(ROUNDS * CALLS).unwrap();
    println!(
        "cpu of a run: {:?}, bare reqwest {:?}: {ratio:.2}x",
        ours / calls,
        theirs / calls
    );
}

async fn bare_run(client: &reqwest::Client, url: &str) {
    let body = serde_json::to_vec(&SampleInput::new("a")).unwrap();
    let reply = client
        .post(url)
        .header("authorization", format!("Key {KEY}"))
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await
        .unwrap();
    let value: serde_json::Value = serde_json::from_slice(&reply.bytes().await.unwrap()).unwrap();
    assert_eq!(value["seed"], 42);
}

/// How long after its end the caller knows of a job that runs for a known time.
async fn notice(mode: StatusMode) {
    const JOBS: usize = 60;
    const RUN: Duration = Duration::from_millis(200);
    let served = Served::start(200);
    let fal = served.client(false);
    let mut delays = Vec::new();
    for _ in 0..JOBS {
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        fal.subscribe(SampleInput::new("a"))
            .status_mode(mode)
            .on_update(move |update| {
                let _ = tell.send((Instant::now(), update.status.is_completed()));
            })
            .await
            .unwrap();
        let (accepted, _) = told.recv().await.unwrap();
        while let Some((at, is_completed)) = told.recv().await {
            if is_completed {
                delays.push((at - accepted).saturating_sub(RUN));
            }
        }
    }
    served.end();
    delays.sort();
    println!(
        "from completion to notice, {mode:?}: median {:?}, p99 {:?}",
        delays[JOBS / 2],
        delays[JOBS * 99 / 100]
    );
}

/// Jobs of 2 s that are all waited for at once.
async fn many(count: usize, tls: bool) {
    let served = Served::start(2_000);
    let fal = served.client(tls);
    let started = Instant::now();
    let before = cpu();
    let jobs: Vec<_> = (0..count)
        .map(|_| tokio::spawn(fal.subscribe(SampleInput::new("a")).into_future()))
        .collect();
    let mut failures = 0;
    for job in jobs {
        failures += usize::from(job.await.unwrap().is_err());
    }
    let (took, cpu) = (started.elapsed(), cpu() - before);
    let made = served.end();
    let way = if tls {
        "TLS, HTTP/2, 100 streams"
    } else {
        "plain HTTP"
    };
    println!(
        "{count} jobs of 2 s over {way}: {took:.2?}, cpu {cpu:.2?}, at most {} MiB, {failures} failures, {made} jobs made",
        peak_mib()
    );
}
