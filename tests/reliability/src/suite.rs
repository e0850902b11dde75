//! Runs rows, many at a time: most of their time goes by in waiting.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::row::{Expected, Observation, Row};
use crate::setup::Transport;
use crate::{operations, points};

/// How many rows are under way at a time. More would take so much of a small machine
/// that limits on time pass by themselves.
const AT_ONCE: usize = 12;

/// Longer than any limit of any row: nothing waits for ever.
const AGES: Duration = Duration::from_secs(180);

/// A row that was run.
#[derive(Debug, Clone)]
pub struct Line {
    /// The part of the table.
    pub section: &'static str,
    /// The fault.
    pub fault: String,
    /// What met it.
    pub operation: &'static str,
    /// Over what.
    pub transport: Transport,
    /// What had to be seen.
    pub expected: Expected,
    /// What was seen.
    pub seen: Observation,
}

impl Line {
    /// How what was seen differs from what was expected, a line for each difference.
    pub fn differences(&self) -> Vec<String> {
        let transport = self.transport.name();
        let name = format!("{} × {}, {transport}", self.fault, self.operation);
        let differences = self.expected.differences(&self.seen).into_iter();
        differences
            .map(|difference| format!("{name}: {difference}"))
            .collect()
    }
}

/// All rows of a transport.
pub fn rows(transport: Transport) -> Vec<Row> {
    let mut rows = operations::rows(transport);
    rows.extend(points::rows(transport));
    rows
}

/// Runs all rows of a transport; they keep their order.
pub async fn run(transport: Transport) -> Vec<Line> {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    for (place, row) in rows(transport).into_iter().enumerate() {
        let slots = Arc::clone(&slots);
        running.spawn(async move {
            let _slot = slots.acquire_owned().await.expect("it is never closed");
            (place, run_row(transport, row).await)
        });
    }
    let mut lines: Vec<(usize, Line)> = running.join_all().await;
    lines.sort_by_key(|(place, _)| *place);
    lines.into_iter().map(|(_, line)| line).collect()
}

async fn run_row(transport: Transport, row: Row) -> Line {
    let seen = tokio::time::timeout(AGES, row.run).await;
    let seen = seen.unwrap_or_else(|_| Observation {
        outcome: "still waiting".to_owned(),
        submits: 0,
        jobs: 0,
        duplicated: 0,
        lost: 0,
        seconds: AGES.as_secs_f64(),
        words: String::new(),
        broken: vec!["it ends".to_owned()],
    });
    Line {
        section: row.section,
        fault: row.fault,
        operation: row.operation,
        transport,
        expected: row.expected,
        seen,
    }
}
