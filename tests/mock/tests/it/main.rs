//! The mock as a plain HTTP client sees it: every route, every fault.

mod queue;
mod server;
mod support;
