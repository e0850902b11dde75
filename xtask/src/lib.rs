//! The maintainer's commands, as a library so that tests can call them in-process.
//!
//! One module per command; each has its `Args` and a `run` that returns an [`Outcome`]. Only this crate reads the
//! network for schemas, writes the tree and prints.

pub mod cli;
pub mod error;
pub mod fetch;
pub mod page;
pub mod schemas;
pub mod verify;

pub use cli::main;
pub use error::{Error, Outcome};
