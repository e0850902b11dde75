//! A local fal.ai for tests: queue, direct runs, streams, from OpenAPI documents.
//!
//! It knows nothing of any client: inputs are checked, jobs run and errors worded as fal's servers do.

#![deny(missing_docs)]

mod app_id;
mod auth;
mod builder;
mod call;
mod documents;
mod error;
mod fault;
mod hosts;
mod job;
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
mod state;
mod tls;

pub use builder::MockServerBuilder;
pub use error::Error;
pub use fault::{CannedReply, CutAt, Fault, Injected, Injection};
pub use hosts::{Host, Urls};
pub use record::RequestRecord;
pub use route::Route;
pub use script::{Failure, Hold, LogLine, Script};
pub use server::{JobInfo, MockServer};
