//! The types that a program starts from: a client, a blocking client, an endpoint
//! that is called with JSON, a verifier of webhooks.

#[cfg(feature = "blocking")]
pub mod blocking;
pub mod client;
pub(crate) mod untyped;
#[cfg(feature = "webhook")]
pub mod webhook;
