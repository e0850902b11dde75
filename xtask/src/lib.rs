//! The maintainer's commands, as a library so that tests can call them in-process.
//!
//! One module per command; each has its `Args` and a `command` that returns an [`Outcome`](cargo_fal::Outcome). What a
//! person with a crate of their own needs too, is in `cargo-fal`, and is called from here.

pub mod bench;
mod changelog;
mod child;
pub mod cli;
pub mod demo;
pub mod diff;
pub mod fetch;
pub mod generate;
pub mod mock;
pub mod page;
pub mod release;
pub mod reliability;
pub mod sync;
pub mod verify;
mod version;
pub mod workspace;

pub use cli::main;
