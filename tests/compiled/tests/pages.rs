//! The Rust programs of the pages of all fixtures: that they compile, without a warning, is what is tested here.
#![deny(warnings)]
#![allow(dead_code)]

include!("../../fixtures/pages/programs.in");
