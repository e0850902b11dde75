#![doc = include_str!("../README.md")]
#![deny(missing_docs)]
#![warn(missing_debug_implementations)]

mod batch;
mod error;
mod journal;
mod receiver;
mod reconciler;
mod settle;
mod store;
mod worker;

pub use batch::{Added, Batch, Limits, NewItem, Progress};
pub use error::{Error, ErrorKind, Result};
pub use journal::PostgresJournal;
pub use receiver::Receiver;
pub use reconciler::Reconciler;
pub use store::{Store, StoreBuilder};
pub use worker::Worker;
