//! The parsers of what others wrote, with what holds for any bytes, for the fuzz targets in `tests/fuzz`. It is compiled for them
//! alone: `cargo fuzz` sets the condition `fuzzing`.

use crate::calls::{queue::batch::journal::lines, realtime::codec};
use crate::entry_points::webhook::verify;
use crate::services::download::data_uri;
use crate::transport::{http::sse, timestamp};

/// A data URI in an output.
pub fn data_uri(bytes: &[u8]) {
    data_uri::check_any(bytes);
}

/// An event stream, with the size of its pieces.
pub fn event_stream(bytes: &[u8]) {
    sse::check_any(bytes);
}

/// A journal of a batch.
pub fn journal(bytes: &[u8]) {
    lines::check_any(bytes);
}

/// A message of a realtime connection.
pub fn messagepack(bytes: &[u8]) {
    codec::check_any(bytes);
}

/// A time, as RFC 3339 writes it.
pub fn timestamp(bytes: &[u8]) {
    timestamp::check_any(bytes);
}

/// The four headers of a webhook.
pub fn webhook_headers(bytes: &[u8]) {
    verify::check_any(bytes);
}
