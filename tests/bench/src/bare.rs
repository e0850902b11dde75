//! The same requests through `reqwest` alone: what a client of fal can cost at least.

use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;

use crate::{
    Outcome,
    meter::Meter,
    sdk::input,
    task::{ENDPOINT, KEY, Task},
};

pub async fn measure(task: &Task) -> Outcome {
    let client = client(task)?;
    match task.name.as_str() {
        "run" => runs(task, &client).await,
        "upload" => upload(task, &client).await,
        "download" => download(task, &client).await,
        _ => task.unknown(),
    }
}

fn client(task: &Task) -> Outcome<reqwest::Client> {
    let mut builder = reqwest::Client::builder().no_proxy();
    if let Some(ca) = &task.ca {
        builder = builder.tls_certs_only([reqwest::Certificate::from_pem(ca)?]);
    }
    Ok(builder.build()?)
}

async fn runs(task: &Task, client: &reqwest::Client) -> Outcome {
    let (calls, lanes) = (task.count("calls"), task.count("at_once"));
    let url = format!("{}/run/{ENDPOINT}", task.base);
    run(client, &url).await?;
    let meter = Meter::start();
    let lane = |_| {
        let (client, url) = (client.clone(), url.clone());
        tokio::spawn(async move {
            for _ in 0..calls / lanes {
                run(&client, &url).await?;
            }
            Outcome::Ok(())
        })
    };
    for lane in (0..lanes).map(lane).collect::<Vec<_>>() {
        lane.await??;
    }
    Ok(meter.of_calls(calls / lanes * lanes, 0))
}

async fn run(client: &reqwest::Client, url: &str) -> Outcome<()> {
    let request = client
        .post(url)
        .header("authorization", format!("Key {KEY}"))
        .header("content-type", "application/json")
        .body(serde_json::to_vec(&input())?);
    let reply = request.send().await?.error_for_status()?;
    let output: Value = serde_json::from_slice(&reply.bytes().await?)?;
    match output["seed"].as_i64() {
        Some(42) => Ok(()),
        _ => Err(format!("an unexpected output: {output}").into()),
    }
}

async fn upload(task: &Task, client: &reqwest::Client) -> Outcome {
    let meter = Meter::start();
    let url = format!(
        "{}/rest/storage/upload/initiate?storage_type=fal-cdn-v3",
        task.base
    );
    let request = client
        .post(url)
        .header("authorization", format!("Key {KEY}"))
        .header("content-type", "application/json")
        .body(json!({ "content_type": "video/mp4", "file_name": "a.mp4" }).to_string());
    let reply = request.send().await?.error_for_status()?.bytes().await?;
    let begun: Value = serde_json::from_slice(&reply)?;
    let file = tokio::fs::File::open(task.text("file")?).await?;
    let length = file.metadata().await?.len();
    let request = client
        .put(begun["upload_url"].as_str().ok_or("no upload_url")?)
        .header("content-type", "video/mp4")
        .header("content-length", length)
        .body(file);
    request.send().await?.error_for_status()?.bytes().await?;
    let mut measured = meter.of_bytes(length);
    measured["url"] = begun["file_url"].clone();
    Ok(measured)
}

async fn download(task: &Task, client: &reqwest::Client) -> Outcome {
    let meter = Meter::start();
    let reply = client
        .get(task.text("url")?)
        .send()
        .await?
        .error_for_status()?;
    let mut file = tokio::fs::File::create(task.text("to")?).await?;
    let (mut chunks, mut length) = (reply.bytes_stream(), 0);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        length += chunk.len() as u64;
        file.write_all(&chunk).await?;
    }
    file.flush().await?;
    Ok(meter.of_bytes(length))
}
