//! A job of the queue.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use tokio::sync::watch;

use super::info::JobInfo;
use crate::{
    models::{endpoint::Endpoint, outcome::Outcome},
    protocol::host::{Host, Origin},
    script::{LogLine, Script},
};

/// A request in the queue.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) id: String,
    /// The application, `[namespace/]owner/alias`.
    pub(crate) app: String,
    pub(crate) endpoint: Arc<Endpoint>,
    /// The body as it was sent, without the field `__mock`.
    pub(crate) input: Bytes,
    pub(crate) script: Script,
    pub(crate) webhook: Option<String>,
    /// How long the job may wait before it runs, if the caller has set a limit.
    pub(crate) start_timeout: Option<Duration>,
    pub(crate) origin: Origin,
    pub(crate) progress: Progress,
}

/// What changes about a job.
#[derive(Debug)]
pub(crate) struct Progress {
    state: watch::Sender<State>,
    signals: watch::Sender<Signals>,
    /// The outcome, which is set before the phase becomes `Done`.
    outcome: OnceLock<Outcome>,
    payloads_deleted: AtomicBool,
}

/// The state of a job, as the status routes report it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) phase: Phase,
    /// The number of log lines that are written.
    pub(crate) logs: usize,
}

/// The phase of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Queued(u64),
    Running,
    Done,
}

impl Phase {
    /// The name of the status in fal's replies.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Queued(_) => "IN_QUEUE",
            Self::Running => "IN_PROGRESS",
            Self::Done => "COMPLETED",
        }
    }
}

/// Signals to a job.
#[derive(Debug, Clone, Copy, Default)]
struct Signals {
    released: bool,
    cancelled: bool,
}

impl Progress {
    /// The progress of a new job, which follows a script.
    pub(crate) fn new(script: &Script) -> Self {
        let first = script.queue_positions.iter().flatten().next().copied();
        let state = State {
            phase: Phase::Queued(first.unwrap_or(0)),
            logs: 0,
        };
        Self {
            state: watch::Sender::new(state),
            signals: watch::Sender::new(Signals::default()),
            outcome: OnceLock::new(),
            payloads_deleted: AtomicBool::new(false),
        }
    }
}

impl Job {
    pub(crate) fn info(&self) -> JobInfo {
        JobInfo {
            request_id: self.id.clone(),
            endpoint: self.endpoint.id.clone(),
            input: self.input.clone(),
            webhook: self.webhook.clone(),
            status: self.state().phase.name(),
            result: self.outcome().map(|outcome| outcome.status.as_u16()),
        }
    }

    pub(crate) fn state(&self) -> State {
        *self.progress.state.borrow()
    }

    pub(crate) fn watch(&self) -> watch::Receiver<State> {
        self.progress.state.subscribe()
    }

    /// The outcome, once the job has completed.
    pub(crate) fn outcome(&self) -> Option<&Outcome> {
        (self.state().phase == Phase::Done)
            .then(|| self.progress.outcome.get())
            .flatten()
    }

    pub(crate) fn is_queued(&self) -> bool {
        matches!(self.state().phase, Phase::Queued(_))
    }

    /// Hides the input and the output from the platform API.
    pub(crate) fn delete_payloads(&self) {
        self.progress
            .payloads_deleted
            .store(true, Ordering::Relaxed);
    }

    pub(crate) fn payloads_deleted(&self) -> bool {
        self.progress.payloads_deleted.load(Ordering::Relaxed)
    }

    /// Releases a held job.
    pub(crate) fn release(&self) {
        self.progress
            .signals
            .send_modify(|signals| signals.released = true);
    }

    /// Cancels the job: one that is queued has ended when this returns, one that runs is told to stop. Returns `false` if the job
    /// has already completed.
    pub(crate) fn cancel(&self) -> bool {
        let phase = self.state().phase;
        match phase {
            Phase::Queued(_) => self.end(Outcome::cancelled()),
            Phase::Running => {}
            Phase::Done => return false,
        }
        self.progress
            .signals
            .send_modify(|signals| signals.cancelled = true);
        true
    }

    /// Waits until the job is released.
    pub(crate) async fn released(&self) {
        let mut signals = self.progress.signals.subscribe();
        let _ = signals.wait_for(|signals| signals.released).await;
    }

    /// Waits until the job is cancelled.
    pub(crate) async fn cancelled(&self) {
        let mut signals = self.progress.signals.subscribe();
        let _ = signals.wait_for(|signals| signals.cancelled).await;
    }

    /// Moves the job to another phase, unless it has ended.
    pub(crate) fn enter(&self, phase: Phase) {
        self.progress.state.send_if_modified(|state| {
            let is_open = state.phase != Phase::Done;
            if is_open {
                state.phase = phase;
            }
            is_open
        });
    }

    /// Writes the first `count` lines of the log.
    pub(crate) fn write_logs(&self, count: usize) {
        self.progress.state.send_modify(|state| state.logs = count);
    }

    /// Completes the job with an outcome. Only the first call has an effect.
    pub(crate) fn end(&self, outcome: Outcome) {
        let _ = self.progress.outcome.set(outcome);
        self.enter(Phase::Done);
    }

    pub(crate) fn logs(&self) -> &[LogLine] {
        self.script.logs.as_deref().unwrap_or_default()
    }

    /// The URL of the job, below which are its status and cancel routes.
    pub(crate) fn url(&self, origin: &Origin) -> String {
        format!(
            "{}/{}/requests/{}",
            origin.base(Host::Queue),
            self.app,
            self.id
        )
    }

    pub(crate) fn queue_time(&self) -> Duration {
        let positions = self.script.queue_positions.as_ref().map_or(0, Vec::len);
        self.queue_step()
            .saturating_mul(u32::try_from(positions).unwrap_or(u32::MAX))
    }

    pub(crate) fn queue_step(&self) -> Duration {
        Duration::from_millis(self.script.queue_step_ms.unwrap_or(0))
    }

    pub(crate) fn run_time(&self) -> Duration {
        Duration::from_millis(self.script.run_ms.unwrap_or(0))
    }

    pub(crate) fn run_seconds(&self) -> f64 {
        self.run_time().as_secs_f64()
    }
}
