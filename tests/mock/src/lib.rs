#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

// The modules are in the order of their dependencies: a module imports only from modules above it in this list.
mod error;
mod protocol;
mod seed;
mod setters;
mod sync;

// Faults and scripts, which a test sets.
mod fault;
mod script;

// HTTP messages, and the answers of models.
mod http;

mod models;

// The server's data.
mod store;

// Running jobs and delivering webhooks.
mod background;

// The HTTP server.
mod serve;

// Recordings of what a program exchanged with fal.
mod recording;

// The handle of a running server, and its builder.
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
