//! The tasks of `cargo xtask bench` through the crate `fal`, as its documentation uses it: a request at a time.
//!
//! Its hosts are fixed in its source; a proxy in `HTTPS_PROXY` leads them to the server, whose certificate is trusted
//! through `SSL_CERT_FILE`.

#[path = "../../../src/roles/meter.rs"]
#[allow(dead_code)]
mod meter;

use std::time::{Duration, Instant};

use fal::{queue::Status, request::FalRequest};
use futures_util::{StreamExt as _, pin_mut};
use meter::Meter;
use serde_json::{Value, json};

type Outcome<T = Value> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const ENDPOINT: &str = "fal-ai/wan-22-vace-fun-a14b/depth";

fn main() -> Outcome<()> {
    let options: Value = serde_json::from_str(&std::env::args().nth(2).unwrap_or_default())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let line = runtime.block_on(async {
        match options["task"].as_str() {
            Some("run") => runs(&options).await,
            Some("notice") => notice(&options).await,
            Some("many") => many(&options).await,
            _ => Err("no such task".into()),
        }
    })?;
    println!("{line}");
    Ok(())
}

fn count(options: &Value, name: &str) -> usize {
    usize::try_from(options[name].as_u64().unwrap_or(1)).unwrap_or(1)
}

fn request(input: Value) -> FalRequest<Value, Value> {
    FalRequest::new(ENDPOINT, input).with_api_key("bench:0123456789abcdef")
}

fn input() -> Value {
    json!({ "prompt": "a walk", "video_url": "https://example.com/walk.mp4" })
}

async fn run() -> Outcome<()> {
    let output = request(input()).send().await?;
    match output["seed"].as_i64() {
        Some(42) => Ok(()),
        _ => Err(format!("an unexpected output: {output}").into()),
    }
}

async fn runs(options: &Value) -> Outcome {
    let (calls, lanes) = (count(options, "calls"), count(options, "at_once"));
    run().await?;
    let meter = Meter::start();
    let lane = |_| {
        tokio::spawn(async move {
            for _ in 0..calls / lanes {
                run().await?;
            }
            Outcome::Ok(())
        })
    };
    for lane in (0..lanes).map(lane).collect::<Vec<_>>() {
        lane.await??;
    }
    Ok(meter.of_calls(calls / lanes * lanes, 0))
}

/// Submit, the status stream to its end, the result; and when the job was accepted.
async fn subscribe(input: Value) -> Outcome<Instant> {
    let job = request(input).queue().await?;
    let accepted = Instant::now();
    let updates = job.stream(false).await?;
    pin_mut!(updates);
    while let Some(update) = updates.next().await {
        if update?.status == Status::Completed {
            break;
        }
    }
    job.response().await?;
    Ok(accepted)
}

async fn notice(options: &Value) -> Outcome {
    let mut found = Vec::new();
    for run in options["run_ms"].as_array().into_iter().flatten() {
        let run = run.as_u64().unwrap_or_default();
        let mut input = input();
        input["__mock"] = json!({ "run_ms": run });
        let accepted = subscribe(input).await?;
        let delay = accepted.elapsed().saturating_sub(Duration::from_millis(run));
        found.push(delay.as_secs_f64() * 1e3);
    }
    found.sort_by(f64::total_cmp);
    let at = |share: usize| found.get(found.len().saturating_sub(1) * share / 100);
    Ok(json!({ "notice_ms": at(50), "notice_p90_ms": at(90), "jobs": found.len() }))
}

async fn many(options: &Value) -> Outcome {
    let count = count(options, "count");
    let meter = Meter::start();
    let jobs: Vec<_> = (0..count).map(|_| tokio::spawn(subscribe(input()))).collect();
    let mut failures = 0;
    for job in jobs {
        failures += usize::from(job.await?.is_err());
    }
    Ok(meter.of_calls(count, failures))
}
