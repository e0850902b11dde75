//! How to use this crate, a page for each subject.
//!
//! | Page | When you |
//! |---|---|
//! | [`start`] | make your first call |
//! | [`queue`] | want to know what happens between a submit and its output, and to keep jobs across processes |
//! | [`errors`] | decide what to do when a call fails, and when a call is made again |
//! | [`media`] | send files, and fetch what a model made |
//! | [`webhooks`] | would rather be told than wait |
//! | [`testing`] | test your program without a key |
//! | [`schemas`] | meet a model that changed, or one that is not generated |
//!
//! The examples are run against a local server when this crate is tested. What
//! they do not show is how that server is started: `fal` is a [`Client`](crate::Client).

#[doc = include_str!("guide/start.md")]
pub mod start {}

#[doc = include_str!("guide/queue.md")]
pub mod queue {}

#[doc = include_str!("guide/errors.md")]
pub mod errors {}

#[doc = include_str!("guide/media.md")]
pub mod media {}

#[doc = include_str!("guide/webhooks.md")]
pub mod webhooks {}

#[doc = include_str!("guide/testing.md")]
pub mod testing {}

#[doc = include_str!("guide/schemas.md")]
pub mod schemas {}
