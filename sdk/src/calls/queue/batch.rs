//! Many jobs at once, of which none is paid for twice.

mod fingerprint;
mod item;
mod journal;
mod lock;

use std::collections::{BTreeMap, HashMap};
use std::future::IntoFuture;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::{self, JoinSet};

use self::item::{Item, Resubmit};
use self::journal::{ItemHistory, Journal};
use super::submit::Submit;
use crate::calls::call::Payload;
use crate::calls::detailed::{Detailed, WithDetails};
use crate::transport::box_future::BoxFuture;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::Http;
use crate::transport::opaque::opaque;
use crate::transport::runtime;

/// Many jobs of one endpoint, which are run when the batch is awaited: see
/// [`Client::batch`](crate::Client::batch).
///
/// The outcomes are in the order of the inputs. An input that fails does not stop the
/// others. [`detailed`](Self::detailed) adds the request id, the billed units and the
/// metrics to each output.
///
/// With a [`journal`](Self::journal), a batch that was killed continues where it
/// stopped: finished outputs are read from the journal, submitted jobs are waited
/// for, and the other inputs are submitted. If a submit request had begun and no
/// request id was recorded, there may or may not be a job: the outcome is
/// [`OutcomeUnknown`](ErrorKind::OutcomeUnknown), and the input is submitted again
/// only with [`resubmit_unknown`](Self::resubmit_unknown).
#[must_use = "a batch runs when it is awaited"]
pub struct Batch<P: Payload> {
    http: Http,
    submits: Vec<Submit<P>>,
    concurrency: usize,
    journal: Option<PathBuf>,
    resubmit: Resubmit,
    on_done: Option<OnDone<P::Output>>,
}

type OnDone<O> = Box<dyn FnMut(usize, &Result<Detailed<O>>) + Send>;

impl<P: Payload> Batch<P> {
    pub(crate) fn new<I>(
        http: Http,
        inputs: impl IntoIterator<Item = I>,
        submit: impl Fn(I) -> Submit<P>,
    ) -> Self {
        Self {
            http,
            submits: inputs.into_iter().map(submit).collect(),
            concurrency: 16,
            journal: None,
            resubmit: Resubmit::default(),
            on_done: None,
        }
    }

    /// Sets how many jobs run at once, at least 1. Default: 16.
    pub fn concurrency(mut self, jobs: usize) -> Self {
        self.concurrency = jobs.clamp(1, Semaphore::MAX_PERMITS);
        self
    }

    /// Changes the options of every job: `|submit| submit.priority(Priority::Low)`.
    ///
    /// A [`timeout`](Submit::timeout) applies to each job by itself, from the time at
    /// which its turn comes. When it passes, the job is cancelled if that can still be
    /// done, and the outcome is an error with the request id.
    pub fn options(self, change: impl Fn(Submit<P>) -> Submit<P>) -> Self {
        self.options_by_index(|_, submit| change(submit))
    }

    /// Changes the options of single jobs. The function is called for each of them
    /// with the index of its input.
    pub fn options_by_index(mut self, change: impl Fn(usize, Submit<P>) -> Submit<P>) -> Self {
        let submits = self.submits.into_iter().enumerate();
        self.submits = submits
            .map(|(index, submit)| change(index, submit))
            .collect();
        self
    }

    /// Keeps a journal at this path, or continues the one that is there. Each event is
    /// written to the disk before a submit request and after each reply. The journal
    /// holds request ids and outputs, and no key.
    ///
    /// The inputs, and what `extra` adds to them, must be those that the journal was
    /// started with, in the same order. While the batch runs, the journal is locked: a
    /// second batch on it, in this or another process, is refused before it submits
    /// anything. A file with `.lock` added to the journal's name says which process has
    /// it; it is removed at the end.
    pub fn journal(mut self, path: impl Into<PathBuf>) -> Self {
        self.journal = Some(path.into());
        self
    }

    /// Sets whether inputs are submitted again if the journal does not tell whether
    /// they became a job. They may be paid for twice. Default: `false`.
    pub fn resubmit_unknown(mut self, resubmit: bool) -> Self {
        self.resubmit.unknown = resubmit;
        self
    }

    /// Sets whether inputs are submitted again if their job is in the journal and
    /// failed, was cancelled, or has a result that is no longer available. They are
    /// paid for as new jobs. A job that fails in this run is not submitted again.
    /// Default: `false`.
    pub fn resubmit_failed(mut self, resubmit: bool) -> Self {
        self.resubmit.failed = resubmit;
        self
    }

