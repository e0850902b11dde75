//! Direct runs: the client's own cost of a call.

use super::{BARE, Context, Measurement, PEAK, Section, column, interleave};
use crate::Outcome;
use serde_json::json;

const CPU: super::Column = column("cpu_us", "CPU per call, µs");

/// How many times as many calls callers in Rust make: theirs are so short that a few thousand of them measure the noise.
const FAST: usize = 10;
/// How many calls a slow caller makes of every 1,000, which tell its cost.
const SHARES: [(&str, usize); 3] = [("Python", 250), ("JavaScript", 500), ("crate fal", 40)];

pub fn measure(context: &Context<'_>) -> Outcome<Vec<Section>> {
    Ok(vec![
        section(context, 1, context.full_or_quick(2_000, 500))?,
        section(context, 64, context.full_or_quick(6_400, 1_280))?,
    ])
}

fn section(context: &Context<'_>, at_once: usize, calls: usize) -> Outcome<Section> {
    let server = context.server(&json!({}))?;
    let measurements = measurements(context, server.tunnel(), at_once, calls);
    let rows = interleave(
        &server,
        &measurements,
        context.full_or_quick(5, 3),
        |_, _| (),
    )?;
    let title = match at_once {
        1 => "Direct runs, one after the other".to_owned(),
        _ => format!("Direct runs, {at_once} at once"),
    };
    let about = "POST an input, read the output: calls a second and the caller's own processor time for each. The ratio \
                 is to bare reqwest doing the same over the same transport.";
    let columns = [column("calls_per_second", "calls/s"), CPU, PEAK];
    Ok(Section::new(&title, about, &columns, rows).ratio_of(CPU))
}

fn measurements<'t>(
    context: &Context<'_>,
    tunnel: &str,
    at_once: usize,
    calls: usize,
) -> Vec<Measurement<'t>> {
    let tools = context.tools;
    let mut callers = Vec::from(tools.own());
    let peers = tools.official().into_iter().chain(tools.fal_crate(tunnel));
    callers.extend(peers.map(|caller| (caller, Some(BARE[1]))));
    let measurement = |(caller, against): (super::Caller, Option<&'static str>)| {
        let share = SHARES
            .iter()
            .find(|(name, _)| caller.name.starts_with(name));
        let calls = share.map_or(calls * FAST, |(_, share)| {
            (calls * share / 1_000).max(2 * at_once)
        });
        Measurement {
            ours: share.is_none(),
            caller,
            task: "run",
            options: json!({ "calls": calls, "at_once": at_once }),
            against,
        }
    };
    callers.into_iter().map(measurement).collect()
}
