//! Bodies of requests, and replies before they are sent.

pub(crate) mod body;
pub(crate) mod reply;
