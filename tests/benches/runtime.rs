//! What the runtime costs: `cargo bench -p fal-tests --bench runtime`.
//!
//! The server is a child process, so that memory and processor time are the
//! client's alone. Comparisons are interleaved; read ratios, not times. How it does
//! beside other clients, and with thousands of jobs, is `cargo xtask bench`.
//!
//! `serve` alone starts the server, and `calls ours URL 600` and `calls bare URL 600` make
//! nothing but calls, for a program that counts instructions (`valgrind
//! --tool=callgrind`): what 600 calls take more than 100 is what 500 cost.

use std::time::{Duration, Instant};

use fal_mock::{MockServer, Script};
use fal_sdk::Client;
use fal_tests::process::cpu;
use fal_tests::sample::{ENDPOINT, KEY, SampleInput, output};
use fal_tests::served::{Served, arguments, until_ended};

#[tokio::main]
async fn main() {
    let arguments = arguments();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => serve().await,
        ["calls", who, url, count] => {
            let calls = Calls::new(url);
            for _ in 0..count.parse::<usize>().expect("a number of calls") {
                match who {
                    "ours" => calls.ours().await,
                    _ => calls.bare().await,
                }
            }
        }
        [] => all().await,
        // Names of tests that `cargo test --benches` passes on, for one.
        _ => {}
    }
}

async fn all() {
    encode();
    cpu_of_runs().await;
}

/// Serves until standard input ends; says where on standard output.
async fn serve() {
    let script = Script::new().output(output());
    let server = MockServer::builder()
        .script(ENDPOINT, script)
        .record_limit(0)
        .start()
        .await
        .unwrap();
    until_ended(&server.url()).await;
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
    let served = Served::start(&["serve"]);
    let calls = Calls::new(&served.address);
    let (mut ours, mut theirs) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..ROUNDS {
        let before = cpu();
        for _ in 0..CALLS {
            calls.ours().await;
        }
        let between = cpu();
        for _ in 0..CALLS {
            calls.bare().await;
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

/// The same call in two ways.
struct Calls {
    fal: Client,
    bare: reqwest::Client,
    url: String,
}

impl Calls {
    fn new(address: &str) -> Self {
        Self {
            fal: Client::builder()
                .key(KEY)
                .base_url(address)
                .build()
                .unwrap(),
            bare: reqwest::Client::new(),
            url: format!("{address}/run/{ENDPOINT}"),
        }
    }

    async fn ours(&self) {
        self.fal.run(SampleInput::new("a")).await.unwrap();
    }

    async fn bare(&self) {
        let body = serde_json::to_vec(&SampleInput::new("a")).unwrap();
        let reply = self
            .bare
            .post(&self.url)
            .header("authorization", format!("Key {KEY}"))
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await
            .unwrap();
        let value: serde_json::Value =
            serde_json::from_slice(&reply.bytes().await.unwrap()).unwrap();
        assert_eq!(value["seed"], 42);
    }
}
