//! What moves a job from the queue to its end.

use std::{future::Future, sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Job, Outcome, Phase, produce};
use crate::{script::Hold, state::Shared};

/// Why a job ended before its time.
#[derive(Debug, Clone, Copy)]
enum Stop {
    Cancelled,
    NotStarted,
}

/// Sets a job going; one that never waits has ended when this returns.
pub(crate) fn start(shared: &Arc<Shared>, job: &Arc<Job>) {
    if job.never_waits() && shared.slots.is_none() {
        job.write_logs(job.logs().len());
        job.end(shared, None);
        return;
    }
    let (shared, job) = (Arc::clone(shared), Arc::clone(job));
    Arc::clone(&shared).spawn(async move {
        let stop = job.live(shared.slots.clone()).await.err();
        job.end(&shared, stop);
    });
}

impl Job {
    fn never_waits(&self) -> bool {
        self.queue_time().is_zero() && self.run_time().is_zero() && self.script.hold.is_none()
    }

    async fn live(&self, slots: Option<Arc<Semaphore>>) -> Result<(), Stop> {
        let queue = self.queue(slots);
        let _slot = match self.start_timeout {
            Some(limit) => tokio::time::timeout(limit, queue)
                .await
                .map_err(|_| Stop::NotStarted)??,
            None => queue.await?,
        };
        self.run().await
    }

    /// Returns the account's slot that the job runs in, if slots are counted.
    async fn queue(
        &self,
        slots: Option<Arc<Semaphore>>,
    ) -> Result<Option<OwnedSemaphorePermit>, Stop> {
        for position in self.script.queue_positions.iter().flatten() {
            self.enter(Phase::Queued(*position));
            self.unless_cancelled(tokio::time::sleep(self.queue_step()))
                .await?;
        }
        self.hold(Hold::Queued).await?;
        match slots {
            // Slots are never closed.
            Some(slots) => Ok(self.unless_cancelled(slots.acquire_owned()).await?.ok()),
            None => Ok(None),
        }
    }

    async fn run(&self) -> Result<(), Stop> {
        self.enter(Phase::Running);
        let mut past = Duration::ZERO;
        for (at, line) in self.logs().iter().enumerate() {
            let due = Duration::from_millis(line.at_ms).min(self.run_time());
            self.rest(due.saturating_sub(past)).await?;
            past = past.max(due);
            self.write_logs(at + 1);
        }
        self.rest(self.run_time().saturating_sub(past)).await?;
        self.hold(Hold::Running).await
    }

    async fn rest(&self, time: Duration) -> Result<(), Stop> {
        if time.is_zero() {
            return Ok(());
        }
        self.unless_cancelled(tokio::time::sleep(time)).await
    }

    async fn hold(&self, here: Hold) -> Result<(), Stop> {
        if self.script.hold != Some(here) {
            return Ok(());
        }
        let mut orders = self.orders.subscribe();
        // The sender lives in this job, so waiting cannot fail.
        let released = async { orders.wait_for(|orders| orders.released).await.is_ok() };
        self.unless_cancelled(released).await.map(drop)
    }

    async fn unless_cancelled<T>(&self, work: impl Future<Output = T>) -> Result<T, Stop> {
        let running = self.state().phase == Phase::Running;
        let deaf = running && self.script.ignores_cancel == Some(true);
        let mut orders = self.orders.subscribe();
        tokio::select! {
            done = work => Ok(done),
            _ = orders.wait_for(|orders| orders.cancelled && !deaf) => Err(Stop::Cancelled),
        }
    }

    fn enter(&self, phase: Phase) {
        self.state.send_modify(|state| state.phase = phase);
    }

    fn write_logs(&self, count: usize) {
        self.state.send_modify(|state| state.logs = count);
    }

    /// Stores how it ended, then says so, then calls the webhook.
    fn end(self: &Arc<Self>, shared: &Arc<Shared>, stop: Option<Stop>) {
        let outcome = match stop {
            None => produce(&self.endpoint, &self.script, &self.input, &self.origin),
            Some(Stop::Cancelled) => Outcome::cancelled(),
            Some(Stop::NotStarted) => Outcome::not_started_in_time(),
        };
        // Only this call ends the job, so the cell is empty.
        let _ = self.outcome.set(outcome);
        self.enter(Phase::Done);
        shared.finished(self);
    }
}
