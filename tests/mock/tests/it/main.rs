//! The mock as a plain HTTP client sees it: every route, every fault.

mod documents;
mod faults;
mod queue;
mod server;
mod storage;
mod streaming;
mod support;
mod tls;
mod webhooks;
