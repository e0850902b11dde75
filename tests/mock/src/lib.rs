#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod app_id;
mod auth;
mod body;
mod builder;
mod call;
mod codec;
mod documents;
mod error;
mod fault;
mod hosts;
mod info;
mod job;
mod keys;
mod listen;
mod media;
mod record;
mod reply;
mod route;
mod routes;
mod schema;
mod script;
mod seed;
mod server;
mod service;
mod socket;
mod state;
mod storage;
mod tls;
mod tokens;
mod webhook;

pub use builder::MockServerBuilder;
pub use error::Error;
pub use fault::{CannedReply, CutAt, Fault, Injected, Injection};
pub use hosts::{Host, Urls};
pub use info::{FileInfo, JobInfo};
pub use record::{MessageRecord, RequestRecord};
pub use route::Route;
pub use script::{Failure, Hold, LogLine, RawOutput, RealtimeScript, Script, WebhookScript};
pub use server::MockServer;
pub use webhook::{Delivery, WebhookPolicy};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
