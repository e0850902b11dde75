//! Jobs of the queue: submitting and following them, and fetching their results.

pub(crate) mod batch;
mod cancel;
mod follow;
mod job;
mod job_handle;
mod logs;
mod poll_wait;
mod record;
mod result;
mod serialize;
mod status;
mod status_reply;
mod status_stream;
mod submit;
mod subscribe;
mod updates;
mod watch;

pub use batch::{Batch, journal};
pub use cancel::CancelOutcome;
pub use job::{Job, ResultRequest, StatusRequest};
pub use status::{Log, LogLevel, State, Status, Update};
pub use submit::Submit;
pub use subscribe::Subscribe;
pub use updates::Updates;

#[cfg(feature = "blocking")]
pub(crate) use follow::follow_options;
