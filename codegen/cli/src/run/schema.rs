//! The schema of a model's input, as the document states it.

use crate::{Error, ids::nearest, schemas::Layout};
use fal_codegen::source::EndpointId;
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::fs;

/// The input schema of a model.
#[derive(Debug)]
pub(super) struct InputSchema {
    /// The schema of the whole input; references are followed below `components`.
    schema: Value,
    components: Value,
}

impl InputSchema {
    /// Reads the document of a model.
    pub(super) fn read(id: &EndpointId, layout: &Layout) -> Result<Self, Error> {
        let path = layout.documents.join(id.document_path());
        let bytes = fs::read(&path).map_err(|error| Error::file("read", &path, &error))?;
        let document: Value = serde_json::from_slice(&bytes).map_err(|error| {
            Error::new(format!("{} is not JSON: {error}", path.display()))
                .help(format!("cargo fal update {id}"))
        })?;
        Ok(Self::of_document(document, id))
    }

    fn of_document(mut document: Value, id: &EndpointId) -> Self {
        let operation = &mut document["paths"][format!("/{id}")]["post"];
        let schema = operation["requestBody"]["content"]["application/json"]["schema"].take();
        let mut components = document["components"].take();
        let mut schema = match schema {
            Value::Null => json!(true),
            schema => schema,
        };
        allow_null(&mut schema);
        allow_null(&mut components);
        Self { schema, components }
    }

    /// The properties of the input.
    fn properties(&self) -> Option<&Map<String, Value>> {
        self.resolve(&self.schema)?.get("properties")?.as_object()
    }

    /// Follows the references of a schema.
    fn resolve<'a>(&'a self, mut schema: &'a Value) -> Option<&'a Value> {
        // A chain that is longer leads back to itself.
        for _ in 0..16 {
            let single = schema.get("allOf").and_then(Value::as_array);
            let inner = single.and_then(|all| (all.len() == 1).then(|| &all[0]));
            let reference = schema.get("$ref").and_then(Value::as_str);
            schema = match (reference, inner) {
                (Some(reference), _) => {
                    let pointer = reference.strip_prefix("#/components")?;
                    self.components.pointer(pointer)?
                }
                (None, Some(inner)) if schema.get("properties").is_none() => inner,
                _ => return Some(schema),
            };
        }
        None
    }

    /// The schema of an option.
    ///
    /// # Errors
    ///
    /// If the model has no such option; the error names similar ones.
    pub(super) fn option(&self, name: &str) -> Result<Value, Error> {
        let Some(properties) = self.properties() else {
            return Ok(json!(true));
        };
        if let Some(schema) = properties.get(name) {
            return Ok(schema.clone());
        }
        let names: Vec<&str> = properties.keys().map(String::as_str).collect();
        let near = nearest(name, names.iter().copied());
        let help = match near.as_slice() {
            [] => format!("its options are {}", names.join(", ")),
            near => format!("did you mean {}?", near.join(" or ")),
        };
        Err(Error::new(format!("the model has no option `{name}`")).help(help))
    }

    /// Whether a value is valid for an option. If its schema cannot be used, every value is.
    pub(super) fn is_valid(&self, option: &Value, value: &Value) -> bool {
        self.validator(option)
            .is_none_or(|validator| validator.is_valid(value))
    }

    /// Checks a whole input.
    ///
    /// # Errors
    ///
    /// The error has all violations.
    pub(super) fn check(&self, input: &Value) -> Result<(), Error> {
        let Some(validator) = self.validator(&self.schema) else {
            eprintln!(
                "note: the schema of the model cannot be used; the model is the first to check the input"
            );
            return Ok(());
        };
        let lines: Vec<String> = validator
            .iter_errors(input)
            .map(|error| match error.instance_path().to_string() {
                path if path.is_empty() => error.to_string(),
                path => format!("{path}: {error}"),
            })
            .collect();
        match lines.is_empty() {
            true => Ok(()),
            false => Err(Error::new(format!(
                "the model does not take this input:\n  {}",
                lines.join("\n  ")
            ))
            .help("nothing was sent; `cargo fal run ID --help` lists the options of the model")),
        }
    }

    fn validator(&self, schema: &Value) -> Option<Validator> {
        let whole = json!({"allOf": [schema], "components": self.components});
        jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .build(&whole)
            .ok()
    }
}

/// Rewrites `nullable` of OpenAPI 3.0 as JSON Schema.
fn allow_null(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(allow_null),
        Value::Object(members) => {
            members.values_mut().for_each(allow_null);
            if members.remove("nullable") == Some(Value::Bool(true)) {
                let own = Value::Object(std::mem::take(members));
                members.insert("anyOf".to_owned(), json!([own, {"type": "null"}]));
            }
        }
        _ => {}
    }
}
