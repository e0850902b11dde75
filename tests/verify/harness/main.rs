//! Answers, for `cargo xtask verify`, what the generated types make of JSON values.
//!
//! Each line of standard input is `{"entry": 0, "direction": "input", "values": […]}`;
//! each line of standard output is the list of the answers. An answer is
//! `{"error": {"pointer", "message"}}` for a value that does not decode,
//! `{"violations": [{"pointer", "message"}, …]}` for one that breaks rules, and
//! otherwise `{"encoded": …}` (left out where it equals the value). Beside it there can
//! be `"unlisted"`, the enum values that the types do not list, and `"unvisited"`, how
//! many media fields an upload would miss. Without a direction the answer is
//! `{"endpoint": …, "input": …, "output": …}`: the id, and what `schema_for!` makes of
//! the types.

mod entries;

use std::error::Error;
use std::fmt::Debug;
use std::io::{BufRead, Write};

use fal_sdk::schema::schemars::{JsonSchema, schema_for};
use fal_sdk::wire::Decode;
use fal_sdk::validate::Rule;
use fal_sdk::{Input, Media, Validate};
use serde_json::{Map, Value, json};

/// The types of an endpoint.
pub struct Entry {
    endpoint: &'static str,
    input: fn(&Value) -> Value,
    output: fn(&Value) -> Value,
    schemas: fn() -> [Value; 2],
}

/// An endpoint whose input has a type.
pub const fn typed<I>() -> Entry
where
    I: Input + Decode + Clone + Debug + JsonSchema,
    I::Output: serde::Serialize + Debug + JsonSchema,
{
    Entry {
        endpoint: I::ENDPOINT,
        input: input::<I>,
        output: output::<I::Output>,
        schemas: schemas::<I, I::Output>,
    }
}

/// An endpoint whose input is any JSON value.
pub const fn untyped<O>(endpoint: &'static str) -> Entry
where
    O: Decode + serde::Serialize + Debug + JsonSchema,
{
    Entry {
        endpoint,
        input: output::<Value>,
        output: output::<O>,
        schemas: schemas::<Value, O>,
    }
}

fn schemas<I: JsonSchema, O: JsonSchema>() -> [Value; 2] {
    [schema_for!(I).to_value(), schema_for!(O).to_value()]
}

fn input<I: Input + Decode + Clone + Debug>(value: &Value) -> Value {
    let decoded = match I::decode(value) {
        Ok(decoded) => decoded,
        Err(error) => return refusal(&error),
    };
    if let Err(error) = decoded.validate() {
        let violations = error.violations().iter().filter(|violation| is_of_schema(&violation.rule));
        let violations: Vec<Value> = violations
            .map(|violation| {
                json!({ "pointer": violation.pointer, "message": violation.to_string() })
            })
            .collect();
        if !violations.is_empty() {
            return json!({ "violations": violations });
        }
    }
    let mut answer = encoded(value, &decoded);
    let mut visited = decoded;
    visited.for_each_media(&mut |media| *media = Media::url(SEEN));
    let text = format!("{visited:?}");
    observe(&mut answer, &text);
    let unvisited = tokens(&text, "Media(").filter(|rest| !is_visited(rest)).count();
    if unvisited > 0 {
        answer["unvisited"] = unvisited.into();
    }
    answer
}

/// That media is at a URL is no rule of the schemas, which have it as any text.
fn is_of_schema(rule: &Rule) -> bool {
    !matches!(rule, Rule::Url | Rule::RemoteUrl)
}

/// What every visited media value is replaced with.
const SEEN: &str = "seen";

/// A variant of a union may be called `Media` too.
fn is_visited(rest: &str) -> bool {
    rest.starts_with("seen)") || rest.starts_with("Media(")
}

fn output<O: Decode + serde::Serialize + Debug>(value: &Value) -> Value {
    match O::decode(value) {
        Ok(decoded) => {
            let mut answer = encoded(value, &decoded);
            observe(&mut answer, &format!("{decoded:?}"));
            answer
        }
        Err(error) => refusal(&error),
    }
}

fn refusal(error: &fal_sdk::DecodeError) -> Value {
    json!({ "error": { "pointer": error.pointer(), "message": error.message() } })
}

fn encoded(value: &Value, decoded: &impl serde::Serialize) -> Value {
    match serde_json::to_value(decoded) {
        Ok(encoded) if encoded == *value => Value::Object(Map::new()),
        Ok(encoded) => json!({ "encoded": encoded }),
        Err(error) => json!({ "unencodable": error.to_string() }),
    }
}

/// Notes the values that open enums hold in `Other`, as `Debug` writes them.
fn observe(answer: &mut Value, text: &str) {
    let unlisted: Vec<&str> = tokens(text, "Other(")
        .filter_map(|rest| match rest.strip_prefix('"') {
            Some(quoted) => Some(&rest[..quote_end(quoted) + 2]),
            None => rest.split(')').next().filter(|number| number.parse::<i64>().is_ok()),
        })
        .collect();
    if !unlisted.is_empty() {
        answer["unlisted"] = unlisted.into();
    }
}

/// What follows each occurrence of `token` as a word of its own outside quotes.
fn tokens<'a>(text: &'a str, token: &'a str) -> impl Iterator<Item = &'a str> {
    let mut at = 0;
    let mut word = false;
    std::iter::from_fn(move || {
        while at < text.len() {
            let rest = &text[at..];
            if let Some(quoted) = rest.strip_prefix('"') {
                at += quote_end(quoted) + 2;
                word = false;
                continue;
            }
            let inside = word;
            let first = rest.chars().next().unwrap_or(' ');
            word = first.is_alphanumeric() || first == '_';
            at += first.len_utf8();
            if !inside && let Some(found) = rest.strip_prefix(token) {
                return Some(found);
            }
        }
        None
    })
}

/// Where the quote that `quoted` is the inside of ends.
fn quote_end(quoted: &str) -> usize {
    let mut escaped = false;
    for (index, letter) in quoted.char_indices() {
        match letter {
            '"' if !escaped => return index,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    quoted.len().saturating_sub(1)
}

fn answer(line: &str) -> Result<Value, Box<dyn Error>> {
    let question: Value = serde_json::from_str(line)?;
    let index = question["entry"].as_u64().ok_or("no entry")? as usize;
    let entry = entries::ENTRIES.get(index).ok_or("no such entry")?;
    let judge = match question["direction"].as_str() {
        Some("input") => entry.input,
        Some(_) => entry.output,
        None => {
            let [input, output] = (entry.schemas)();
            return Ok(json!({ "endpoint": entry.endpoint, "input": input, "output": output }));
        }
    };
    let values = question["values"].as_array().ok_or("no values")?;
    Ok(values.iter().map(judge).collect())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        serde_json::to_writer(&mut output, &answer(&line?)?)?;
        output.write_all(b"\n")?;
        output.flush()?;
    }
    Ok(())
}
