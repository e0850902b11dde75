//! The schemas of a module's types, which are parsed when the first of them is needed.

use std::sync::OnceLock;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value};

/// A type that schemas can refer to by a name.
#[derive(Debug)]
pub struct Reference {
    name: &'static str,
    schema: fn(&mut SchemaGenerator) -> Schema,
}

impl Reference {
    /// Creates a reference to the type `T`, which schemas call `name`.
    pub const fn to<T: JsonSchema>(name: &'static str) -> Self {
        Self {
            name,
            schema: SchemaGenerator::subschema_for::<T>,
        }
    }
}

/// The schemas of several types by name, as [`json_schema!`](crate::json_schema!) declares
/// them.
#[derive(Debug)]
pub struct Definitions {
    text: &'static str,
    references: &'static [Reference],
    schemas: OnceLock<Map<String, Value>>,
}

impl Definitions {
    /// Creates definitions from `text`, a JSON object that maps names to schemas, and the
    /// types that these schemas refer to.
    pub const fn new(text: &'static str, references: &'static [Reference]) -> Self {
        Self {
            text,
            references,
            schemas: OnceLock::new(),
        }
    }

    /// Returns the schema called `name`, and adds the types that it refers to to the
    /// generator. For an unknown name, it returns the schema that accepts any value.
    pub fn schema(&self, name: &str, generator: &mut SchemaGenerator) -> Schema {
        let read = || serde_json::from_str(self.text).unwrap_or_default();
        let schemas = self.schemas.get_or_init(read);
        let mut schema = schemas.get(name).cloned().unwrap_or(Value::Bool(true));
        self.link(&mut schema, generator);
        Schema::try_from(schema).unwrap_or_default()
    }

    /// Replaces names by references into the generator's definitions. Defaults, examples
    /// and listed values stay as they are: a `$ref` in them is data.
    fn link(&self, schema: &mut Value, generator: &mut SchemaGenerator) {
        let Value::Object(keywords) = schema else {
            return;
        };
        for (keyword, value) in keywords.iter_mut() {
            match (keyword.as_str(), value) {
                ("properties", Value::Object(properties)) => {
                    let schemas = properties.values_mut();
                    schemas.for_each(|schema| self.link(schema, generator));
                }
                ("anyOf" | "prefixItems", Value::Array(schemas)) => {
                    let schemas = schemas.iter_mut();
                    schemas.for_each(|schema| self.link(schema, generator));
                }
                ("items" | "additionalProperties", schema) => self.link(schema, generator),
                _ => {}
            }
        }
        if let Some(Value::String(name)) = keywords.remove("$ref")
            && let Some(target) = self.references.iter().find(|known| known.name == name)
            && let Some(target) = (target.schema)(generator).as_object()
        {
            // A generator that inlines returns the whole schema. The keywords beside the
            // reference take precedence over those of the schema.
            for (keyword, value) in target {
                keywords.entry(keyword).or_insert_with(|| value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use schemars::SchemaGenerator;
    use serde_json::{Value, json};

    use super::{Definitions, Reference};

    const TEXT: &str = r#"{
        "Outer": {
            "properties": {
                "$ref": { "$ref": "Inner", "description": "A member." },
                "list": { "items": { "$ref": "Inner" }, "default": [{ "$ref": "Inner" }] }
            }
        },
        "Inner": { "type": "integer", "description": "A number." }
    }"#;

    struct Inner;

    impl schemars::JsonSchema for Inner {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Inner".into()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> schemars::Schema {
            Definitions::new(TEXT, &[]).schema("Inner", generator)
        }
    }

    static DEFINITIONS: Definitions = Definitions::new(TEXT, &[Reference::to::<Inner>("Inner")]);

    #[test]
    fn references_lead_into_the_generator_and_data_stays() {
        let mut generator = SchemaGenerator::default();
        let schema = DEFINITIONS.schema("Outer", &mut generator).to_value();
        let expected = json!({ "properties": {
            "$ref": { "$ref": "#/$defs/Inner", "description": "A member." },
            "list": { "items": { "$ref": "#/$defs/Inner" }, "default": [{ "$ref": "Inner" }] },
        } });
        assert_eq!(schema, expected);
        let inner = json!({ "type": "integer", "description": "A number." });
        assert_eq!(generator.definitions().get("Inner"), Some(&inner));
    }

    #[test]
    fn a_generator_can_inline() {
        let settings = schemars::generate::SchemaSettings::default();
        let mut generator = settings
            .with(|settings| settings.inline_subschemas = true)
            .into_generator();
        let schema = DEFINITIONS.schema("Outer", &mut generator).to_value();
        let member = json!({ "type": "integer", "description": "A member." });
        assert_eq!(schema["properties"]["$ref"], member);
    }

    #[test]
    fn an_unknown_name_is_any_value() {
        let schema = DEFINITIONS.schema("None", &mut SchemaGenerator::default());
        assert_eq!(schema.to_value(), Value::Bool(true));
    }
}
