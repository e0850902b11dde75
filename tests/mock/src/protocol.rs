//! The vocabulary of fal: ids of applications, buckets of callers, hosts, and kinds of routes.

pub(crate) mod app_id;
pub(crate) mod bucket;
pub(crate) mod host;
pub(crate) mod route;
