//! Where the crates are to be had.

/// Whether the crates are on the registry. `cargo xtask release` sets it, and makes the documentation agree with it.
pub const IS_RELEASED: bool = false;
