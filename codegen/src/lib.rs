//! Turns fal.ai OpenAPI documents into Rust types for `fal-sdk`.
