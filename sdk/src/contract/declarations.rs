//! The macros with which generated code, and the replies of the platform API, declare their
//! types, and the one for structs that are written by hand.

mod object;
mod object_field;
mod open_enum;
mod union;
mod wire;
