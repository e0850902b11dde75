//! What a document says a model takes and gives.

use serde_json::Value;

use super::{
    media::{self, MARK},
    schema::{Schema, Violation},
};

/// An endpoint's input schema, and the output it answers with unless scripted otherwise.
#[derive(Debug)]
pub(crate) struct Model {
    input: Option<Schema>,
    /// Files point at the mock's CDN.
    output: Template,
    /// Files as the document's examples have them.
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

    /// What is wrong with an input, as the model's server says it.
    pub(crate) fn violations(&self, input: &Value) -> Vec<Violation> {
        self.input
            .as_ref()
            .map_or_else(Vec::new, |schema| schema.violations(input, "body"))
    }

    /// The output's text, with files below `cdn`.
    pub(crate) fn output(&self, cdn: &str, verbatim: bool) -> String {
        let template = if verbatim {
            &self.verbatim
        } else {
            &self.output
        };
        template.render(cdn)
    }
}

/// JSON text with holes where the CDN's base URL goes.
#[derive(Debug)]
struct Template(Vec<String>);

impl Template {
    fn new(value: &Value) -> Self {
        Self(value.to_string().split(MARK).map(str::to_owned).collect())
    }

    fn render(&self, cdn: &str) -> String {
        self.0.join(cdn)
    }
}

/// The document's examples over a valid instance.
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
