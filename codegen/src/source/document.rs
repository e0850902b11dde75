//! One endpoint's OpenAPI document.

use std::collections::BTreeMap;

use serde_json::Value;

use super::pointer::{last, push, unescaped};
use super::reference::{DEFINITIONS, inner_name, inside, qualify_local};
use super::routes;
use super::scan::{Replaced, duplicates, readable};
use super::{EndpointId, Schema, Source, component, read_schema};
use crate::diagnostic::{Code, Diagnostic, Location, Severity};

/// The largest document that is read, in bytes. Real ones stay below 200 kB.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

/// An endpoint's document: its id and metadata, its input and its output.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The path of the source.
    pub path: String,
    /// The endpoint's id.
    pub id: EndpointId,
    /// The category of the model: `info.x-fal-metadata.category`.
    pub category: Option<String>,
    /// A text about the model: `info.x-fal-metadata.about`.
    pub about: Option<String>,
    /// The description of the model: `info.description`, if it describes the model.
    pub description: Option<String>,
    /// The labels and URLs of links: `playgroundUrl` and `documentationUrl` of `info.x-fal-metadata`.
    pub links: Vec<(&'static str, String)>,
    /// The schema of the request body.
    pub input: Schema,
    /// The schema of the result.
    pub output: Schema,
    /// The components by name: `components.schemas`.
    pub components: BTreeMap<String, Schema>,
    /// Diagnostics about the document outside of its schemas.
    pub diagnostics: Vec<Diagnostic>,
}

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    /// When the text is not valid JSON, or the JSON is not the document of an endpoint.
    pub fn read(source: &Source) -> Result<Self, Box<Diagnostic>> {
        Self::read_with_fixups(source, |_, _| {})
    }

    /// Reads a document; `apply` corrects the JSON once its id is known, before anything else is read.
    ///
    /// # Errors
    /// The errors of [`read`](Self::read).
    pub fn read_with_fixups(
        source: &Source,
        apply: impl FnOnce(&EndpointId, &mut Value),
    ) -> Result<Self, Box<Diagnostic>> {
        let (mut value, mut diagnostics) = parse(source)?;
        if let Some(version) = value.get("swagger").and_then(Value::as_str) {
            let message = format!(
                "the document is in the format Swagger {version}; only OpenAPI 3 is supported"
            );
            let help = "convert the document to OpenAPI 3";
            return Err(refuse(
                source,
                Code::NotAnEndpoint,
                "/swagger",
                message,
                help,
            ));
        }
        let id = endpoint_id(source, &value)?;
        apply(&id, &mut value);
        if DEFINITIONS
            .iter()
            .any(|name| source.text.contains(&format!("#/{name}/")))
        {
            qualify_local(&mut value);
        }
        let metadata = &value["info"]["x-fal-metadata"];
        let text = |name: &str| metadata[name].as_str().map(str::to_owned);
        let links = [("Playground", "playgroundUrl"), ("API", "documentationUrl")]
            .into_iter()
            .filter_map(|(label, name)| Some((label, text(name)?)))
            .collect();
        let input = input(source, &value, &id, &mut diagnostics)?;
        let output = output(source, &value, &id, &mut diagnostics);
        diagnostics.extend(routes::misshapen(
            &source.path,
            &value,
            "/components/schemas",
        ));
        Ok(Self {
            diagnostics,
            path: source.path.clone(),
            category: text("category"),
            about: text("about"),
            description: description(&value, &id),
            links,
            input,
            output,
            components: components(&value),
            id,
        })
    }

    /// The component that a reference names, if it exists, with its name.
    pub fn component(&self, reference: &str) -> Option<(&str, &Schema)> {
        let (name, schema) = component(&self.components, reference)?;
        Some((name, schema))
    }
}

fn parse(source: &Source) -> Result<(Value, Vec<Diagnostic>), Box<Diagnostic>> {
    if source.text.len() > MAX_BYTES {
        return Err(refuse(
            source,
            Code::TooLarge,
            "",
            format!("the document has more than {MAX_BYTES} bytes"),
            "fetch the document again; documents of endpoints are much smaller",
        ));
    }
    let parsed = parse_text(&source.text).map_err(|error| {
        let (code, help) = if error.to_string().starts_with("recursion limit") {
            (
                Code::TooDeep,
                "types that are nested this deeply cannot be used",
            )
        } else if error.is_eof() {
            let cut = "the file is cut off; fetch the document again";
            (Code::InvalidJson, cut)
        } else {
            let again = "fetch the document again, or correct the JSON by hand";
            (Code::InvalidJson, again)
        };
        let message = format!("the document is not valid JSON: {error}");
        refuse(source, code, "", message, help)
    })?;
    let mut diagnostics: Vec<_> = (parsed.replaced.iter())
        .map(|replaced| unreadable(source, replaced))
        .collect();
    let twice = parsed.duplicates.iter();
    diagnostics.extend(twice.map(|pointer| written_twice(source, pointer)));
    Ok((parsed.value, diagnostics))
}

