//! The ways to call a model: directly, through the queue, as a stream, in real time.

pub(crate) mod call;
pub(crate) mod detailed;
#[cfg(feature = "forward")]
pub mod forward;
pub(crate) mod queue;
#[cfg(feature = "realtime")]
pub mod realtime;
pub(crate) mod run;
pub mod stream;
