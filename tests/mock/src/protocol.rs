//! The vocabulary of fal: ids of applications, hosts, and kinds of routes.

pub(crate) mod app_id;
pub(crate) mod host;
pub(crate) mod route;
