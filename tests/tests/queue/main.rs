//! The queue, from submit to result, against a local server.

mod basics;
mod errors;
mod faults;
mod options;
mod streams;
