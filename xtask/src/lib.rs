//! The maintainer's commands, as a library so that tests can call them in the same process.
//!
//! Each command is a module with its options, `Args`, and a function `command`, which returns an
//! [`Outcome`](cargo_fal::Outcome), or the `PROGRAM` that is built and started with these options. Everything that `cargo fal` needs, too, is in `cargo-fal`, and is called from here.

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
