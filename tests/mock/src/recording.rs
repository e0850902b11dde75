//! Records the requests of a program to fal with their replies, and replays them without fal and without a key.

mod address;
mod body;
mod exchange;
mod folder;
mod headers;
mod listen;
mod mismatch;
#[cfg(feature = "record")]
mod record;
mod redact;
mod replay;
#[cfg(feature = "record")]
mod tape;
#[cfg(feature = "record")]
mod tee;

#[cfg(feature = "record")]
pub use record::{Recorder, RecorderBuilder};
pub use replay::{Replay, ReplayBuilder};