/// The value of a JSON text, and what was wrong with the text.
struct Parsed {
    value: Value,
    replaced: Vec<Replaced>,
    duplicates: Vec<String>,
}

/// Reads the JSON of a document leniently: a byte order mark is ignored, and a number that is too large or half of a surrogate
/// pair is replaced.
///
/// # Errors
/// When the text is not valid JSON.
pub fn read_json(text: &str) -> Result<Value, serde_json::Error> {
    Ok(parse_text(text)?.value)
}

fn parse_text(text: &str) -> Result<Parsed, serde_json::Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let parsed = |text: &str, replaced| {
        let value = serde_json::from_str(text)?;
        Ok(Parsed {
            duplicates: duplicates(text, &value),
            value,
            replaced,
        })
    };
    parsed(text, Vec::new()).or_else(|error| {
        let (text, replaced) = readable(text);
        parsed(&text, replaced).map_err(|_| error)
    })
}

fn unreadable(source: &Source, replaced: &Replaced) -> Diagnostic {
    let Replaced {
        line,
        column,
        before,
        after,
    } = replaced;
    let what = match before.starts_with('\\') {
        true => "is half of a surrogate pair",
        false => "is larger than any number that is supported",
    };
    let message = format!("`{before}` at line {line} column {column} {what}");
    let location = Location::new(&source.path, "");
    Diagnostic::new(Severity::Warning, Code::UnreadableValue, location, message)
        .fallback(format!("`{after}` is read in its place"))
        .help("fetch the document again, or correct the JSON by hand")
}

fn written_twice(source: &Source, pointer: &str) -> Diagnostic {
    let message = format!(
        "`{}` is written twice in one object",
        unescaped(last(pointer))
    );
    let location = Location::new(&source.path, pointer);
    Diagnostic::new(Severity::Warning, Code::DuplicateKey, location, message)
        .fallback("the last one is used")
        .help("fetch the document again, or remove the member that is wrong")
}

fn refuse(
    source: &Source,
    code: Code,
    pointer: &str,
    message: impl Into<String>,
    help: &str,
) -> Box<Diagnostic> {
    let location = Location::new(&source.path, pointer);
    let diagnostic = Diagnostic::new(Severity::Error, code, location, message)
        .fallback("the endpoint was left out")
        .help(help);
    Box::new(diagnostic)
}

/// The description of the model. A description that contains the endpoint's id is about the document or its queue, and is left
/// out.
fn description(value: &Value, id: &EndpointId) -> Option<String> {
    let text = value["info"]["description"].as_str()?.trim();
    let is_about_model = !text.is_empty() && !text.contains(id.as_str());
    is_about_model.then(|| text.to_owned())
}

/// The id as the metadata states it, else as the first path that takes a body.
fn endpoint_id(source: &Source, value: &Value) -> Result<EndpointId, Box<Diagnostic>> {
    const PLACE: &str = "/info/x-fal-metadata/endpointId";
    let stated = value["info"]["x-fal-metadata"]["endpointId"].as_str();
    let posted = paths(value).find(|(_, item)| item.get("post").is_some());
    let (id, pointer) = match (stated, posted) {
        (Some(id), _) => (id, PLACE.to_owned()),
        (None, Some((path, _))) => (path.trim_start_matches('/'), push("/paths", path)),
        (None, None) => {
            return Err(refuse(
                source,
                Code::NotAnEndpoint,
                "",
                "the JSON is not the document of an endpoint: it has neither \
                 `info.x-fal-metadata.endpointId` nor a path with `post`",
                "fetch the document again; an error page may have been stored in its place",
            ));
        }
    };
    EndpointId::parse(id).map_err(|error| {
        let help = "fetch the document again; no file or module can have this name";
        refuse(
            source,
            Code::InvalidEndpointId,
            &pointer,
            format!("the {error}"),
            help,
        )
    })
}

/// The paths in the order of their names, whatever order the JSON has.
fn paths(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let mut paths: Vec<_> = value["paths"].as_object().into_iter().flatten().collect();
    paths.sort_by_key(|(path, _)| path.as_str());
    paths.into_iter()
}

