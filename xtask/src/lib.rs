//! The maintainer's commands, as a library so that tests can call them in-process.
//!
//! One module per command; each has its `Args` and a `command` that returns an [`Outcome`]. Only this crate reads the
//! network for schemas, writes the tree and prints.

pub mod bench;
pub mod cli;
pub mod demo;
pub mod diff;
pub mod error;
pub mod fetch;
mod files;
pub mod generate;
pub mod mock;
mod output;
pub mod page;
pub mod schemas;
pub mod sync;
pub mod verify;
pub mod version;

pub use cli::main;
pub use error::{Error, Outcome};

/// The runtime of the commands that talk to servers.
fn runtime() -> Result<tokio::runtime::Runtime, Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.map_err(|error| Error::new(format!("cannot start the runtime: {error}")))
}
