//! Journals of batches: what a batch records, so that a job is neither lost nor paid
//! for twice when a program ends.
//!
//! [`Batch::journal`](crate::Batch::journal) keeps a [`FileJournal`], which is right for
//! one program on one machine. To keep it elsewhere, implement [`Journal`] and pass it to
//! [`Batch::with_journal`](crate::Batch::with_journal). The feature
//! `journal-conformance` adds a suite of tests, `conformance::check`, that holds an
//! implementation to every promise. The crate
//! [`fal-batch-postgres`](https://docs.rs/fal-batch-postgres) keeps journals in
//! PostgreSQL.

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

/// The error of a journal, of any type. If it is a [`fal_sdk::Error`](crate::Error), the
/// batch returns it as it is; otherwise it is the source of the batch's error.
pub type JournalError = Box<dyn StdError + Send + Sync>;

/// What the functions of a [`Journal`] return.
pub type JournalFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, JournalError>> + Send + 'a>>;

/// Keeps what happened to the inputs of a batch.
///
/// A batch calls [`open`](Self::open) once. After that, many tasks call
/// [`claim`](Self::claim) and [`record`](Self::record) at the same time. What a journal
/// promises, and `conformance::check` tests:
///
/// 1. **Recorded is recorded.** When `record` returns `Ok`, the event survives the end of
///    the program and of the machine. When it returns an error, the event may have been
///    recorded or not. Events of one item are kept in the order in which they were recorded.
/// 2. **A claim is exclusive.** While an item is not finished, it is handed out by one open
///    journal only, whatever number of programs has the same journal open, until that one
///    is dropped or its program has ended. A journal may refuse to be opened a second time
///    instead.
/// 3. **A claim is complete.** An open journal hands out each item exactly once, with
///    everything that was recorded about it, by whichever program, and then `None`. If an
///    item is claimed elsewhere, the future waits until it is finished or free.
/// 4. **Other inputs are refused.** A journal that was begun with other inputs, or with the
///    same ones in another order or number, cannot be opened: it would hand out the wrong
///    outputs.
/// 5. **Nothing is guessed.** What cannot be read is an error of `open`, never an empty
///    history: the batch would pay for the item a second time.
/// 6. **Values come back as they were.** Jobs and outputs are JSON of any content.
///
/// The batch, in turn, records [`Intent`](Event::Intent) before each submit request, and
/// does not send the request unless that succeeded. If the last event of an item is an
/// intent, there may or may not be a job. The batch does not submit it again unless asked
/// to: no implementation has to decide that.
pub trait Journal: Send + Sync + 'static {
    /// Opens the journal for these inputs, or begins it with them if it is new. Each text
    /// identifies an input, and the endpoint that it is for; it is not the input itself.
    ///
    /// # Errors
    /// When the journal was begun with other inputs, is in use and cannot be shared, or
    /// cannot be read. Nothing has been submitted then.
    fn open<'a>(&'a self, inputs: &'a [String]) -> JournalFuture<'a, ()>;

    /// Claims the next item that no other program has, and returns it with its history;
    /// `None` when every item was handed out.
    ///
    /// # Errors
    /// When the journal cannot be read, or was not opened.
    fn claim(&self) -> JournalFuture<'_, Option<Claim>>;

    /// Records what happened to the item of this index, which was claimed.
    ///
    /// # Errors
    /// When the event may not have been recorded.
    fn record<'a>(&'a self, index: usize, event: Event<'a>) -> JournalFuture<'a, ()>;

    /// Returns the items that were begun and have no output, by their indexes: those whose
    /// outcome is unknown ([`History::is_open`]), and those with a
    /// [job](History::job) that is running, has failed, or was not fetched yet.
    ///
    /// # Errors
    /// When the journal cannot be read, or was not opened.
    fn unfinished(&self) -> JournalFuture<'_, Vec<Claim>>;
}

/// Something that happened to an item of a batch.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// The input is about to be submitted. An earlier job of it, if there was one, is given
    /// up.
    Intent,
    /// The queue accepted the input as this job. The value is to be kept as it is; its
    /// member `request_id` identifies the job.
    Accepted(&'a Value),
    /// The queue refused the input: there is no job.
    Refused,
    /// There may be a job; this message says why that is not known.
    Unknown(&'a str),
    /// The job failed, with this message. The batch asks fal again when it is continued, so
    /// a journal may leave this out.
    Failed(&'a str),
    /// The output was received.
    Done(&'a Finished),
}

/// An output, and what is known about the request that made it.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Finished {
    /// The output as it was received.
    pub output: Value,
    /// The billed units, if the platform reported them.
    pub billable_units: Option<f64>,
    /// What the platform measured.
    pub metrics: Map<String, Value>,
}

/// An item that was handed out: its index among the inputs, and what was recorded about it.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Claim {
    /// The index of the input.
    pub index: usize,
    /// What was recorded about the item.
    pub history: History,
}

impl Claim {
    /// Creates a claim of an item.
    pub fn new(index: usize, history: History) -> Self {
        Self { index, history }
    }
}

/// What a journal says about an item: the events, taken together.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct History {
    /// Whether a submit request began of which it is not known whether it made a job.
    pub is_open: bool,
    /// Why that is not known, if the program that sent the request could tell.
    pub unknown: Option<String>,
    /// The job, as it was recorded.
    pub job: Option<Value>,
    /// The output, if it was received.
    pub finished: Option<Finished>,
}

impl History {
    /// Adds an event to what is known. A journal that keeps events reads its history with
    /// this; one that keeps states can do without.
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

    /// Whether the input was accepted as a job, which was paid for unless it failed.
    pub fn was_accepted(&self) -> bool {
        self.job.is_some() || self.finished.is_some()
    }

    /// Whether the item was begun and has no output.
    pub fn is_unfinished(&self) -> bool {
        self.finished.is_none() && (self.is_open || self.job.is_some())
    }
}
