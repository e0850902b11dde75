//! The mock as a plain HTTP client sees it: every route, every fault.

mod documents;
mod faults;
mod queue;
mod server;
mod support;
mod tls;
