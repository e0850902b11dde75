//! The background work of the server: running jobs and delivering webhooks.

pub(crate) mod runner;
pub(crate) mod tasks;
pub(crate) mod webhook;
