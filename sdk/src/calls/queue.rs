//! Jobs of the queue: handing them in, watching them, fetching what they made.

mod batch;
mod cancel;
mod follow;
mod job;
mod logs;
mod place;
mod record;
mod result;
mod serialize;
mod status;
mod status_stream;
mod submit;
mod subscribe;
mod updates;
mod watch;

pub use batch::Batch;
pub use cancel::CancelOutcome;
pub use job::{Job, JobResult, JobStatus};
pub use status::{Log, LogLevel, State, Status, Update};
pub use submit::Submit;
pub use subscribe::Subscribe;
pub use updates::Updates;

pub(crate) use place::Attached;
pub(crate) use record::Record;
