//! What the server does beside answering requests: jobs run, and webhooks are delivered.

pub(crate) mod runner;
pub(crate) mod tasks;
pub(crate) mod webhook;
