//! What a crate with endpoints of its own looks like: `build.rs` generates them from `schemas`, and they are called
//! like those of `fal-sdk`.
#![deny(warnings, missing_docs)]

include!(concat!(env!("OUT_DIR"), "/endpoints.rs"));

pub use endpoints::studio::portrait::caption::{CaptionInput, CaptionOutput};
pub use endpoints::studio::portrait::{PortraitInput, PortraitOutput};
