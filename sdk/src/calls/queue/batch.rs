//! Many jobs at once, of which none is paid for twice.

mod fingerprint;
mod journal;

use std::collections::{BTreeMap, HashMap};
use std::future::IntoFuture;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::{self, JoinSet};

use self::journal::{Event, Journal, Past};
use super::follow::Follow;
use super::job_handle::JobHandle;
use super::submit::{Submit, submit};
use crate::calls::call::Payload;
use crate::calls::detailed::Answer;
use crate::contract::wire::Decode;
use crate::transport::box_future::BoxFuture;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::Http;
use crate::transport::opaque::opaque;
use crate::transport::runtime;

/// Many jobs of one endpoint, run when the batch is awaited: see
/// [`Client::batch`](crate::Client::batch).
///
/// The outcomes are in the order of the inputs; one that fails does not stop the
/// others.
///
/// With a [`journal`](Self::journal), a batch that was killed continues where it
/// stopped: finished outputs are read from the journal, submitted jobs are waited
/// for, and the rest is submitted. If a submit request had begun and no request id
/// was recorded, there may or may not be a job: the outcome is
/// [`OutcomeUnknown`](ErrorKind::OutcomeUnknown), and the input is submitted again
/// only with [`resubmit_unknown`](Self::resubmit_unknown).
#[must_use = "a batch runs when it is awaited"]
pub struct Batch<P: Payload> {
    http: Http,
    submits: Vec<Submit<P>>,
    concurrency: usize,
    journal: Option<PathBuf>,
    resubmit_unknown: bool,
    on_done: Option<OnDone<P::Output>>,
}

type OnDone<O> = Box<dyn FnMut(usize, &Result<O>) + Send>;

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
            resubmit_unknown: false,
            on_done: None,
        }
    }

    /// How many jobs run at once, at least 1. Default: 16.
    pub fn concurrency(mut self, jobs: usize) -> Self {
        self.concurrency = jobs.clamp(1, Semaphore::MAX_PERMITS);
        self
    }

    /// Changes the options of every submit: `|submit| submit.priority(Priority::Low)`.
    pub fn options(mut self, change: impl Fn(Submit<P>) -> Submit<P>) -> Self {
        self.submits = self.submits.into_iter().map(change).collect();
        self
    }

    /// Keeps a journal at this path, or goes on from the one that is there. It is
    /// written, to the disk, before each submit and after each answer; it holds
    /// request ids and outputs, and no key. The inputs, and what `extra` adds to
    /// them, must be those it was begun with, in the same order. Only one process at a time may use it.
    pub fn journal(mut self, path: impl Into<PathBuf>) -> Self {
        self.journal = Some(path.into());
        self
    }

    /// Whether inputs whose outcome is not known are submitted again, at the risk
    /// of paying twice. Off by default.
    pub fn resubmit_unknown(mut self, resubmit: bool) -> Self {
        self.resubmit_unknown = resubmit;
        self
    }

    /// A function to call with each outcome as it arrives, and the index of its
    /// input.
    pub fn on_done(
        mut self,
        on_done: impl FnMut(usize, &Result<P::Output>) + Send + 'static,
    ) -> Self {
        self.on_done = Some(Box::new(on_done));
        self
    }

    async fn outcomes(mut self) -> Result<Vec<Result<P::Output>>> {
        runtime::current()?;
        let count = self.submits.len();
        let (journal, mut past) = match self.journal {
            Some(path) => Journal::open(path, count).await?,
            None => (None, (0..count).map(|_| Past::default()).collect()),
        };
        let mut fingerprints = vec![String::new(); count];
        if journal.is_some() {
            for (submit, fingerprint) in self.submits.iter_mut().zip(&mut fingerprints) {
                *fingerprint = fingerprint::of(submit.call_mut())?;
            }
            check_same_inputs(&fingerprints, &past)?;
        }
        let slots = Arc::new(Semaphore::new(self.concurrency));
        let mut jobs = JoinSet::new();
        let mut places = HashMap::new();
        let submits = self.submits.into_iter().zip(fingerprints);
        for (index, (submit, fingerprint)) in submits.enumerate() {
            let item = Item {
                index,
                fingerprint,
                submit,
                http: self.http.clone(),
                journal: journal.clone(),
                resubmit_unknown: self.resubmit_unknown,
            };
            let past = std::mem::take(&mut past[index]);
            let slots = Arc::clone(&slots);
            let task = jobs.spawn(async move {
                // The semaphore is never closed; without a permit the item goes
                // ahead all the same.
                let _slot = slots.acquire().await.ok();
                Box::pin(item.run(past)).await
            });
            places.insert(task.id(), index);
        }
        Ok(collect(jobs, &places, self.on_done).await)
    }
}

