#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

// From the bottom to the top: a module imports only from those that stand above it here.
mod error;
mod protocol;
mod seed;
mod sync;

// What a test scripts.
mod fault;
mod script;

// What models answer.
mod http;

mod models;

// What the server keeps.
mod store;

// What it does beside answering requests.
mod background;

// How it is served.
mod serve;

// Recordings of what a program exchanged with fal.
mod recording;

// What a test holds.
mod server;

mod builder;

pub use background::webhook::WebhookPolicy;
pub use builder::MockServerBuilder;
pub use error::Error;
pub use fault::{CannedReply, CutAt, Fault, Injection};
pub use protocol::{
    host::{Host, Urls},
    route::Route,
};
#[cfg(feature = "record")]
pub use recording::{Recorder, RecorderBuilder};
pub use recording::{Replay, ReplayBuilder};
pub use script::{Failure, Hold, LogLine, RawOutput, RealtimeScript, Script, WebhookScript};
pub use server::MockServer;
pub use store::{
    deliveries::WebhookDelivery,
    faults::FaultHandle,
    info::{FileInfo, JobInfo},
    records::{MessageRecord, RequestRecord},
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
