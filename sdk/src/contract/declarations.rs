//! The macros that generated code declares its types with.

mod open_enum;
mod union;
mod wire;
