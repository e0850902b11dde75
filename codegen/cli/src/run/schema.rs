//! The options of a model, from the schema of its input.

use crate::{Error, ids::did_you_mean, schemas::Layout};
use fal_codegen::source::{EndpointId, push_pointer};
use fal_sdk::InputSchema;
use serde_json::{Map, Value};
use std::fs;

/// The options of a model.
#[derive(Debug)]
pub(crate) struct Options {
    /// The schema of the whole input, if it can be used.
    schema: Option<InputSchema>,
}

impl Options {
    /// Reads the document of a model. If its schema cannot be used, that is reported, and every input counts as valid.
    pub(crate) fn read(id: &EndpointId, layout: &Layout) -> Result<Self, Error> {
        let path = layout.documents.join(id.document_path());
        let bytes = fs::read(&path).map_err(|error| Error::file("read", &path, &error))?;
        let document: Value = serde_json::from_slice(&bytes).map_err(|error| {
            Error::new(format!("{} is not JSON: {error}", path.display()))
                .help(format!("cargo fal update {id}"))
        })?;
        let schema = InputSchema::from_document(&document, id.as_str());
        if let Err(error) = &schema {
            eprintln!("note: the input is not checked before it is sent: {error}");
        }
        Ok(Self {
            schema: schema.ok(),
        })
    }

    /// The JSON Schema of the input, if it can be used.
    pub(crate) fn schema(&self) -> Option<&Value> {
        self.schema.as_ref().map(InputSchema::schema)
    }

    fn properties(&self) -> Option<&Map<String, Value>> {
        self.schema()?.get("properties")?.as_object()
    }

    /// Checks that the model has an option.
    ///
    /// # Errors
    ///
    /// If it does not; the error names similar ones.
    pub(crate) fn find(&self, name: &str) -> Result<(), Error> {
        let Some(properties) = self.properties() else {
            return Ok(());
        };
        if properties.contains_key(name) {
            return Ok(());
        }
        let names: Vec<&str> = properties.keys().map(String::as_str).collect();
        let near = did_you_mean(name, names.iter().copied());
        let help = near.unwrap_or_else(|| format!("its options are {}", names.join(", ")));
        Err(Error::new(format!("the model has no option `{name}`")).help(help))
    }

    /// Whether a value is valid for an option.
    pub(crate) fn is_valid(&self, option: &str, value: &Value) -> bool {
        let Some(schema) = &self.schema else {
            return true;
        };
        let input = Map::from_iter([(option.to_owned(), value.clone())]);
        let pointer = pointer(option);
        let Err(error) = schema.check(&Value::Object(input)) else {
            return true;
        };
        // Violations of other options do not matter here.
        let of_option = |found: &str| {
            found
                .strip_prefix(&pointer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        !error.violations().iter().any(|it| of_option(&it.pointer))
    }

    /// The violations of a whole input, one per line.
    pub(crate) fn violations(&self, input: &Value) -> Vec<String> {
        match self.schema.as_ref().map(|schema| schema.check(input)) {
            Some(Err(error)) => error.violations().iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        }
    }

    /// Checks a whole input.
    ///
    /// # Errors
    ///
    /// The error has all violations.
    pub(crate) fn check(&self, input: &Value) -> Result<(), Error> {
        let lines = self.violations(input);
        if lines.is_empty() {
            return Ok(());
        }
        Err(Error::new(format!(
            "the model does not accept this input:\n  {}",
            lines.join("\n  ")
        ))
        .help("nothing was sent; `cargo fal run ID --help` lists the options of the model"))
    }
}

/// The position of an option in the input, as a JSON pointer.
pub(super) fn pointer(option: &str) -> String {
    push_pointer("", option)
}
