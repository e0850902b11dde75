//! Helpers shared by the cross-crate tests.

pub mod diff;
pub mod fixture;
pub mod process;
pub mod raw_server;
pub mod relay;
pub mod sample;
pub mod served;
