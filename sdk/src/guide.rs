//! A guide to this crate, with a page for each subject.
//!
//! | Page | Read it to |
//! |---|---|
//! | [`start`] | make your first call |
//! | [`queue`] | learn what happens between a submit and its output, and keep jobs across processes |
//! | [`many_machines`] | run a batch on many machines, through restarts and deployments |
//! | [`errors`] | decide what to do when a call fails, and learn which calls are retried |
//! | [`media`] | send files, and download what a model made |
//! | [`webhooks`] | be notified of results instead of waiting for them |
//! | [`browsers`] | let browsers and apps call models without having the key |
//! | [`testing`] | test your program without a key |
//! | [`network`] | choose the TLS library, trust certificates of your own, and call through a network proxy |
//! | [`platform`] | read prices and usage, and call every other operation of the platform API |
//! | [`tools`] | let a language model call media models |
//! | [`schemas`] | handle models that change, and use models without generated types |
//! | [`endpoint_list`] | find the module and the feature of a model |
//!
//! The examples are run against a local server when this crate is tested. The code that starts the server is hidden:
//! in all examples, `fal` is a [`Client`](crate::Client).

#[doc = include_str!("guide/start.md")]
pub mod start {}

#[doc = include_str!("guide/queue.md")]
pub mod queue {}

#[doc = include_str!("guide/many_machines.md")]
pub mod many_machines {}

#[doc = include_str!("guide/errors.md")]
pub mod errors {}

#[doc = include_str!("guide/media.md")]
pub mod media {}

#[doc = include_str!("guide/webhooks.md")]
pub mod webhooks {}

#[doc = include_str!("guide/browsers.md")]
pub mod browsers {}

#[doc = include_str!("guide/testing.md")]
pub mod testing {}

#[doc = include_str!("guide/network.md")]
pub mod network {}
#[doc = include_str!("guide/platform.md")]
pub mod platform {}

#[doc = include_str!("guide/tools.md")]
pub mod tools {}

#[doc = include_str!("guide/schemas.md")]
pub mod schemas {}

#[doc = include_str!("../ENDPOINTS.md")]
pub mod endpoint_list {}
