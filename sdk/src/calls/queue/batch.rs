//! Many jobs at once, of which none is paid for twice.

mod fingerprint;
mod item;
pub mod journal;
mod tasks;

use std::future::IntoFuture;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::Semaphore;

use self::item::{Resubmit, journal_failure};
use self::journal::{FileJournal, Journal, Unrecorded};
use self::tasks::{OnDone, Tasks};
use super::submit::Submit;
use crate::calls::call::Payload;
use crate::calls::detailed::{Detailed, WithDetails};
use crate::transport::box_future::BoxFuture;
use crate::transport::error::Result;
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
/// [`OutcomeUnknown`](crate::ErrorKind::OutcomeUnknown), and the input is submitted again
/// only with [`resubmit_unknown`](Self::resubmit_unknown).
#[must_use = "a batch runs when it is awaited"]
pub struct Batch<P: Payload> {
    http: Http,
    submits: Vec<Submit<P>>,
    concurrency: usize,
    journal: Option<Arc<dyn Journal>>,
    resubmit: Resubmit,
    on_done: Option<OnDone<P::Output>>,
}

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
    pub fn journal(self, path: impl Into<PathBuf>) -> Self {
        self.with_journal(FileJournal::new(path))
    }

    /// Keeps a journal of another kind, or continues it: see the module
    /// [`journal`](crate::journal). If several programs can have it open at once, each
    /// submits the inputs that it claims first, and all of them return all outcomes.
    pub fn with_journal(mut self, journal: impl Journal) -> Self {
        self.journal = Some(Arc::new(journal));
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
        let mut inputs = vec![String::new(); self.submits.len()];
        let journal = match self.journal {
            Some(journal) => {
                for (submit, input) in self.submits.iter_mut().zip(&mut inputs) {
                    *input = fingerprint::of(submit.call_mut())?;
                }
                journal
            }
            None => Arc::new(Unrecorded::default()),
        };
        journal.open(&inputs).await.map_err(journal_failure)?;
        let tasks = Tasks {
            http: self.http,
            journal,
            resubmit: self.resubmit,
            concurrency: self.concurrency,
        };
        Ok(tasks.run(self.submits, self.on_done).await)
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

opaque! { Batch<P: Payload> }
