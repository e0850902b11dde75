//! Diagnostics about the routes of a document.

use serde_json::Value;

use super::pointer::{last, unescaped};
use super::text::shorten;
use crate::diagnostic::{Code, Diagnostic, Location, Severity};

/// The number of routes that a message names.
const NAMED: usize = 3;

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
