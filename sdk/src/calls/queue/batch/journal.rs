//! Journals of batches: records of what happened to each input, so that no job is lost or
//! paid for twice when a program ends early.
//!
//! [`Batch::journal`](crate::Batch::journal) keeps a [`FileJournal`], which suits one program
//! on one machine. To keep a journal elsewhere, implement [`Journal`] and pass it to
//! [`Batch::with_journal`](crate::Batch::with_journal). The feature `journal-conformance` adds
//! `conformance::check`, which tests whether an implementation keeps every promise of
//! [`Journal`]. The crate [`fal-batch-postgres`](https://docs.rs/fal-batch-postgres) keeps
//! journals in PostgreSQL.

#[cfg(feature = "journal-conformance")]
pub mod conformance;
mod file;
pub(crate) mod lines;
mod lock;
mod unrecorded;

use std::error::Error as StdError;
use std::pin::Pin;

use serde_json::{Map, Value};

pub use file::FileJournal;
pub(super) use unrecorded::Unrecorded;

/// The error of a [`Journal`], of any type. If it is a [`fal_sdk::Error`](crate::Error), the
/// batch returns it unchanged; otherwise it is the source of the batch's error.
pub type JournalError = Box<dyn StdError + Send + Sync>;

/// The future that the functions of a [`Journal`] return.
pub type JournalFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, JournalError>> + Send + 'a>>;

/// A journal, which stores what happened to the inputs of a batch.
///
/// A batch calls [`open`](Self::open) once. After that, many tasks call
/// [`claim`](Self::claim) and [`record`](Self::record) at the same time. An *item* is one
/// input with everything that is recorded about it. A journal makes these promises, which
/// `conformance::check` tests:
///
/// 1. **Events are durable.** When `record` returns `Ok`, the event survives a crash of the
///    program and of the machine. When it returns an error, the event may or may not have been
///    recorded. The events of an item are kept in the order in which they were recorded.
/// 2. **Claims are exclusive.** Many programs can have the same journal open. An item that is
///    not finished is handed out by only one of these open journals, until that one is dropped
///    or its program has ended. Instead, a journal may refuse to be opened a second time.
/// 3. **Claims are complete.** An open journal hands out each item exactly once, with
///    everything that any program recorded about it, and then returns `None`. If an item is
///    claimed by another open journal, the future waits until the item is finished or free.
/// 4. **Other inputs are refused.** A journal that was begun with other inputs, or with the
///    same ones in another order or number, cannot be opened: it would hand out the wrong
///    outputs.
/// 5. **Unreadable data is an error.** If something cannot be read, `open` fails. It never
///    returns an empty history instead, since the batch would pay for the item a second time.
/// 6. **Values are unchanged.** Jobs and outputs are arbitrary JSON, and are returned exactly
///    as they were recorded.
///
/// The batch records [`Intent`](Event::Intent) before each submit request, and sends the
/// request only if that succeeded. If the last event of an item is an intent, there may or may
/// not be a job. The batch decides whether to submit such an item again; a journal does not
/// have to.
pub trait Journal: Send + Sync + 'static {
    /// Opens the journal for these inputs, or begins it with them if it is new. Each string is
    /// a fingerprint of an input and its endpoint, not the input itself.
    ///
    /// # Errors
    /// When the journal was begun with other inputs, is in use and cannot be shared, or cannot
    /// be read. The batch then fails before it submits anything.
    fn open<'a>(&'a self, inputs: &'a [String]) -> JournalFuture<'a, ()>;

    /// Claims the next item that no other program has claimed, and returns it with its
    /// history; `None` when every item was handed out.
    ///
    /// # Errors
    /// When the journal cannot be read, or was not opened.
    fn claim(&self) -> JournalFuture<'_, Option<Claim>>;

    /// Records an event of the item at `index`, which was claimed before.
    ///
    /// # Errors
    /// When it is not certain that the event was recorded.
    fn record<'a>(&'a self, index: usize, event: Event<'a>) -> JournalFuture<'a, ()>;

    /// Returns the items that were begun and have no output: those whose outcome is unknown
    /// ([`History::is_open`]), and those with a [job](History::job) that is running, has
    /// failed, or whose output was not fetched yet.
    ///
    /// # Errors
    /// When the journal cannot be read, or was not opened.
    fn unfinished(&self) -> JournalFuture<'_, Vec<Claim>>;
}

/// Something that happened to an item of a batch.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// The input is about to be submitted. If it had an earlier job, the new one replaces it.
    Intent,
    /// The queue accepted the input as this job. The journal must keep the value unchanged;
    /// its member `request_id` identifies the job.
    Accepted(&'a Value),
    /// The queue refused the input: there is no job.
    Refused,
    /// It is not known whether there is a job. The message says why.
    Unknown(&'a str),
    /// The job failed with this message. A journal may ignore this event, since a batch that
    /// is continued asks fal again.
    Failed(&'a str),
    /// The output was received.
    Done(&'a Finished),
}

/// An output, and details of the request that produced it.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Finished {
    /// The output as it was received.
    pub output: Value,
    /// The billed units, if the platform reported them.
    pub billable_units: Option<f64>,
    /// The measurements of the platform, such as `inference_time` in seconds.
    pub metrics: Map<String, Value>,
}

/// An item that a journal hands out: its index among the inputs, and what was recorded about
/// it.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Claim {
    /// The index of the input.
    pub index: usize,
    /// The summary of the events that were recorded about the item.
    pub history: History,
}

impl Claim {
    /// Creates a claim of the item at `index`.
    pub fn new(index: usize, history: History) -> Self {
        Self { index, history }
    }
}

/// The state of an item after all events that were recorded about it.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct History {
    /// Whether a submit request was begun and it is not known whether it created a job.
    pub is_open: bool,
    /// The reason why it is not known whether there is a job, as recorded with
    /// [`Event::Unknown`].
    pub unknown: Option<String>,
    /// The job, as recorded with [`Event::Accepted`].
    pub job: Option<Value>,
    /// The output, as recorded with [`Event::Done`].
    pub finished: Option<Finished>,
}

impl History {
    /// Updates the history with an event. A journal that stores events builds the history of
    /// an item from them with this function; one that stores states does not need it.
    pub fn apply(&mut self, event: Event<'_>) {
        match event {
            Event::Intent => {
                *self = Self {
                    is_open: true,
                    ..Self::default()
                };
            }
            Event::Accepted(job) => {
                self.job = Some(job.clone());
                self.is_open = false;
                self.unknown = None;
            }
            Event::Refused => self.is_open = false,
            Event::Unknown(message) => self.unknown = Some(message.to_owned()),
            Event::Failed(_) => {}
            Event::Done(finished) => {
                self.finished = Some(finished.clone());
                self.is_open = false;
            }
        }
    }

    /// Returns whether the input was accepted as a job, which was paid for unless it failed.
    pub fn was_accepted(&self) -> bool {
        self.job.is_some() || self.finished.is_some()
    }

    /// Returns whether the item was begun and has no output.
    pub fn is_unfinished(&self) -> bool {
        self.finished.is_none() && (self.is_open || self.job.is_some())
    }
}
