//! `next` and `recv` mean one thing each in the public API.

use super::rust;

/// What reads one item, in a file that is read by nobody but this crate.
const PRIVATE: [&str; 2] = [
    "sdk/src/services/storage/content.rs",
    "sdk/src/calls/queue/watch.rs",
];

/// `next` returns the next item of a sequence, and `recv` the next message of a connection; both `None` at the end. What has
/// one of them is a stream, too, or is split into one that is.
#[test]
fn sequences_have_next_and_connections_recv() {
    let mut found = 0;
    for (path, text) in rust("sdk/src") {
        if PRIVATE.contains(&path.as_str()) || path.starts_with("sdk/src/endpoints") {
            continue;
        }
        let wanted = match path.starts_with("sdk/src/calls/realtime/") {
            true => "recv",
            false => "next",
        };
        for line in text.lines() {
            let Some(signature) = line.trim_start().strip_prefix("pub async fn ") else {
                continue;
            };
            let name = signature.split(['(', '<']).next().unwrap_or_default();
            if !matches!(name, "next" | "recv" | "try_next" | "receive" | "read") {
                continue;
            }
            found += 1;
            assert_eq!(name, wanted, "{path}");
            let is_whole = signature.contains("(&mut self) -> Option<Result<");
            assert!(is_whole, "{path}: {signature}");
            assert!(
                text.contains(" Stream for "),
                "{path}: {name} without a stream"
            );
        }
    }
    assert!(
        found >= 10,
        "only {found} of them: are they written otherwise now?"
    );
}