    /// Sets a function that is called with each outcome as it arrives, and with the
    /// index of its input.
    pub fn on_done(
        mut self,
        on_done: impl FnMut(usize, &Result<Detailed<P::Output>>) + Send + 'static,
    ) -> Self {
        self.on_done = Some(Box::new(on_done));
        self
    }

    /// Returns each output with the request id, metrics, billed units and raw JSON.
    pub fn detailed(self) -> WithDetails<Self> {
        WithDetails(self)
    }

    async fn outcomes(mut self) -> Result<Vec<Result<Detailed<P::Output>>>> {
        runtime::current()?;
        let count = self.submits.len();
        let (journal, mut history) = match self.journal {
            Some(path) => Journal::open(path, count).await?,
            None => (None, (0..count).map(|_| ItemHistory::default()).collect()),
        };
        let mut fingerprints = vec![String::new(); count];
        if journal.is_some() {
            for (submit, fingerprint) in self.submits.iter_mut().zip(&mut fingerprints) {
                *fingerprint = fingerprint::of(submit.call_mut())?;
            }
            check_same_inputs(&fingerprints, &history)?;
        }
        let slots = Arc::new(Semaphore::new(self.concurrency));
        let mut jobs = JoinSet::new();
        let mut indexes = HashMap::new();
        let submits = self.submits.into_iter().zip(fingerprints);
        for (index, (submit, fingerprint)) in submits.enumerate() {
            let item = Item {
                index,
                fingerprint,
                submit,
                http: self.http.clone(),
                journal: journal.clone(),
                resubmit: self.resubmit,
            };
            let history = std::mem::take(&mut history[index]);
            let slots = Arc::clone(&slots);
            let task = jobs.spawn(async move {
                // The semaphore is never closed; without a permit the item goes
                // ahead all the same.
                let _slot = slots.acquire().await.ok();
                Box::pin(item.run(history)).await
            });
            indexes.insert(task.id(), index);
        }
        Ok(collect(jobs, &indexes, self.on_done).await)
    }
}

impl<P: Payload> IntoFuture for Batch<P> {
    type Output = Result<Vec<Result<P::Output>>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let outcomes = self.outcomes().await?.into_iter();
            Ok(outcomes
                .map(|outcome| outcome.map(|detailed| detailed.output))
                .collect())
        })
    }
}

impl<P: Payload> IntoFuture for WithDetails<Batch<P>> {
    type Output = Result<Vec<Result<Detailed<P::Output>>>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.0.outcomes())
    }
}

/// Returns the outcomes in the order of their inputs. A task that panics, in code of
/// the caller's types, does not take the outcomes of others with it.
async fn collect<O: 'static>(
    mut jobs: JoinSet<Result<Detailed<O>>>,
    indexes: &HashMap<task::Id, usize>,
    mut on_done: Option<OnDone<O>>,
) -> Vec<Result<Detailed<O>>> {
    let mut outcomes = BTreeMap::new();
    while let Some(done) = jobs.join_next_with_id().await {
        let (id, outcome) = match done {
            Ok(done) => done,
            Err(stopped) => (stopped.id(), Err(task_aborted(stopped))),
        };
        let Some(&index) = indexes.get(&id) else {
            continue;
        };
        if let Some(on_done) = &mut on_done {
            on_done(index, &outcome);
        }
        outcomes.insert(index, outcome);
    }
    outcomes.into_values().collect()
}

fn task_aborted(source: task::JoinError) -> Error {
    Error::new(ErrorKind::OutcomeUnknown, "a task of the batch was aborted").with_source(source)
}

/// # Errors
/// When the journal was started with other inputs: it would hand out the wrong
/// outputs.
fn check_same_inputs(fingerprints: &[String], history: &[ItemHistory]) -> Result<()> {
    for (index, (fingerprint, past)) in fingerprints.iter().zip(history).enumerate() {
        let recorded = past.fingerprint.as_ref().unwrap_or(fingerprint);
        if recorded != fingerprint {
            let paid = history.iter().filter(|past| past.was_accepted()).count();
            let message = format!(
                "the journal was started with a different input at index {index}{}",
                journal::already_paid(paid)
            );
            return Err(Error::new(ErrorKind::Usage, message).with_hint(
                "pass the same inputs and extras in the same order, or use another journal",
            ));
        }
    }
    Ok(())
}

opaque! { Batch<P: Payload> }
