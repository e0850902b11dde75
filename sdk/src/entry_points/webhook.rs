//! Webhooks: verifying that fal sent them, and reading them.
//!
//! When a job that was submitted with a webhook is over, fal posts its outcome to the
//! webhook's URL, signed with one of fal's Ed25519 keys. Everything here works on the
//! headers and the raw bytes of the request's body, whatever web framework received them:
//!
//! ```no_run
//! # use fal_sdk::Input;
//! use fal_sdk::webhook::{Outcome, Verifier};
//! # use fal_sdk::webhook::VerifyError;
//! # async fn example<I: Input>(
//! #     verifier: Verifier,
//! #     headers: Vec<(String, String)>,
//! #     body: Vec<u8>,
//! # ) -> Result<(), VerifyError> {
//! let event = verifier.event::<I>(&headers, &body).await?;
//! match event.outcome {
//!     Outcome::Output(output) => { /* … */ }
//!     Outcome::Failed(error) => println!("{error}"),
//!     // For example, the output was too large to be sent: `event.job(&fal)` fetches it.
//!     Outcome::NotSent(why) => println!("{why}"),
//!     _ => {}
//! }
//! # Ok(())
//! # }
//! ```
//!
//! fal repeats a delivery until it gets a reply with a 2xx status, so the same event can
//! arrive more than once: recognise it by its request id.
//!
//! Source: <https://fal.ai/docs/documentation/model-apis/inference/webhooks>.

mod event;
mod headers;
mod keys;
mod serialize;
pub(crate) mod verify;

pub use event::{Outcome, WebhookEvent};
pub use headers::WebhookHeaders;
pub use verify::{Verifier, VerifyError};
