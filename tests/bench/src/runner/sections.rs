//! The sections of the benchmarks.

mod generators;
pub mod instructions;
mod runs;
mod serving;
mod transfer;
mod waiting;

use super::{
    caller::{Caller, Figures},
    goal::{Bound, Goal},
    report::{Column, Row, Section},
    server::Server,
    tools::{BARE, OURS, Tools},
};
use crate::Outcome;
use serde_json::Value;
use tokio::runtime::Runtime;

/// What every section needs.
pub struct Context<'s> {
    pub tools: &'s Tools,
    pub runtime: &'s Runtime,
    pub quick: bool,
}

impl<'s> Context<'s> {
    fn server(&self, options: &Value) -> Outcome<Server<'s>> {
        Server::start(self.tools, self.runtime, options)
    }

    /// The first value in a full run, the second in a quick one.
    fn full_or_quick<T>(&self, full: T, quick: T) -> T {
        if self.quick { quick } else { full }
    }
}

type Measure = fn(&Context<'_>) -> Outcome<Vec<Section>>;

/// The sections, in the order in which they are measured.
pub const ALL: [(&str, Measure); 7] = [
    ("runs", runs::measure),
    ("notice", waiting::notice),
    ("many", waiting::many),
    ("transfer", transfer::measure),
    ("server", serving::measure),
    ("generators", generators::measure),
    ("instructions", instructions::measure),
];

/// The names of the sections.
pub fn names() -> [&'static str; 7] {
    ALL.map(|(name, _)| name)
}

const fn column(key: &'static str, label: &'static str) -> Column {
    Column { key, label }
}

const PEAK: Column = column("peak_mib", "peak memory, MiB");
const CPU_SECONDS: Column = column("cpu_seconds", "CPU, s");
const SECONDS: Column = column("seconds", "time, s");

/// A caller, its task, and the row that it is compared with.
struct Measurement<'t> {
    caller: Caller,
    task: &'t str,
    options: Value,
    against: Option<&'t str>,
    /// Whether a failure of this caller ends the run.
    ours: bool,
}

/// Lets all callers do their tasks in turn, `rounds` times; one that fails is not called again.
fn interleave(
    server: &Server<'_>,
    measurements: &[Measurement<'_>],
    rounds: usize,
    counted: impl Fn(&mut Figures, (u64, u64)),
) -> Outcome<Vec<Row>> {
    let mut rows: Vec<Row> = measurements
        .iter()
        .map(|measurement| Row::new(&measurement.caller.name, measurement.against))
        .collect();
    for round in 0..rounds {
        for (measurement, row) in measurements.iter().zip(&mut rows) {
            if row.failure.is_some() {
                continue;
            }
            eprintln!("  round {}: {}", round + 1, measurement.caller.name);
            let before = server.counters()?;
            match measurement
                .caller
                .call(server, measurement.task, measurement.options.clone())
            {
                Ok(mut figures) => {
                    let after = server.counters()?;
                    counted(&mut figures, (after.0 - before.0, after.1 - before.1));
                    row.rounds.push(figures);
                }
                Err(why) if measurement.ours => {
                    return Err(format!("{}: {why}", measurement.caller.name).into());
                }
                Err(why) => row.failure = Some(why),
            }
        }
    }
    Ok(rows)
}
