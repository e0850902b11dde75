//! The same requests through `reqwest` alone: what a client of fal can cost at least.

use futures_util::{Stream, StreamExt as _, stream};
use serde_json::{Value, json};
use tokio::{
    fs::File,
    io::{AsyncReadExt as _, AsyncWriteExt as _, BufWriter},
};

use super::{
    meter::Meter,
    sdk::input,
    task::{ENDPOINT, KEY, Task, on_lanes},
};
use crate::Outcome;

/// How much is read or written at a time, in bytes.
const PIECE: usize = 256 << 10;

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
    let lane = || {
        let (client, url) = (client.clone(), url.clone());
        async move {
            for _ in 0..calls / lanes {
                run(&client, &url).await?;
            }
            Ok(())
        }
    };
    on_lanes(lanes, lane).await?;
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
    let file = File::open(task.text("file")?).await?;
    let length = file.metadata().await?.len();
    let request = client
        .put(begun["upload_url"].as_str().ok_or("no upload_url")?)
        .header("content-type", "video/mp4")
        .header("content-length", length)
        .body(reqwest::Body::wrap_stream(pieces(file)));
    request.send().await?.error_for_status()?.bytes().await?;
    let mut measured = meter.of_bytes(length);
    measured["url"] = begun["file_url"].clone();
    Ok(measured)
}

/// A file in pieces that are large enough for reading them to cost little.
fn pieces(file: File) -> impl Stream<Item = std::io::Result<Vec<u8>>> {
    stream::try_unfold(file, |mut file| async move {
        let mut piece = Vec::with_capacity(PIECE);
        let read = (&mut file)
            .take(PIECE as u64)
            .read_to_end(&mut piece)
            .await?;
        Ok((read > 0).then_some((piece, file)))
    })
}

async fn download(task: &Task, client: &reqwest::Client) -> Outcome {
    let target = task.target()?;
    let meter = Meter::start();
    let reply = client
        .get(task.text("url")?)
        .send()
        .await?
        .error_for_status()?;
    let file = File::create(target).await?;
    let mut file = BufWriter::with_capacity(PIECE, file);
    let (mut chunks, mut length) = (reply.bytes_stream(), 0);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        length += chunk.len() as u64;
        file.write_all(&chunk).await?;
    }
    file.flush().await?;
    Ok(meter.of_bytes(length))
}
