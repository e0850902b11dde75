//! Rewrites the URLs of files in an output, so that they point to this server.

use serde_json::{Map, Value};

use super::Kind;

/// A placeholder for the base URL of the CDN, which depends on the request. It is a private-use character, which no document
/// contains and JSON does not escape.
pub(crate) const CDN_PLACEHOLDER: &str = "\u{f8ff}";

/// Rewrites every URL of a file in `value`. `name` suggests the kind of files that is not known otherwise.
pub(crate) fn localize(value: &mut Value, name: &str) {
    match value {
        Value::Object(object) => {
            if object.get("url").is_some_and(is_address) {
                file(object, name);
            }
            for (key, below) in object.iter_mut().filter(|(key, _)| *key != "url") {
                localize(below, key);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| localize(item, name)),
        Value::String(text) if is_media(text) => {
            *text = address(text, of_path(text).unwrap_or(Kind::Bytes));
        }
        _ => {}
    }
}

/// Replaces the URLs of files in a generated output, which have placeholders, by the URLs that `url_of` returns for their names.
pub(crate) fn relocate(output: &str, url_of: impl Fn(&str) -> String) -> String {
    let mark = format!("{CDN_PLACEHOLDER}/files/mock/");
    let mut pieces = output.split(&mark);
    let mut moved = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_at(piece.find('"').unwrap_or(piece.len()));
        let quoted = Value::from(url_of(name)).to_string();
        moved.push_str(quoted.trim_matches('"'));
        moved.push_str(rest);
    }
    moved
}

/// Whether a value is a URL. The scheme is not checked, because some examples misspell it. Data URIs, which have no `//`, do not
/// count.
fn is_address(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.contains("://") || text.starts_with(CDN_PLACEHOLDER))
}

fn is_media(text: &str) -> bool {
    (text.starts_with("http://") || text.starts_with("https://")) && of_path(text).is_some()
}

/// Rewrites the URL of a file, and sets the other members of the object to those of the file on this server.
fn file(object: &mut Map<String, Value>, name: &str) {
    let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default();
    let said = Kind::from_content_type(text("content_type"));
    let kind = of_path(text("url"))
        .or(said)
        .unwrap_or_else(|| Kind::from_name(name));
    let url = address(text("url"), kind);
    let file_name = url.rsplit('/').next().unwrap_or_default().to_owned();
    let facts = [
        ("content_type", Value::from(kind.content_type())),
        ("file_name", Value::from(file_name)),
        ("file_size", Value::from(kind.file().len())),
    ];
    for (key, fact) in facts {
        if object.get(key).is_some_and(|said| !said.is_null()) {
            object.insert(key.to_owned(), fact);
        }
    }
    object.insert("url".to_owned(), Value::from(url));
}

fn of_path(url: &str) -> Option<Kind> {
    let (_, extension) = last_segment(url).rsplit_once('.')?;
    Kind::from_extension(extension)
}

fn last_segment(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}

/// The URL of a file on this server. It keeps the name, with the extension of the file that is served.
fn address(url: &str, kind: Kind) -> String {
    let last = last_segment(url);
    let (stem, extension) = last.rsplit_once('.').unwrap_or((last, kind.extension()));
    let extension = if kind == Kind::Bytes {
        extension
    } else {
        kind.extension()
    };
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    let stem: String = stem
        .chars()
        .filter(|letter| plain(*letter))
        .take(80)
        .collect();
    let stem = if stem.is_empty() { "output" } else { &stem };
    format!("{CDN_PLACEHOLDER}/files/mock/{stem}.{extension}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn files_are_relocated() {
        let output = format!(
            r#"{{"video":{{"url":"{CDN_PLACEHOLDER}/files/mock/a.mp4"}},"other":"{CDN_PLACEHOLDER}/files/mock/b.png"}}"#
        );
        assert_eq!(
            relocate(&output, |name| format!("https://b.example/r/{name}")),
            r#"{"video":{"url":"https://b.example/r/a.mp4"},"other":"https://b.example/r/b.png"}"#
        );
        assert_eq!(relocate("{}", |_| String::new()), "{}");
    }

    #[test]
    fn files_become_ours() {
        let mut output = json!({
            "video": {"url": "https://elsewhere.example/a/b_c.webm", "content_type": "video/webm", "file_size": 1, "file_name": null},
            "images": [{"url": "https://elsewhere.example/noextension"}],
            "preview": "https://elsewhere.example/x.jpg?sig=1",
            "docs": "https://elsewhere.example/manual",
        });
        localize(&mut output, "output");
        assert_eq!(
            output["video"]["url"],
            format!("{CDN_PLACEHOLDER}/files/mock/b_c.mp4")
        );
        assert_eq!(output["video"]["content_type"], "video/mp4");
        assert_eq!(output["video"]["file_size"], Kind::Video.file().len());
        assert!(output["video"]["file_name"].is_null());
        assert_eq!(
            output["images"][0]["url"],
            format!("{CDN_PLACEHOLDER}/files/mock/noextension.png")
        );
        assert_eq!(
            output["preview"],
            format!("{CDN_PLACEHOLDER}/files/mock/x.png")
        );
        assert_eq!(output["docs"], "https://elsewhere.example/manual");
    }
}
