//! The fault table and the soak: what a hostile world does to calls, what callers
//! learn of it, and whether a job is paid for twice or lost.
//!
//! `cargo test --package fal-reliability` checks each row; `cargo xtask reliability`
//! runs the same rows and writes `docs/reliability.md`.

pub mod faults;
pub mod operations;
pub mod peers;
pub mod points;
pub mod report;
pub mod row;
pub mod setup;
pub mod soak;
pub mod suite;
