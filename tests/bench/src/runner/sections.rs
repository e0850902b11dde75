//! What is measured.

mod generators;
mod runs;
mod serving;
mod transfer;
mod waiting;

use super::{
    caller::{Caller, Figures},
    report::{Column, Row, Section},
    server::Server,
    tools::Tools,
};
use crate::Outcome;
use serde_json::Value;
use tokio::runtime::Runtime;

/// What every section has.
pub struct Setting<'s> {
    pub tools: &'s Tools,
    pub runtime: &'s Runtime,
    pub quick: bool,
}

impl<'s> Setting<'s> {
    fn server(&self, options: &Value) -> Outcome<Server<'s>> {
        Server::start(self.tools, self.runtime, options)
    }

    /// This where there is time, that where it is short.
    fn pick<T>(&self, full: T, quick: T) -> T {
        if self.quick { quick } else { full }
    }
}

type Measure = fn(&Setting<'_>) -> Outcome<Vec<Section>>;

/// The names of the sections.
pub const NAMES: [&str; 6] = ["runs", "notice", "many", "transfer", "server", "generators"];

/// The sections, in the order in which they are measured.
pub const ALL: [(&str, Measure); 6] = [
    (NAMES[0], runs::measure),
    (NAMES[1], waiting::notice),
    (NAMES[2], waiting::many),
    (NAMES[3], transfer::measure),
    (NAMES[4], serving::measure),
    (NAMES[5], generators::measure),
];

const fn column(key: &'static str, label: &'static str) -> Column {
    Column { key, label }
}

const PEAK: Column = column("peak_mib", "peak memory, MiB");
const CPU_SECONDS: Column = column("cpu_seconds", "CPU, s");
const SECONDS: Column = column("seconds", "time, s");

/// A caller, its task, and the row that it is compared with.
struct Ask<'t> {
    caller: Caller,
    task: &'t str,
    options: Value,
    against: Option<&'t str>,
    /// Without its figures the measurement is worth nothing.
    ours: bool,
}

/// Lets everybody do their task in turn, `rounds` times; one that fails is not asked again.
fn interleave(
    server: &Server<'_>,
    asks: &[Ask<'_>],
    rounds: usize,
    counted: impl Fn(&mut Figures, (u64, u64)),
) -> Outcome<Vec<Row>> {
    let mut rows: Vec<Row> = asks
        .iter()
        .map(|ask| Row::new(&ask.caller.name, ask.against))
        .collect();
    for round in 0..rounds {
        for (ask, row) in asks.iter().zip(&mut rows) {
            if row.failure.is_some() {
                continue;
            }
            eprintln!("  round {}: {}", round + 1, ask.caller.name);
            let before = server.counters()?;
            match ask.caller.call(server, ask.task, ask.options.clone()) {
                Ok(mut figures) => {
                    let after = server.counters()?;
                    counted(&mut figures, (after.0 - before.0, after.1 - before.1));
                    row.rounds.push(figures);
                }
                Err(why) if ask.ours => {
                    return Err(format!("{}: {why}", ask.caller.name).into());
                }
                Err(why) => row.failure = Some(why),
            }
        }
    }
    Ok(rows)
}
