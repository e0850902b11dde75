//! What surrounds calls: storage, downloads, streams, realtime, webhooks, the
//! platform API, against a local server.

mod download_safety;
mod downloads;
mod platform;
mod proxy;
mod realtime;
mod storage;
mod stream;
mod webhook;
mod webhook_keys;
mod workflow;
