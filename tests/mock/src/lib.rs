#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

// From the bottom to the top: a module imports only from those above it in this list.
mod error;
mod protocol;
mod seed;

// What a test scripts.
mod fault;
mod script;

// What a model answers.
mod http;
mod models;

// What the server keeps, and what it does beside answering requests.
mod background;
mod store;

// How it is served.
mod serve;

// What a test holds.
mod builder;
mod server;

pub use background::webhook::WebhookPolicy;
pub use builder::MockServerBuilder;
pub use error::Error;
pub use fault::{CannedReply, CutAt, Fault, Injection};
pub use protocol::{
    host::{Host, Urls},
    route::Route,
};
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
