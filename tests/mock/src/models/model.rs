//! The input schema and the output of a model, as its document describes them.

use serde_json::Value;

use super::{
    media::{self, CDN_PLACEHOLDER},
    schema::{Schema, Violation},
};

/// The input schema of an endpoint, and the output that it returns unless a script says otherwise.
#[derive(Debug)]
pub(crate) struct Model {
    input: Option<Schema>,
    /// The output, with URLs of files on this server.
    output: Template,
    /// The output, with URLs of files as in the document's examples.
    verbatim: Template,
}

impl Model {
    pub(crate) fn compile(document: &Value, id: &str) -> Self {
        let output = output(document, id);
        let mut local = output.clone();
        media::localize(&mut local, "output");
        Self {
            input: input_schema(document, id).map(|schema| Schema::compile(document, schema)),
            output: Template::new(&local),
            verbatim: Template::new(&output),
        }
    }

    /// The violations of the input schema or, if there are none, the files of the input that cannot be downloaded.
    pub(crate) fn violations(&self, input: &Value) -> Vec<Violation> {
        let Some(schema) = &self.input else {
            return Vec::new();
        };
        let found = schema.violations(input, "body");
        match found.is_empty() {
            true => schema.failed_downloads(input, "body"),
            false => found,
        }
    }

    /// The output as JSON text, with files below `cdn`.
    pub(crate) fn output(&self, cdn: &str, verbatim: bool) -> String {
        let template = if verbatim {
            &self.verbatim
        } else {
            &self.output
        };
        template.render(cdn)
    }
}

/// JSON text without the base URL of the CDN, which is different for each request.
#[derive(Debug)]
struct Template(Vec<String>);

impl Template {
    fn new(value: &Value) -> Self {
        Self(
            value
                .to_string()
                .split(CDN_PLACEHOLDER)
                .map(str::to_owned)
                .collect(),
        )
    }

    fn render(&self, cdn: &str) -> String {
        self.0.join(cdn)
    }
}

/// The output that the document describes.
fn output(document: &Value, id: &str) -> Value {
    let content = content(
        document,
        &format!("/{id}/requests/{{request_id}}"),
        &["get", "responses", "200"],
    );
    let Some(schema) = content.and_then(|content| content.get("schema")) else {
        return Value::Object(serde_json::Map::new());
    };
    match Schema::compile(document, schema).instance("output") {
        Value::Null => Value::Object(serde_json::Map::new()),
        instance => instance,
    }
}

fn input_schema<'d>(document: &'d Value, id: &str) -> Option<&'d Value> {
    content(document, &format!("/{id}"), &["post", "requestBody"])?.get("schema")
}

fn content<'d>(document: &'d Value, path: &str, steps: &[&str]) -> Option<&'d Value> {
    let operation = document.get("paths")?.get(path)?;
    let holder = steps
        .iter()
        .try_fold(operation, |below, step| below.get(step))?;
    holder.get("content")?.get("application/json")
}