impl<P: Payload> IntoFuture for Batch<P> {
    type Output = Result<Vec<Result<P::Output>>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.outcomes())
    }
}

/// The outcomes in the order of their inputs. A task that panics, in code of the
/// caller's types, takes no other's outcome with it.
async fn collect<O: 'static>(
    mut jobs: JoinSet<Result<O>>,
    places: &HashMap<task::Id, usize>,
    mut on_done: Option<OnDone<O>>,
) -> Vec<Result<O>> {
    let mut outcomes = BTreeMap::new();
    while let Some(done) = jobs.join_next_with_id().await {
        let (id, outcome) = match done {
            Ok(done) => done,
            Err(stopped) => (stopped.id(), Err(ended(stopped))),
        };
        let Some(&index) = places.get(&id) else {
            continue;
        };
        if let Some(on_done) = &mut on_done {
            on_done(index, &outcome);
        }
        outcomes.insert(index, outcome);
    }
    outcomes.into_values().collect()
}

fn ended(source: task::JoinError) -> Error {
    Error::new(ErrorKind::OutcomeUnknown, "a task of the batch was aborted").with_source(source)
}

/// A journal that was begun with other inputs would hand out the wrong outputs.
fn check_same_inputs(fingerprints: &[String], past: &[Past]) -> Result<()> {
    for (index, (fingerprint, past)) in fingerprints.iter().zip(past).enumerate() {
        let noted = past.fingerprint.as_ref().unwrap_or(fingerprint);
        if noted != fingerprint {
            let message =
                format!("the journal was started with a different input at index {index}");
            return Err(Error::new(ErrorKind::Usage, message).with_hint(
                "pass the same inputs and extras in the same order, or use another journal",
            ));
        }
    }
    Ok(())
}

/// One input on its way.
struct Item<P> {
    index: usize,
    fingerprint: String,
    submit: Submit<P>,
    http: Http,
    journal: Option<Journal>,
    resubmit_unknown: bool,
}

impl<P: Payload> Item<P> {
    async fn run(self, past: Past) -> Result<P::Output> {
        let (index, journal) = (self.index, self.journal.clone());
        if let Some(output) = past.output {
            return decode(&output);
        }
        let job = match past.job {
            Some(record) => JobHandle::new(self.http.clone(), &record),
            None if past.is_open && !self.resubmit_unknown => return Err(open()),
            None => self.submit().await?,
        };
        let answer = Follow::default().until_end(job.clone(), None).await;
        let answer = answer.map_err(Error::with_accepted_job)?;
        if let Some(journal) = journal {
            // The output is here; without a note of it, it would be fetched again.
            let _ = journal.note(index, Event::Done(&answer.value)).await;
        }
        output(&job, answer)
    }

    async fn submit(self) -> Result<JobHandle> {
        let prepared = self.submit.into_call().prepare().await?;
        let Some(journal) = self.journal else {
            return Ok(submit(&prepared).await?.0);
        };
        journal
            .note(self.index, Event::Intent(&self.fingerprint))
            .await?;
        match submit(&prepared).await {
            Ok((job, _)) => {
                let record = job.record();
                let noted = journal.note(self.index, Event::Accepted(&record)).await;
                noted.map_err(|error| job.with_job_context(error).with_accepted_job())?;
                Ok(job)
            }
            Err(error) => {
                if !error.is_outcome_unknown() {
                    // Without a note, the next run takes the outcome for unknown.
                    let _ = journal.note(self.index, Event::Refused).await;
                }
                Err(error)
            }
        }
    }
}

fn output<O: Decode>(job: &JobHandle, answer: Answer) -> Result<O> {
    let detailed = answer.decode::<O>();
    Ok(detailed
        .map_err(|error| job.with_job_context(error).with_accepted_job())?
        .output)
}

fn decode<O: Decode>(output: &Value) -> Result<O> {
    O::decode(output).map_err(|source| {
        let message = format!("the output in the journal does not match its type {source}");
        Error::new(ErrorKind::Decode, message)
            .with_body(output.to_string().into())
            .with_decode(source)
    })
}

fn open() -> Error {
    let message = "the program stopped in the middle of the submit request";
    Error::new(ErrorKind::OutcomeUnknown, message)
        .with_hint("`resubmit_unknown(true)` submits it again, but you could be charged twice")
}

opaque! { Batch<P: Payload> }
