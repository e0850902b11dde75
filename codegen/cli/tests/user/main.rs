//! `cargo fal` as a user meets it: a crate of their own, and a local server in place of fal.

mod bench;
#[cfg(feature = "mcp")]
mod mcp;
mod mistakes;
mod pinning;
#[cfg(feature = "run")]
mod recording;
#[cfg(feature = "run")]
mod running;
