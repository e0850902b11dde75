//! Background work of the server: it runs jobs and delivers webhooks.

pub(crate) mod runner;
pub(crate) mod tasks;
pub(crate) mod webhook;