fn input(
    source: &Source,
    value: &Value,
    id: &EndpointId,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Schema, Box<Diagnostic>> {
    let path = paths(value)
        .find(|(path, item)| {
            path.strip_prefix('/') == Some(id.as_str()) && item.get("post").is_some()
        })
        .or_else(|| paths(value).find(|(_, item)| item.get("post").is_some()))
        .map(|(path, _)| path);
    let Some(path) = path else {
        return Err(refuse(
            source,
            Code::NotAnEndpoint,
            "/paths",
            "the document has no path with `post`, so the endpoint has no input",
            "fetch the document again",
        ));
    };
    let others = paths(value).filter(|(other, item)| *other != path && item.get("post").is_some());
    let others: Vec<&str> = others.map(|(path, _)| path.as_str()).collect();
    diagnostics.extend(routes::ignored(&source.path, &others));
    let request = routes::followed(value, &(push("/paths", path) + "/post/requestBody"));
    Ok(body(source, value, &request, "input", diagnostics))
}

/// The schema of the output, which is at the result route. A document without queue routes has it at the `post`.
fn output(
    source: &Source,
    value: &Value,
    id: &EndpointId,
    diagnostics: &mut Vec<Diagnostic>,
) -> Schema {
    let own = push("/paths", &format!("/{id}/requests/{{request_id}}")) + "/get";
    let results = paths(value).filter(|(path, item)| {
        let last = path.rsplit_once("/requests/{");
        last.is_some_and(|(_, last)| !last.contains('/')) && item.get("get").is_some()
    });
    let results = results.map(|(path, _)| push("/paths", path) + "/get");
    let has_queue = paths(value).any(|(path, _)| path.contains("/requests/"));
    let posts = paths(value).filter(|(_, item)| !has_queue && item.get("post").is_some());
    let posts = posts.map(|(path, _)| push("/paths", path) + "/post");
    let mut operations = [own.clone()].into_iter().chain(results).chain(posts);
    let found = operations.find(|operation| value.pointer(operation).is_some());
    let response = routes::success(value, &found.unwrap_or(own));
    body(source, value, &response, "output", diagnostics)
}

/// The schema in the content of a request or a response: the JSON one, else the first.
fn body(
    source: &Source,
    value: &Value,
    around: &str,
    what: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Schema {
    let pointer = format!("{around}/content");
    let misshapen = routes::misshapen(&source.path, value, &pointer);
    let content = value.pointer(&pointer).and_then(Value::as_object);
    let media = content.and_then(|content| {
        let essence = |name: &str| name.split(';').next().map(str::trim).map(str::to_lowercase);
        let is_json = |name: &str| essence(name).as_deref() == Some("application/json");
        let least = content
            .iter()
            .min_by_key(|(name, _)| (!is_json(name), name.as_str()));
        least.map(|(name, body)| (push(&pointer, name), body))
    });
    let schema = media.as_ref().and_then(|(pointer, body)| {
        let schema = body.get("schema")?;
        Some(read_schema(schema, &push(pointer, "schema")))
    });
    let is_silent = schema.is_none() && misshapen.is_none();
    diagnostics.extend(misshapen);
    diagnostics.extend(is_silent.then(|| routes::undescribed(&source.path, &pointer, what)));
    schema.unwrap_or_else(|| match media {
        Some((media, _)) => Schema::unspecified(push(&media, "schema")),
        None => Schema::unspecified(pointer),
    })
}

/// The components, and the schemas inside them or elsewhere in the document that references lead to.
fn components(value: &Value) -> BTreeMap<String, Schema> {
    let schemas = value["components"]["schemas"].as_object();
    let schemas = schemas.into_iter().flatten();
    let mut components: BTreeMap<String, Schema> = schemas
        .map(|(name, schema)| {
            let pointer = push("/components/schemas", name);
            (name.clone(), read_schema(schema, &pointer))
        })
        .collect();
    let mut references = Vec::new();
    collect_references(value, &mut references);
    let is_schema = |reference: &&str| {
        let part = reference.strip_prefix("#/components/");
        part.is_none_or(|part| part.starts_with("schemas/"))
    };
    for reference in references.into_iter().filter(is_schema) {
        if component(&components, reference).is_none()
            && let Some((pointer, schema)) = inside(value, reference)
        {
            components.insert(inner_name(&pointer), read_schema(schema, &pointer));
        }
    }
    components
}

fn collect_references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(reference) if name == "$ref" => found.push(reference),
                    member => collect_references(member, found),
                }
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_references(item, found)),
        _ => {}
    }
}
