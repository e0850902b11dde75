//! Whether users get the crates from the registry or from a checkout.

/// Whether the crates are on the registry. `cargo xtask release` sets it to `true`, and changes the documentation accordingly.
pub const IS_RELEASED: bool = false;
