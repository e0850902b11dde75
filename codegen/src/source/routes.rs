//! Diagnostics about the routes of a document.

use serde_json::Value;

use super::pointer::{last, push, unescaped};
use super::reference::inside;
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::text::shorten;

/// The number of routes that a message names.
const NAMED: usize = 3;

/// The number of references inside references that are followed.
const LONGEST_CHAIN: usize = 8;

/// The pointer to what a `$ref` at `pointer` leads to, or the pointer itself. A request or a response can be a component.
pub(super) fn followed(document: &Value, pointer: &str) -> String {
    let mut pointer = pointer.to_owned();
    for _ in 0..LONGEST_CHAIN {
        let object = document.pointer(&pointer);
        let reference = object.and_then(|object| object.get("$ref")?.as_str());
        match reference.and_then(|reference| inside(document, reference)) {
            Some((target, _)) => pointer = target,
            None => break,
        }
    }
    pointer
}

/// The pointer to the response with which an operation succeeds: `200`, else another one that means success, else `default`.
pub(super) fn success(document: &Value, operation: &str) -> String {
    let responses = format!("{operation}/responses");
    let statuses = document.pointer(&responses).and_then(Value::as_object);
    let rank = |status: &str| match status {
        "200" => Some(0),
        "default" => Some(2),
        status => status.starts_with('2').then_some(1),
    };
    let ranked = statuses.into_iter().flatten();
    let ranked = ranked.filter_map(|(status, _)| Some((rank(status)?, status.as_str())));
    let status = ranked.min().map_or("200", |(_, status)| status);
    followed(document, &push(&responses, status))
}

/// Reports an input or an output that has no schema.
pub(super) fn undescribed(path: &str, pointer: &str, what: &str) -> Diagnostic {
    let message = format!("the document does not describe the {what}");
    let location = Location::new(path, pointer);
    let fallback = match what {
        "input" => "any JSON object is accepted",
        _ => "any JSON value is accepted",
    };
    Diagnostic::new(Severity::Note, Code::Undescribed, location, message).fallback(fallback)
}

/// Reports the first member on the path of a pointer that exists, but is not an object.
pub(super) fn misshapen(path: &str, document: &Value, pointer: &str) -> Option<Diagnostic> {
    let ends = pointer.match_indices('/').skip(1).map(|(at, _)| at);
    let (mut way, mut value) = ("", document);
    let mut ends = ends.chain([pointer.len()]);
    while value.is_object() {
        way = &pointer[..ends.next()?];
        value = value.get(&*unescaped(last(way)))?;
    }
    let (name, found) = (unescaped(last(way)), shorten(&value.to_string(), 60));
    let message = format!("`{name}` is `{found}`, not an object");
    let location = Location::new(path, way);
    let diagnostic = Diagnostic::new(Severity::Warning, Code::MalformedKeyword, location, message);
    Some(
        diagnostic
            .fallback(format!("the content of `{name}` is ignored"))
            .help("fetch the document again; if it is still wrong, correct it with a fix-up"),
    )
}

/// Reports routes that take a body and are not the endpoint's.
pub(super) fn ignored(path: &str, routes: &[&str]) -> Option<Diagnostic> {
    let named: Vec<String> = routes
        .iter()
        .take(NAMED)
        .map(|route| format!("`{route}`"))
        .collect();
    let more = match routes.len().saturating_sub(NAMED) {
        0 if routes.is_empty() => return None,
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!(
        "the document describes other routes that take a body: {}{more}",
        named.join(", ")
    );
    let location = Location::new(path, "/paths");
    let diagnostic = Diagnostic::new(Severity::Warning, Code::IgnoredRoutes, location, message);
    Some(
        diagnostic
            .fallback("they are ignored, because a document describes one endpoint")
            .help("store a document for each endpoint"),
    )
}
