//! The tasks of a batch: each item runs in its own task, a limited number at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::sync::Semaphore;
use tokio::task::{self, JoinSet};

use super::item::{Item, Resubmit, journal_failure};
use super::journal::Journal;
use crate::calls::call::Payload;
use crate::calls::detailed::Detailed;
use crate::calls::queue::submit::Submit;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::Http;
use crate::transport::lock::lock;

/// A function of the caller's that is called with each outcome.
pub(super) type OnDone<O> = Box<dyn FnMut(usize, &Result<Detailed<O>>) + Send>;

/// How the items of a batch are run.
pub(super) struct Tasks {
    pub(super) http: Http,
    pub(super) journal: Arc<dyn Journal>,
    pub(super) resubmit: Resubmit,
    pub(super) concurrency: usize,
}

/// What the tasks share.
struct Shared<P> {
    slots: Semaphore,
    tasks: Tasks,
    /// The inputs that no task has taken yet.
    submits: Mutex<Vec<Option<Submit<P>>>>,
    /// The items that tasks have claimed, so that the item of a task that panics is known.
    claimed: Mutex<HashMap<task::Id, usize>>,
}

impl Tasks {
    /// Runs all items. The outcomes are in the order of the inputs. If a task panics, in the
    /// code of the caller's types, the outcomes of the other tasks are kept.
    pub(super) async fn run<P: Payload>(
        self,
        submits: Vec<Submit<P>>,
        mut on_done: Option<OnDone<P::Output>>,
    ) -> Vec<Result<Detailed<P::Output>>> {
        let count = submits.len();
        let shared = Arc::new(Shared {
            slots: Semaphore::new(self.concurrency),
            tasks: self,
            submits: Mutex::new(submits.into_iter().map(Some).collect()),
            claimed: Mutex::default(),
        });
        let mut tasks = JoinSet::new();
        for _ in 0..count {
            let shared = Arc::clone(&shared);
            tasks.spawn(async move { Box::pin(shared.run_one()).await });
        }
        let mut outcomes: Vec<Option<_>> = (0..count).map(|_| None).collect();
        let mut failures = Vec::new();
        while let Some(done) = tasks.join_next_with_id().await {
            let (id, outcome) = match done {
                Ok(done) => done,
                Err(stopped) => (stopped.id(), Err(task_aborted(stopped))),
            };
            let Some(index) = lock(&shared.claimed).remove(&id) else {
                failures.push(outcome);
                continue;
            };
            if let Some(on_done) = &mut on_done {
                on_done(index, &outcome);
            }
            outcomes[index] = Some(outcome);
        }
        // An item that was not handed out has the error of a task that asked for one.
        let outcomes = outcomes.into_iter();
        outcomes
            .map(|outcome| outcome.or_else(|| failures.pop()))
            .map(|outcome| outcome.unwrap_or_else(|| Err(not_handed_out())))
            .collect()
    }
}

impl<P: Payload> Shared<P> {
    /// Waits for a slot, claims an item and runs it.
    async fn run_one(&self) -> Result<Detailed<P::Output>> {
        // The semaphore is never closed; without a permit the item goes ahead all the same.
        let _slot = self.slots.acquire().await.ok();
        let Tasks {
            http,
            journal,
            resubmit,
            ..
        } = &self.tasks;
        let claim = journal.claim().await.map_err(journal_failure)?;
        let claim = claim.ok_or_else(not_handed_out)?;
        let submit = lock(&self.submits)
            .get_mut(claim.index)
            .and_then(Option::take)
            .ok_or_else(|| handed_out_wrongly(claim.index))?;
        lock(&self.claimed).insert(task::id(), claim.index);
        let item = Item {
            index: claim.index,
            submit,
            http: http.clone(),
            journal: Arc::clone(journal),
            resubmit: *resubmit,
        };
        item.run(claim.history).await
    }
}

fn task_aborted(source: task::JoinError) -> Error {
    Error::new(ErrorKind::OutcomeUnknown, "a task of the batch was aborted").with_source(source)
}

fn not_handed_out() -> Error {
    Error::new(ErrorKind::Io, "the journal did not hand out this input")
}

fn handed_out_wrongly(index: usize) -> Error {
    let message = format!(
        "the journal handed out the input {index}, which is not there or was handed out before"
    );
    Error::new(ErrorKind::Io, message)
}
