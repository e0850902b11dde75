//! The tasks through `fal-sdk`.

use std::time::{Duration, Instant};

use fal_sdk::endpoints::fal_ai::wan_22_vace_fun_a14b::depth::DepthInput;
use fal_sdk::{Client, StatusMode};
use tokio::sync::mpsc;

use super::{
    meter::Meter,
    task::{ENDPOINT, KEY, Task, delays, on_lanes, timed_input},
};
use crate::Outcome;

pub async fn measure(task: &Task) -> Outcome {
    let client = client(task)?;
    match task.name.as_str() {
        "run" => runs(task, &client).await,
        "notice" => notice(task, &client, StatusMode::Stream).await,
        "notice_polling" => notice(task, &client, StatusMode::Poll).await,
        "many" => many(task, &client).await,
        "upload" => upload(task, &client).await,
        "download" => download(task, &client).await,
        _ => task.unknown(),
    }
}

/// The input that all callers send.
pub fn input() -> DepthInput {
    DepthInput::new("a walk", "https://example.com/walk.mp4")
}

fn client(task: &Task) -> Outcome<Client> {
    let builder = Client::builder().key(KEY).base_url(&task.base);
    let certificate = task.ca.as_deref().map(reqwest::Certificate::from_pem);
    let certificate = certificate.transpose()?;
    let builder = builder.http_client(move |builder| {
        let builder = builder.no_proxy();
        match certificate.clone() {
            Some(certificate) => builder.tls_certs_only([certificate]),
            None => builder,
        }
    });
    Ok(builder.build()?)
}

async fn runs(task: &Task, client: &Client) -> Outcome {
    let (calls, lanes) = (task.count("calls"), task.count("at_once"));
    client.run(input()).await?;
    let meter = Meter::start();
    let lane = || {
        let client = client.clone();
        async move {
            for _ in 0..calls / lanes {
                client.run(input()).await?;
            }
            Ok(())
        }
    };
    on_lanes(lanes, lane).await?;
    Ok(meter.of_calls(calls / lanes * lanes, 0))
}

/// From the end of a job, whose run time is known, to its output in the caller's hands.
async fn notice(task: &Task, client: &Client, mode: StatusMode) -> Outcome {
    let endpoint = client.endpoint(ENDPOINT)?;
    let mut found = Vec::new();
    for run in task.run_times() {
        let (tell, mut told) = mpsc::unbounded_channel();
        endpoint
            .subscribe(timed_input(run))
            .status_mode(mode)
            .on_update(move |_| {
                let _ = tell.send(Instant::now());
            })
            .await?;
        let ended = Instant::now();
        let accepted = told.recv().await.ok_or("no update came")?;
        found.push((ended - accepted).saturating_sub(run));
    }
    Ok(delays(found))
}

/// Jobs that are all waited for at once.
async fn many(task: &Task, client: &Client) -> Outcome {
    let count = task.count("count");
    let meter = Meter::start();
    let spawn = |_| tokio::spawn(client.subscribe(input()).into_future());
    let mut failures = 0;
    for job in (0..count).map(spawn).collect::<Vec<_>>() {
        if let Err(error) = job.await? {
            failures += 1;
            if failures == 1 {
                eprintln!("{error}");
            }
        }
    }
    Ok(meter.of_calls(count, failures))
}

async fn upload(task: &Task, client: &Client) -> Outcome {
    let path = task.text("file")?;
    let length = tokio::fs::metadata(path).await?.len();
    let meter = Meter::start();
    client.storage().upload_file(path).await?;
    Ok(meter.of_bytes(length))
}

async fn download(task: &Task, client: &Client) -> Outcome {
    let target = task.target()?;
    let meter = Meter::start();
    let request = client
        .download(task.text("url")?)
        .max_size(u64::MAX)
        .timeout(Duration::from_secs(600));
    let length = request.to_path(target).await?;
    Ok(meter.of_bytes(length))
}
