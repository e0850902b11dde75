//! The HTTP server: the listener, the service behind it, and the routes.

mod access;
mod apply_fault;
mod call;
mod codec;
pub(crate) mod context;
pub(crate) mod listen;
mod pattern;
pub(crate) mod restart;
pub(crate) mod routes;
pub(crate) mod service;
pub(crate) mod settings;
mod silence;
mod socket;
mod suggest;
mod table;
#[cfg(feature = "tls")]
pub(crate) mod tls;
#[cfg(not(feature = "tls"))]
#[path = "serve/no_tls.rs"]
pub(crate) mod tls;
