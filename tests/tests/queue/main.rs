//! The queue, from submit to result, against a local server.

mod backup;
mod basics;
mod batches;
mod billing;
mod blocking;
mod connections;
mod drops;
mod errors;
mod inputs;
mod journals;
mod many;
mod options;
mod results;
mod retries;
mod runtimes;
mod security;
mod streams;
mod typed_json;
mod words;
