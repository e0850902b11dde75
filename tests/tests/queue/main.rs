//! The queue, from submit to result, against a local server.

mod backup;
mod basics;
mod batches;
mod blocking;
mod drops;
mod errors;
mod faults;
mod inputs;
mod journals;
mod many;
mod options;
mod retries;
mod security;
mod streams;
mod typed_json;
