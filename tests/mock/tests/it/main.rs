//! The mock as a plain HTTP client sees it: every route, every fault.

mod control;
mod documents;
mod faults;
mod hostile;
mod platform;
mod queue;
mod server;
mod storage;
mod streaming;
mod support;
mod tls;
mod webhooks;
