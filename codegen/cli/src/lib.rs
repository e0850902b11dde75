//! fal's models in a crate of your own: what `cargo fal` does, and what the maintainer's commands of this repository share
//! with it.
//!
//! Documents are [fetched](fetch), [stored](schemas) with a lock file, [compared](diff) in meaning, shown as [pages](page),
//! and [served](mock) by a local stand-in for fal.
#![deny(missing_docs)]

pub mod changes;
mod cli;
pub mod commands;
pub mod diff;
mod error;
pub mod fetch;
pub mod files;
pub mod ids;
pub mod mock;
pub mod output;
pub mod page;
pub mod project;
#[cfg(feature = "run")]
pub mod run;
pub mod schemas;
pub mod staging;

pub use cli::main;
pub use error::{Error, Outcome};

/// The runtime of the commands that talk to servers.
///
/// # Errors
///
/// If the system gives the program no threads.
pub fn runtime() -> Result<tokio::runtime::Runtime, Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.map_err(|error| Error::new(format!("cannot start the runtime: {error}")))
}
