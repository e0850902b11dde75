//! The queue, from submit to result, against a local server.

mod basics;
mod errors;
mod options;
mod streams;
