//! Batches: many jobs at once, none of which is paid for twice.

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
use crate::transport::box_future::{BoxFuture, into_future};
use crate::transport::error::Result;
use crate::transport::http::Http;
use crate::transport::opaque::opaque;
use crate::transport::runtime;

/// Many jobs of one endpoint, which are run when the batch is awaited: see
/// [`Client::batch`](crate::Client::batch).
///
/// The outcomes are in the order of the inputs. An input that fails does not stop the
/// others: its error is its outcome. The batch itself fails only before anything is
/// submitted, for example because its journal is in use. [`detailed`](Self::detailed) adds
/// the request id, the billed units and the metrics to each output.
///
/// With a [`journal`](Self::journal), a batch whose program was killed continues where it
/// stopped: it reads finished outputs from the journal, waits for submitted jobs, and submits
/// the other inputs. If a submit request had begun and no request id was recorded, there may
/// or may not be a job: the outcome is
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

    /// Sets how many jobs run at once; 0 counts as 1. Default: 16.
    pub fn concurrency(mut self, jobs: usize) -> Self {
        self.concurrency = jobs.clamp(1, Semaphore::MAX_PERMITS);
        self
    }

    /// Changes the options of every job: `|submit| submit.priority(Priority::Low)`.
    ///
    /// A [`timeout`](Submit::timeout) applies to each job by itself and begins when the job is
    /// started. When it passes, the job is cancelled if that is still possible, and its
    /// outcome is an error with the request id.
    pub fn options(self, change: impl Fn(Submit<P>) -> Submit<P>) -> Self {
        self.options_by_index(|_, submit| change(submit))
    }

    /// Changes the options of each job with a function that is given the index of the job's
    /// input.
    pub fn options_by_index(mut self, change: impl Fn(usize, Submit<P>) -> Submit<P>) -> Self {
        let submits = self.submits.into_iter().enumerate();
        self.submits = submits
            .map(|(index, submit)| change(index, submit))
            .collect();
        self
    }

    /// Keeps a journal in the file at this path, or continues the journal that is there.
    /// Events are written to the disk before each submit request and after each reply. The
    /// journal contains request ids and outputs, but no key.
    ///
    /// The inputs, and the values that `extra` adds to them, must be the ones that the journal
    /// was started with, in the same order. While the batch runs, the journal is locked: a
    /// second batch with the same journal, in this or another process, fails before it submits
    /// anything. A file with `.lock` added to the journal's name says which process uses the
    /// journal; it is removed when the batch ends.
    pub fn journal(self, path: impl Into<PathBuf>) -> Self {
        self.with_journal(FileJournal::new(path))
    }

    /// Keeps or continues a journal that is not a file, such as one in a database: see the
    /// module [`journal`](crate::journal). If several programs have the journal open at once,
    /// each input is submitted by the program that claims it first, and every program returns
    /// all outcomes.
    pub fn with_journal(mut self, journal: impl Journal) -> Self {
        self.journal = Some(Arc::new(journal));
        self
    }

    /// Sets whether inputs are submitted again if the journal does not say whether they
    /// became a job. They may be paid for twice. Default: `false`.
    pub fn resubmit_unknown(mut self, resubmit: bool) -> Self {
        self.resubmit.unknown = resubmit;
        self
    }

    /// Sets whether inputs are submitted again if the job that the journal has for them
    /// failed, was cancelled, or has a result that is no longer available. They are paid for
    /// as new jobs. A job that fails in this run is not submitted again. Default: `false`.
    pub fn resubmit_failed(mut self, resubmit: bool) -> Self {
        self.resubmit.failed = resubmit;
        self
    }

    /// Sets a function that is called with the index of an input and its outcome, as soon as
    /// the outcome is known.
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
                    *input = fingerprint::of(&mut submit.call)?;
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

into_future! {
    <P: Payload> WithDetails<Batch<P>> => Vec<Result<Detailed<P::Output>>>,
    |call| call.0.outcomes()
}

opaque! { Batch<P: Payload> }
