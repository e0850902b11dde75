//! How it is served: the listener, the service behind it, and the routes.

mod access;
mod call;
mod codec;
pub(crate) mod listen;
mod muted;
mod pattern;
pub(crate) mod routes;
pub(crate) mod service;
pub(crate) mod settings;
mod socket;
mod spoil;
mod suggest;
mod table;
pub(crate) mod tls;
