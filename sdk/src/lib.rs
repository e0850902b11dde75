//! Typed Rust SDK for the generative-media models of fal.ai.
