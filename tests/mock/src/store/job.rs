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

use crate::{
    models::{endpoint::Endpoint, outcome::Outcome},
    protocol::host::{Host, Origin},
    script::{LogLine, Script},
};

/// A request in the queue.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) id: String,
    /// `[namespace/]owner/alias`.
    pub(crate) app: String,
    pub(crate) endpoint: Arc<Endpoint>,
    /// The body as sent, without the mock's own field.
    pub(crate) input: Bytes,
    pub(crate) script: Script,
    pub(crate) webhook: Option<String>,
    /// How long it may wait before it runs, if the caller said so.
    pub(crate) start_timeout: Option<Duration>,
    pub(crate) origin: Origin,
    state: watch::Sender<State>,
    orders: watch::Sender<Orders>,
    /// Set before the state says `Done`.
    outcome: OnceLock<Outcome>,
    payloads_deleted: AtomicBool,
}

/// Where a job is; what status routes report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) phase: Phase,
    /// How many lines of its log are written.
    pub(crate) logs: usize,
}

/// The part of its life that a job is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Queued(u64),
    Running,
    Done,
}

impl Phase {
    /// The status that fal calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Queued(_) => "IN_QUEUE",
            Self::Running => "IN_PROGRESS",
            Self::Done => "COMPLETED",
        }
    }
}

/// What was asked of a job from outside.
#[derive(Debug, Clone, Copy, Default)]
struct Orders {
    released: bool,
    cancelled: bool,
}

/// Everything that a new job is made of.
pub(crate) struct NewJob {
    pub(crate) id: String,
    pub(crate) app: String,
    pub(crate) endpoint: Arc<Endpoint>,
    pub(crate) input: Bytes,
    pub(crate) script: Script,
    pub(crate) webhook: Option<String>,
    pub(crate) start_timeout: Option<Duration>,
    pub(crate) origin: Origin,
}

impl Job {
    pub(crate) fn new(new: NewJob) -> Self {
        let first = new.script.queue_positions.iter().flatten().next().copied();
        let state = State {
            phase: Phase::Queued(first.unwrap_or(0)),
            logs: 0,
        };
        Self {
            id: new.id,
            app: new.app,
            endpoint: new.endpoint,
            input: new.input,
            script: new.script,
            webhook: new.webhook,
            start_timeout: new.start_timeout,
            origin: new.origin,
            state: watch::Sender::new(state),
            orders: watch::Sender::new(Orders::default()),
            outcome: OnceLock::new(),
            payloads_deleted: AtomicBool::new(false),
        }
    }

    pub(crate) fn state(&self) -> State {
        *self.state.borrow()
    }

    pub(crate) fn watch(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    /// How it ended; `None` while it has not.
    pub(crate) fn outcome(&self) -> Option<&Outcome> {
        (self.state().phase == Phase::Done)
            .then(|| self.outcome.get())
            .flatten()
    }

    pub(crate) fn is_queued(&self) -> bool {
        matches!(self.state().phase, Phase::Queued(_))
    }

    /// Forgets what it took and gave, as far as the platform shows it.
    pub(crate) fn delete_payloads(&self) {
        self.payloads_deleted.store(true, Ordering::Relaxed);
    }

    pub(crate) fn payloads_deleted(&self) -> bool {
        self.payloads_deleted.load(Ordering::Relaxed)
    }

    /// Lets a held job go on.
    pub(crate) fn release(&self) {
        self.orders.send_modify(|orders| orders.released = true);
    }

    /// Asks the job to stop; `false` when it has ended already.
    pub(crate) fn cancel(&self) -> bool {
        let pending = self.state().phase != Phase::Done;
        if pending {
            self.orders.send_modify(|orders| orders.cancelled = true);
        }
        pending
    }

    /// Waits until the job is told to go on, and fails never: the sender lives in this job.
    pub(crate) async fn released(&self) {
        let mut orders = self.orders.subscribe();
        let _ = orders.wait_for(|orders| orders.released).await;
    }

    /// Waits until the job is told to stop.
    pub(crate) async fn cancelled(&self) {
        let mut orders = self.orders.subscribe();
        let _ = orders.wait_for(|orders| orders.cancelled).await;
    }

    pub(crate) fn enter(&self, phase: Phase) {
        self.state.send_modify(|state| state.phase = phase);
    }

    /// Writes the first `count` lines of the log.
    pub(crate) fn write_logs(&self, count: usize) {
        self.state.send_modify(|state| state.logs = count);
    }

    /// Stores how the job ended, then says that it has. Only the first call counts.
    pub(crate) fn end(&self, outcome: Outcome) {
        let _ = self.outcome.set(outcome);
        self.enter(Phase::Done);
    }

    pub(crate) fn logs(&self) -> &[LogLine] {
        self.script.logs.as_deref().unwrap_or_default()
    }

    /// The URL of this request, below which its status and cancel routes are.
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
}
