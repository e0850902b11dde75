//! Checks of the parsers of untrusted data that must hold for any bytes, for the fuzz targets in `tests/fuzz`. The module is compiled
//! only for them: `cargo fuzz` sets the condition `fuzzing`.

use crate::calls::{queue::batch::journal::lines, realtime::codec};
use crate::entry_points::webhook::verify;
use crate::services::download::data_uri;
use crate::transport::{http::sse, timestamp};

/// Checks the parser of data URIs in outputs.
pub fn data_uri(bytes: &[u8]) {
    data_uri::check_any(bytes);
}

/// Checks the parser of event streams. The first byte sets the size of the pieces.
pub fn event_stream(bytes: &[u8]) {
    sse::check_any(bytes);
}

/// Checks the parser of the journals of batches.
pub fn journal(bytes: &[u8]) {
    lines::check_any(bytes);
}

/// Checks the parser of messages of a realtime connection.
pub fn messagepack(bytes: &[u8]) {
    codec::check_any(bytes);
}

/// Checks the parser of timestamps (RFC 3339).
pub fn timestamp(bytes: &[u8]) {
    timestamp::check_any(bytes);
}

/// Checks the parser of the four headers of a webhook, which a zero byte separates.
pub fn webhook_headers(bytes: &[u8]) {
    verify::check_any(bytes);
}
