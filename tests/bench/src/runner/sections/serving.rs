//! What fal-mock can take, so that it is never what limits a client.

use super::{Context, Row, Section, column};
use crate::Outcome;
use serde_json::json;

const STREAMS: usize = 10_000;
const LANES: usize = 64;

pub fn measure(context: &Context<'_>) -> Outcome<Vec<Section>> {
    Ok(vec![runs(context)?, streams(context)?])
}

fn runs(context: &Context<'_>) -> Outcome<Section> {
    let load = context.tools.role("fal-mock", "load", false);
    let calls = context.full_or_quick(100_000, 40_000);
    let mut row = Row::new(&load.name, None);
    for _ in 0..context.full_or_quick(5, 3) {
        let server = context.server(&json!({}))?;
        let options = json!({ "calls": calls, "at_once": LANES });
        let mut figures = load.call(&server, "run", options)?;
        let server = server.end();
        let cpu = server
            .get("cpu_seconds")
            .and_then(serde_json::Value::as_f64);
        let each = cpu.map(|cpu| cpu * 1e6 / calls as f64);
        figures.insert("server_cpu_us".to_owned(), json!(each));
        row.rounds.push(figures);
    }
    let about = "Direct runs over 64 connections of a generator that sends fixed bytes and reads lengths, on the same \
                 machine as the server.";
    let columns = [
        column("calls_per_second", "runs/s"),
        column("server_cpu_us", "server's CPU per run, µs"),
        column("cpu_us", "generator's CPU per run, µs"),
    ];
    Ok(Section::new(
        "What fal-mock serves",
        about,
        &columns,
        vec![row],
    ))
}

fn streams(context: &Context<'_>) -> Outcome<Section> {
    let load = context.tools.role("fal-mock", "load", false);
    let server = context.server(&json!({}))?;
    let options = json!({ "count": STREAMS, "server_pid": server.pid() });
    let mut row = Row::new(&load.name, None);
    match load.call(&server, "streams", options) {
        Ok(figures) => row.rounds.push(figures),
        // Twice as many files are open as a process may have by default on some systems.
        Err(why) => row.failure = Some(format!("{why}; does `ulimit -n` allow 10,000 files?")),
    }
    let about = "Status streams of jobs held in the queue, all open at once, each with its first event read.";
    let columns = [
        column("streams", "open streams"),
        column("server_before_mib", "server before, MiB"),
        column("server_mib", "server with them, MiB"),
    ];
    Ok(Section::new(
        "What fal-mock holds",
        about,
        &columns,
        vec![row],
    ))
}
