//! Runs jobs, from the queue to the outcome.

use std::{future::Future, sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

use super::{tasks::Tasks, webhook::Webhooks};
use crate::{
    models::outcome::{Outcome, produce},
    script::Hold,
    store::job::{Job, Phase},
};

/// The reason why a job ended early.
#[derive(Debug, Clone, Copy)]
enum EarlyEnd {
    Cancelled,
    NotStartedInTime,
}

/// Runs the jobs of one account.
#[derive(Clone)]
pub(crate) struct Runner {
    /// The slots for jobs and direct runs in progress; `None` if their number is not limited.
    slots: Option<Arc<Semaphore>>,
    tasks: Tasks,
    webhooks: Webhooks,
}

impl Runner {
    /// Creates a runner of at most `concurrency` jobs at the same time; `None` means any number.
    pub(crate) fn new(concurrency: Option<usize>, tasks: Tasks, webhooks: Webhooks) -> Self {
        Self {
            slots: concurrency.map(|slots| Arc::new(Semaphore::new(slots))),
            tasks,
            webhooks,
        }
    }

    /// Starts a job. A job whose script has no waiting times has completed when this returns.
    pub(crate) fn start(&self, job: &Arc<Job>) {
        if never_waits(job) && self.slots.is_none() {
            job.write_logs(job.logs().len());
            self.end(job, None);
            return;
        }
        let (runner, job) = (self.clone(), Arc::clone(job));
        self.tasks.spawn(async move {
            let stop = live(&job, runner.slots.clone()).await.err();
            runner.end(&job, stop);
        });
    }

    /// Takes a slot for a direct run, without waiting. `None` if the number of slots is not limited.
    pub(crate) fn try_slot(&self) -> Result<Option<OwnedSemaphorePermit>, TryAcquireError> {
        let slots = self.slots.clone();
        slots.map(Semaphore::try_acquire_owned).transpose()
    }

    /// Completes the job, then delivers its webhook.
    fn end(&self, job: &Arc<Job>, stop: Option<EarlyEnd>) {
        job.end(match stop {
            None => produce(&job.endpoint, &job.script, &job.input, &job.origin),
            Some(EarlyEnd::Cancelled) => Outcome::cancelled(),
            Some(EarlyEnd::NotStartedInTime) => Outcome::not_started_in_time(),
        });
        self.webhooks.deliver(job);
    }
}

fn never_waits(job: &Job) -> bool {
    job.queue_time().is_zero() && job.run_time().is_zero() && job.script.hold.is_none()
}

async fn live(job: &Job, slots: Option<Arc<Semaphore>>) -> Result<(), EarlyEnd> {
    let queue = queue(job, slots);
    let _slot = match job.start_timeout {
        Some(limit) => tokio::time::timeout(limit, queue)
            .await
            .map_err(|_| EarlyEnd::NotStartedInTime)??,
        None => queue.await?,
    };
    run(job).await
}

/// Keeps a job in the queue as its script says. Returns the slot that the job then runs in, if their number is limited.
async fn queue(
    job: &Job,
    slots: Option<Arc<Semaphore>>,
) -> Result<Option<OwnedSemaphorePermit>, EarlyEnd> {
    for position in job.script.queue_positions.iter().flatten() {
        job.enter(Phase::Queued(*position));
        unless_cancelled(job, tokio::time::sleep(job.queue_step())).await?;
    }
    hold(job, Hold::Queued).await?;
    match slots {
        // The semaphore is never closed.
        Some(slots) => Ok(unless_cancelled(job, slots.acquire_owned()).await?.ok()),
        None => Ok(None),
    }
}

async fn run(job: &Job) -> Result<(), EarlyEnd> {
    job.enter(Phase::Running);
    let mut past = Duration::ZERO;
    for (at, line) in job.logs().iter().enumerate() {
        let due = Duration::from_millis(line.at_ms).min(job.run_time());
        rest(job, due.saturating_sub(past)).await?;
        past = past.max(due);
        job.write_logs(at + 1);
    }
    rest(job, job.run_time().saturating_sub(past)).await?;
    hold(job, Hold::Running).await
}

async fn rest(job: &Job, time: Duration) -> Result<(), EarlyEnd> {
    if time.is_zero() {
        return Ok(());
    }
    unless_cancelled(job, tokio::time::sleep(time)).await
}

async fn hold(job: &Job, here: Hold) -> Result<(), EarlyEnd> {
    if job.script.hold != Some(here) {
        return Ok(());
    }
    unless_cancelled(job, job.released()).await
}

/// Waits for `work`, unless the job is cancelled first. A script can make a running job ignore the cancellation.
async fn unless_cancelled<T>(job: &Job, work: impl Future<Output = T>) -> Result<T, EarlyEnd> {
    let running = job.state().phase == Phase::Running;
    if running && job.script.ignores_cancel == Some(true) {
        return Ok(work.await);
    }
    tokio::select! {
        done = work => Ok(done),
        () = job.cancelled() => Err(EarlyEnd::Cancelled),
    }
}
