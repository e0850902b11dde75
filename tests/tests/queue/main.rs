//! The queue, from submit to result, against a local server.

mod basics;
mod options;
mod errors;
mod streams;
