//! The bodies of errors, in every shape that fal's servers send.

use std::mem;

use serde_json::{Map, Value};

use crate::contract::wire::{Decode, DecodeError, pointer_segment};
use crate::transport::redact::Secrets;

/// An error that the server reports for one field of the input.
///
/// Source: <https://docs.fal.ai/errors>.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldError {
    location: Vec<Value>,
    message: String,
    error_type: String,
    context: Map<String, Value>,
    url: Option<String>,
}

impl FieldError {
    /// Returns the path to the field as the server sent it, such as
    /// `["body", "images", 0, "url"]`: names of fields, and indexes of list items.
    pub fn location(&self) -> &[Value] {
        &self.location
    }

    /// Returns the path to the field as a JSON pointer into the input, such as
    /// `/images/0/url`; empty for the input as a whole.
    pub fn pointer(&self) -> String {
        let below_body = match self.location.first().and_then(Value::as_str) {
            Some("body") => &self.location[1..],
            _ => &self.location[..],
        };
        below_body.iter().fold(String::new(), |pointer, part| {
            pointer + &pointer_segment(&part_text(part))
        })
    }

    /// Returns the server's message about this field.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the machine-readable type, such as `image_too_small`; empty if the
    /// server sent none.
    pub fn error_type(&self) -> &str {
        &self.error_type
    }

    /// Returns what the server sent besides the message, by name, such as the limit
    /// `min_width` that was broken; empty if it sent nothing.
    pub fn context(&self) -> &Map<String, Value> {
        &self.context
    }

    /// Returns the URL at which the error is documented, if the server sent one.
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// Removes the secrets of the request from the server's texts.
    pub(super) fn redact(&mut self, secrets: &Secrets) {
        if secrets.is_empty() {
            return;
        }
        self.message = secrets.redact(mem::take(&mut self.message));
        self.error_type = secrets.redact(mem::take(&mut self.error_type));
        self.url = self.url.take().map(|url| secrets.redact(url));
        for value in self.location.iter_mut().chain(self.context.values_mut()) {
            redact_value(value, secrets);
        }
    }
}

fn redact_value(value: &mut Value, secrets: &Secrets) {
    match value {
        Value::String(text) => *text = secrets.redact(mem::take(text)),
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| redact_value(item, secrets)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|member| redact_value(member, secrets)),
        _ => {}
    }
}

fn part_text(part: &Value) -> String {
    part.as_str()
        .map_or_else(|| part.to_string(), str::to_owned)
}

impl Decode for FieldError {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        let members = Map::decode(value)?;
        let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
        Ok(Self {
            location: members
                .get("loc")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default(),
            message: text("msg").or_else(|| text("message")).unwrap_or_default(),
            error_type: text("type").unwrap_or_default(),
            context: members
                .get("ctx")
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default(),
            url: text("url"),
        })
    }
}

/// What was read from an error body.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct ApiBody {
    /// The server's message; empty if it sent none.
    pub(crate) message: String,
    pub(crate) error_type: Option<String>,
    /// The id of the request, which the platform API puts into its envelope.
    pub(crate) request_id: Option<String>,
    pub(crate) field_errors: Vec<FieldError>,
    /// Whether the body is JSON of one of the known shapes, so that the message
    /// comes from fal or a model and not from a proxy.
    pub(crate) recognised: bool,
}

impl ApiBody {
    pub(crate) fn parse(body: &[u8]) -> Self {
        match serde_json::from_slice::<Value>(body) {
            Ok(Value::Object(members)) => Self::of_object(&members, body),
            Ok(Value::Array(items)) => Self::of_list(&items, body),
            _ => Self::unrecognised(body),
        }
    }

    fn of_object(members: &Map<String, Value>, body: &[u8]) -> Self {
        let envelope = members.get("error").and_then(Value::as_object);
        let enveloped = |name: &str| envelope.and_then(|envelope| text(envelope, name));
        let error_type = text(members, "error_type")
            .or_else(|| enveloped("type"))
            .or_else(|| enveloped("error_type"))
            .or_else(|| enveloped("code"));
        let detail = detail_of(members, 0);
        let field_errors = detail
            .and_then(Value::as_array)
            .map(|items| field_errors(items))
            .unwrap_or_default();
        let words = summary(&field_errors)
            .or_else(|| detail.and_then(message_of))
            .or_else(|| text(members, "message"))
            .or_else(|| members.get("error").and_then(message_of))
            .or_else(|| text(members, "status"));
        Self {
            recognised: words.is_some() || error_type.is_some(),
            message: words.unwrap_or_else(|| plain(body)),
            error_type,
            request_id: enveloped("request_id"),
            field_errors,
        }
    }

    /// A list of field errors without an object around it.
    fn of_list(items: &[Value], body: &[u8]) -> Self {
        let field_errors = field_errors(items);
        match summary(&field_errors) {
            Some(message) => Self {
                recognised: true,
                message,
                field_errors,
                ..Self::default()
            },
            None => Self::unrecognised(body),
        }
    }

    fn unrecognised(body: &[u8]) -> Self {
        Self {
            message: plain(body),
            ..Self::default()
        }
    }
}

/// The `detail` of an error, also of one that is wrapped in another, as in
/// `{"error": {"body": {"detail": …}}}` and
/// `{"error": {"details": {"upstreamPayload": {"detail": …}}}}`.
fn detail_of(members: &Map<String, Value>, depth: usize) -> Option<&Value> {
    const WRAPPERS: [&str; 5] = ["error", "body", "details", "upstreamPayload", "payload"];
    const DEEPEST: usize = 5;
    if let Some(detail) = members.get("detail").filter(|detail| !detail.is_null()) {
        return Some(detail);
    }
    if depth == DEEPEST {
        return None;
    }
    WRAPPERS
        .iter()
        .filter_map(|wrapper| members.get(*wrapper)?.as_object())
        .find_map(|wrapped| detail_of(wrapped, depth + 1))
}

/// The field errors among the items; items of another shape are skipped.
fn field_errors(items: &[Value]) -> Vec<FieldError> {
    let is_one = |item: &&Value| {
        ["msg", "message", "loc"]
            .iter()
            .any(|name| item.get(name).is_some())
    };
    items
        .iter()
        .filter(is_one)
        .filter_map(|item| FieldError::decode(item).ok())
        .collect()
}

fn text(members: &Map<String, Value>, name: &str) -> Option<String> {
    members
        .get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// A text, or the `message` of the platform API's envelope
/// (`{"error": {"message": …}}`), or any other value as JSON.
fn message_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Object(members) => text(members, "message").or_else(|| Some(value.to_string())),
        other => Some(other.to_string()),
    }
}

/// The message of the first field error, and the number of further ones.
fn summary(errors: &[FieldError]) -> Option<String> {
    let first = errors.first()?;
    let place = match first.pointer() {
        pointer if pointer.is_empty() => String::new(),
        pointer => format!(" at {pointer}"),
    };
    let more = match errors.len() - 1 {
        0 => String::new(),
        count => format!(", and {count} more"),
    };
    Some(format!("{}{place}{more}", first.message))
}

/// The body as text, cut to 300 characters; for an HTML page, as proxies send, its title.
fn plain(body: &[u8]) -> String {
    const LONGEST: usize = 300;
    let text = String::from_utf8_lossy(body);
    let text = title(&text).unwrap_or(text.trim());
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn title(html: &str) -> Option<&str> {
    let (_, rest) = html.split_once("<title>")?;
    let (title, _) = rest.split_once("</title>")?;
    Some(title.trim())
}
