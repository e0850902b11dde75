//! The commands of `cargo fal`, as a library that the maintainer's commands of this repository use, too.
//!
//! Documents are [fetched](fetch), [stored](schemas) with a lock file, [compared](diff) in meaning, rendered as [pages](page),
//! and [served](mock) by a local server that stands in for fal.
//!
//! The commands of the program stay compatible. The library is only for this repository, and may change in any version.
#![deny(missing_docs)]

pub mod changes;
mod cli;
pub mod commands;
pub mod diff;
mod error;
pub mod fetch;
pub mod files;
pub mod ids;
#[cfg(feature = "mcp")]
pub mod mcp;
pub mod mock;
pub mod output;
pub mod page;
pub mod program;
pub mod project;
pub mod recording;
#[cfg(feature = "run")]
pub mod run;
pub mod schemas;
pub mod staging;

pub use cli::main;
pub use error::{Error, Outcome};

use futures_util::future::{Either, select};
use std::{future::Future, pin::pin};
use tokio::signal::ctrl_c;

/// Whether the commands can send requests to https URLs, and serve https: the feature `tls`.
pub const HAS_TLS: bool = cfg!(feature = "tls");

/// Creates the tokio runtime for commands that send or answer requests.
///
/// # Errors
///
/// If the system provides no threads.
pub fn runtime() -> Result<tokio::runtime::Runtime, Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.map_err(|error| Error::new(format!("cannot start the runtime: {error}")))
}

/// Runs a future on the [`runtime`], and returns its output; `None` if Ctrl-C came first.
///
/// # Errors
///
/// If the runtime cannot be started.
pub fn block_on<F: Future>(future: F) -> Result<Option<F::Output>, Error> {
    Ok(runtime()?.block_on(interruptible(future)))
}

/// Awaits a future, and returns its output; `None` if Ctrl-C came first.
async fn interruptible<F: Future>(future: F) -> Option<F::Output> {
    match select(pin!(future), pin!(ctrl_c())).await {
        Either::Left((output, _)) => Some(output),
        Either::Right(_) => None,
    }
}
