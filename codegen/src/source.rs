//! Documents as they are kept and read.

pub mod canonical;
