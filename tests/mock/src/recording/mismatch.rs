//! The message for a request that a recording does not have.

use std::fmt::Write as _;

use serde_json::json;
use similar::TextDiff;

use super::{address, exchange::RecordedRequest};

/// The message for a request without a recorded reply: a diff to the most similar recorded request.
pub(super) fn describe(request: &RecordedRequest, recorded: &[RecordedRequest]) -> String {
    let name = format!("{} {}", request.method, request.url);
    if recorded.iter().any(|other| other.is_same(request)) {
        let times = recorded
            .iter()
            .filter(|other| other.is_same(request))
            .count();
        return format!(
            "the recording has {name} only {times} times with this body, and it was requested once more"
        );
    }
    let Some(nearest) = nearest(request, recorded) else {
        return format!("the recording is empty, and has no reply to {name}");
    };
    let (old, new) = (text(nearest), text(request));
    let diff = TextDiff::from_lines(&old, &new);
    let mut message = format!(
        "the recording has no reply to {name}. The most similar recorded request (-) and this one (+):\n\n"
    );
    let diff = diff.unified_diff().context_radius(3).to_string();
    let _ = write!(
        message,
        "{diff}\nRecord again if the program is meant to send this."
    );
    message
}

/// The recorded request that is most similar to another: first by method and path, then by its text.
fn nearest<'r>(
    request: &RecordedRequest,
    recorded: &'r [RecordedRequest],
) -> Option<&'r RecordedRequest> {
    let wanted = text(request);
    let closeness = |other: &RecordedRequest| {
        let is_same_host = address::authority(&other.url) == address::authority(&request.url);
        let is_same_path = is_same_host && address::path(&other.url) == address::path(&request.url);
        let ratio = TextDiff::from_lines(&text(other), &wanted).ratio();
        let is_same_method = other.method == request.method;
        // Ratios are from 0 to 1.
        (
            is_same_path,
            is_same_method,
            is_same_host,
            (ratio * 1e6) as u32,
        )
    };
    recorded.iter().max_by_key(|other| closeness(other))
}

fn text(request: &RecordedRequest) -> String {
    let shown = json!({
        "method": request.method,
        "url": request.url,
        "body": request.body,
    });
    format!("{shown:#}\n")
}
