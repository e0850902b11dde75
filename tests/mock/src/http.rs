//! Requests and replies while they are not yet, or no longer, HTTP.

pub(crate) mod body;
pub(crate) mod reply;
