//! What surrounds calls: storage, downloads, streams, realtime, webhooks, the
//! platform API, against a local server.

mod downloads;
mod storage;
mod stream;
mod webhook;
