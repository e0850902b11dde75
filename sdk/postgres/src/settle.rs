//! Records the outcomes of items in groups: many tasks report outcomes, and one statement records
//! all that have arrived in the meantime.

mod columns;

use std::time::Duration;

use serde_json::{Map, Value};
use tokio::sync::{mpsc, oneshot};

use self::columns::Columns;
use crate::error::{Error, ErrorKind, Result};
use crate::store::Store;

/// The largest number of reports that one statement records.
const GROUP: usize = 256;
/// The largest size of the JSON in one statement, unless a single report has more.
const GROUP_BYTES: usize = 8 << 20;

/// Identifies the item of a report, by its id and token, otherwise by the request id of its job.
#[derive(Debug, Clone, Default)]
pub(crate) struct ItemKey {
    pub(crate) id: Option<i64>,
    pub(crate) token: Option<String>,
    pub(crate) request_id: Option<String>,
    /// The number of the claim that the report belongs to, if it comes from a worker.
    pub(crate) attempt: Option<i32>,
}

/// The outcome of an item, or a step towards it.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// The queue accepted the item as this job, which is checked for the first time after
    /// `check_after`.
    Accepted { job: Value, check_after: Duration },
    /// The job succeeded.
    Done {
        output: Value,
        metrics: Map<String, Value>,
        units: Option<f64>,
    },
    /// The job failed.
    Failed(Failure),
    /// The job has ended, and its result has to be fetched.
    Fetch,
    /// There is no job, and the item is not submitted again.
    Refused(Failure),
    /// There is no job, and the item is submitted again after this time.
    Deferred(Failure, Duration),
    /// There may or may not be a job.
    Unknown(Failure),
}

/// The values of the columns `error_kind`, `error` and `units` for an error.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) kind: String,
    pub(crate) message: String,
    pub(crate) units: Option<f64>,
}

impl Failure {
    pub(crate) fn of(error: &fal_sdk::Error) -> Self {
        let kind = match serde_json::to_value(error.kind()) {
            Ok(Value::String(kind)) => kind,
            _ => "other".to_owned(),
        };
        Self {
            kind,
            message: error.to_string(),
            units: error.billable_units(),
        }
    }
}

/// How long a report waits for others, so that they are recorded together.
const LINGER: Duration = Duration::from_millis(5);

struct Report {
    key: ItemKey,
    outcome: Outcome,
    recorded: oneshot::Sender<Result<bool>>,
}

/// Records reports. Clones share the task that does so, which ends with the last clone.
#[derive(Clone)]
pub(crate) struct Settler(mpsc::Sender<Report>);

impl Settler {
    pub(crate) fn new(store: Store) -> Self {
        let (sender, reports) = mpsc::channel(4 * GROUP);
        tokio::spawn(record_all(store, reports));
        Self(sender)
    }

    /// Records the outcome of an item, and returns whether such an item exists. While the
    /// database is not available, this waits.
    ///
    /// # Errors
    /// When the database refuses the statement.
    pub(crate) async fn settle(&self, key: ItemKey, outcome: Outcome) -> Result<bool> {
        let (recorded, answer) = oneshot::channel();
        let report = Report {
            key,
            outcome,
            recorded,
        };
        let is_sent = self.0.send(report).await.is_ok();
        match answer.await {
            Ok(answer) if is_sent => answer,
            _ => Err(Error::new(
                ErrorKind::Unavailable,
                "the task that records outcomes has ended with its runtime",
            )),
        }
    }
}

async fn record_all(store: Store, mut reports: mpsc::Receiver<Report>) {
    let mut waiting = None;
    loop {
        let first = match waiting.take() {
            Some(report) => report,
            None => match reports.recv().await {
                Some(report) => report,
                None => return,
            },
        };
        let mut columns = Columns::default();
        let mut group = Vec::new();
        columns.push(&first);
        group.push(first);
        tokio::time::sleep(LINGER).await;
        while group.len() < GROUP && columns.bytes < GROUP_BYTES {
            match reports.try_recv() {
                // Two reports about one item take two statements, so that their order counts.
                Ok(report) if group.iter().any(|other| same_item(&report, other)) => {
                    waiting = Some(report);
                    break;
                }
                Ok(report) => {
                    columns.push(&report);
                    group.push(report);
                }
                Err(_) => break,
            }
        }
        let recorded = columns.record(&store).await;
        answer(group, recorded, &store).await;
    }
}

fn same_item(a: &Report, b: &Report) -> bool {
    (a.key.id.is_some() && a.key.id == b.key.id)
        || (a.key.request_id.is_some() && a.key.request_id == b.key.request_id)
}

/// Answers the reports of a group. If the database refuses the statement, each report is tried by
/// itself, so that one that cannot be written does not affect the others.
async fn answer(group: Vec<Report>, recorded: Result<Vec<i64>>, store: &Store) {
    match recorded {
        Ok(found) => {
            for (position, report) in (1_i64..).zip(group) {
                // The task that waited for the answer may have ended.
                let _ = report.recorded.send(Ok(found.contains(&position)));
            }
        }
        Err(error) if group.len() == 1 => {
            for report in group {
                let copy = Error::new(error.kind(), error.to_string());
                let _ = report.recorded.send(Err(copy));
            }
        }
        Err(_) => {
            for report in group {
                let mut columns = Columns::default();
                columns.push(&report);
                let recorded = columns.record(store).await;
                let _ = report
                    .recorded
                    .send(recorded.map(|found| !found.is_empty()));
            }
        }
    }
}

/// Text without NUL, the one character that PostgreSQL's `text` cannot contain.
pub(crate) fn plain(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use fal_test_postgres::Cluster;
    use futures_util::future::join_all;
    use serde_json::json;

    use super::*;
    use crate::{Limits, NewItem};

    /// However many report, they share statements.
    #[tokio::test]
    async fn what_is_reported_at_once_is_one_statement()
    -> std::result::Result<(), Box<dyn std::error::Error>> {
        let Some(cluster) = Cluster::start().await else {
            return Ok(());
        };
        let store = Store::new(cluster.url())?;
        store.migrate().await?;
        let batch = store.batch("reported");
        batch.create(&Limits::none()).await?;
        let item = |number: usize| NewItem::json(number.to_string(), "acme/image", json!({}));
        batch.add((0..200).map(item)).await?;
        let sql = cluster.sql().await;
        let begin = "UPDATE fal_batch.items SET state = 'submitting', attempt = 1
             RETURNING id, token";
        let items = sql.query(begin, &[]).await?;
        let settler = Settler::new(store.clone());
        let before = store.statements();
        let reports = items.iter().map(|row| {
            let (id, token): (i64, String) = (row.get(0), row.get(1));
            let key = ItemKey {
                request_id: Some(format!("request-{id}")),
                id: Some(id),
                token: Some(token),
                attempt: Some(1),
            };
            let accepted = Outcome::Accepted {
                job: json!({"request_id": key.request_id}),
                check_after: Duration::ZERO,
            };
            settler.settle(key, accepted)
        });
        for settled in join_all(reports).await {
            assert!(settled?, "the item exists");
        }
        assert_eq!(store.statements() - before, 1);
        assert_eq!(batch.progress().await?.count("submitted"), 200);
        Ok(())
    }
}
