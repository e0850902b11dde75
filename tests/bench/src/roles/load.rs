//! Load on the server from a generator that costs next to nothing: fixed bytes over plain sockets.

use std::sync::Arc;

use futures_util::future::try_join_all;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

use super::{
    meter::{Meter, memory_mib},
    task::{ENDPOINT, KEY, Task, on_lanes},
};
use crate::Outcome;

/// How many connections are opened at a time.
const BURST: usize = 100;

pub async fn measure(task: &Task) -> Outcome {
    match task.name.as_str() {
        "run" => runs(task).await,
        "streams" => streams(task).await,
        _ => task.unknown(),
    }
}

/// Direct runs, one after the other on each of many connections.
async fn runs(task: &Task) -> Outcome {
    let (calls, lanes) = (task.count("calls"), task.count("at_once"));
    let address = address(task)?;
    let request: Arc<str> = request(&address, "POST", &format!("/run/{ENDPOINT}"), INPUT).into();
    let meter = Meter::start();
    let each = calls / lanes;
    on_lanes(lanes, || lane(address.clone(), Arc::clone(&request), each)).await?;
    Ok(meter.of_calls(each * lanes, 0))
}

async fn lane(address: String, request: Arc<str>, calls: usize) -> Outcome<()> {
    let mut socket = BufReader::new(TcpStream::connect(address).await?);
    for _ in 0..calls {
        socket.write_all(request.as_bytes()).await?;
        let (status, _) = reply(&mut socket).await?;
        if status != 200 {
            return Err(format!("a run ended with {status}").into());
        }
    }
    Ok(())
}

/// Status streams of as many jobs, all open at once; `server_pid` tells whose memory is read.
async fn streams(task: &Task) -> Outcome {
    let (count, address) = (task.count("count"), address(task)?);
    let server = task.count("server_pid").to_string();
    let held = || memory_mib(&server, "VmRSS:");
    let before = held();
    let mut open = Vec::with_capacity(count);
    while open.len() < count {
        let burst = BURST.min(count - open.len());
        open.extend(try_join_all((0..burst).map(|_| stream(&address))).await?);
    }
    Ok(json!({
        "streams": open.len(),
        "server_before_mib": before,
        "server_mib": held(),
    }))
}

/// A job that is held in the queue, and its stream, whose first event was read.
async fn stream(address: &str) -> Outcome<BufReader<TcpStream>> {
    let mut socket = BufReader::new(TcpStream::connect(address).await?);
    let submit = request(address, "POST", &format!("/queue/{ENDPOINT}"), HELD);
    socket.write_all(submit.as_bytes()).await?;
    let (_, body) = reply(&mut socket).await?;
    let job: Value = serde_json::from_slice(&body)?;
    let url = job["status_url"].as_str().ok_or("no status_url")?;
    let path = url.split_once(address).ok_or("a foreign status_url")?.1;
    let watch = request(address, "GET", &format!("{path}/stream"), "");
    socket.write_all(watch.as_bytes()).await?;
    let mut line = String::new();
    while !line.starts_with("data:") {
        line.clear();
        if socket.read_line(&mut line).await? == 0 {
            return Err("a status stream ended".into());
        }
    }
    Ok(socket)
}

const INPUT: &str = r#"{"prompt":"a walk","video_url":"https://example.com/walk.mp4"}"#;
const HELD: &str = r#"{"prompt":"a walk","__mock":{"hold":"queued"}}"#;

fn request(address: &str, method: &str, path: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Key {KEY}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

fn address(task: &Task) -> Outcome<String> {
    let address = task.base.strip_prefix("http://");
    Ok(address.ok_or("load is plain HTTP")?.to_owned())
}

/// The status and the body of a reply with a length.
async fn reply(socket: &mut BufReader<TcpStream>) -> Outcome<(u16, Vec<u8>)> {
    let (mut status, mut length, mut line) = (0, 0, String::new());
    loop {
        line.clear();
        if socket.read_line(&mut line).await? == 0 {
            return Err("the server hung up".into());
        }
        let text = line.trim_end();
        if text.is_empty() {
            break;
        }
        if let Some(rest) = text.strip_prefix("HTTP/1.1 ") {
            status = rest.get(..3).unwrap_or_default().parse()?;
        } else if let Some((name, value)) = text.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse()?;
        }
    }
    let mut body = vec![0; length];
    socket.read_exact(&mut body).await?;
    Ok((status, body))
}
