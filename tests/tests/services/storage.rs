//! Uploads.

mod connections;
mod media;
mod parts;
mod readers;
mod repositories;
mod safety;
mod whole;

use fal_mock::{MockServer, Route};

/// A server that keeps uploads.
async fn server() -> MockServer {
    fal_tests::sample::server(fal_tests::sample::script()).await
}

/// Bytes of which no two stretches are alike.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// How often each of the routes was asked.
fn counts<const N: usize>(server: &MockServer, routes: [Route; N]) -> [u64; N] {
    routes.map(|route| server.count(route))
}
