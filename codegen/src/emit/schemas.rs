//! Writes the JSON Schemas of a module's types: a file beside the module, and the macro call that includes it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::scope::Scope;
use crate::constraint::Constraints;
use crate::ir::{
    ConstrainedType, Docs, Enum, EnumKind, FileKind, Presence, Shape, Struct, TypeId, TypeRef,
};
use crate::json::{Type, canonical};
use crate::text::is_printable;

/// The types of a module that have JSON Schemas.
pub(super) struct Schemas<'a> {
    pub(super) scope: &'a Scope<'a>,
    /// The types that the module itself defines.
    pub(super) own: &'a [TypeId],
}

impl Schemas<'_> {
    /// The file: an object with a schema for each type, by name. A reference is the name of another type:
    /// `{"$ref": "Resolution"}`.
    pub(super) fn text(&self) -> String {
        let schema = |id: &TypeId| (self.scope.name(*id).to_owned(), self.definition(*id));
        let schemas: Map<String, Value> = self.own.iter().map(schema).collect();
        let text = canonical::to_string(&schemas.into());
        canonical::escape(&text, |character| {
            character != '\n' && !is_printable(character)
        })
    }

    /// The call `json_schema! { … }`, which includes the file.
    pub(super) fn line(&self, runtime: &str, file: &str) -> String {
        let own: Vec<&str> = self.own.iter().map(|id| self.scope.name(*id)).collect();
        let mut text = format!(
            "#[cfg(feature = \"schemars\")]\n{runtime}::json_schema! {{\n    {file:?}:\n{}",
            wrapped(&own)
        );
        let used = self.used();
        if !used.is_empty() {
            let used: Vec<&str> = used.into_iter().collect();
            text.push_str("    use\n");
            text.push_str(&wrapped(&used));
        }
        text.push_str("}\n");
        text
    }

    /// The types of other modules that the schemas refer to.
    fn used(&self) -> BTreeSet<&str> {
        let mut used = BTreeSet::new();
        for id in self.own {
            for value in self.scope.def(*id).shape.values() {
                value.ty.for_each_id(&mut |id| {
                    if !self.own.contains(&id) {
                        used.insert(self.scope.name(id));
                    }
                });
            }
        }
        used
    }

    fn definition(&self, id: TypeId) -> Value {
        let def = self.scope.def(id);
        let schema = match &def.shape {
            Shape::Struct(object) => self.object(object, &def.docs, &def.field_docs),
            Shape::Enum(listed) => enumeration(listed, &def.docs),
            Shape::Union(union) => {
                let variants = union
                    .variants
                    .iter()
                    .map(|variant| self.value(&variant.value));
                json!({ "anyOf": variants.collect::<Vec<_>>() })
            }
        };
        documented(schema, &def.docs)
    }

    fn object(&self, object: &Struct, docs: &Docs, field_docs: &[Docs]) -> Value {
        let constants = object.constants.iter();
        let constants = constants.map(|(name, value)| (name.clone(), json!({ "const": value })));
        let none = Docs::default();
        let fields = object.fields.iter().enumerate().map(|(index, field)| {
            let docs = field_docs.get(index).unwrap_or(&none);
            let schema = match docs.nullable && !matches!(field.value.ty, TypeRef::Option(_)) {
                true => or_null(self.value(&field.value)),
                false => self.value(&field.value),
            };
            (field.wire.clone(), documented(schema, docs))
        });
        let properties: Map<String, Value> = fields.chain(constants).collect();
        let required = object
            .fields
            .iter()
            .filter(|field| field.presence == Presence::Required);
        let required = required.map(|field| &field.wire);
        let required: BTreeSet<&String> = required
            .chain(object.constants.iter().map(|(name, _)| name))
            .collect();
        let mut schema = json!({ "type": "object" });
        if !properties.is_empty() {
            schema["properties"] = properties.into();
        }
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        match &object.additional_properties {
            Some(value) if value.ty == TypeRef::Json => {
                schema["additionalProperties"] = true.into();
            }
            Some(value) => schema["additionalProperties"] = self.value(value),
            None if docs.unlisted == Some(false) => schema["additionalProperties"] = false.into(),
            None => {}
        }
        constrained(schema, &object.constraints)
    }

    /// The schema of a value inside another schema.
    fn value(&self, value: &ConstrainedType) -> Value {
        let schema = match &value.ty {
            TypeRef::Json => json!({}),
            TypeRef::Option(inner) => or_null(self.value(inner)),
            TypeRef::List(item) => self.list(item),
            TypeRef::Array(item, length) => {
                let mut schema = self.list(item);
                schema["minItems"] = (*length).into();
                schema["maxItems"] = (*length).into();
                schema
            }
            TypeRef::Map(item) => {
                json!({ "type": "object", "additionalProperties": self.value(item) })
            }
            TypeRef::Tuple(places) => {
                let items: Vec<Value> = places.iter().map(|place| self.value(place)).collect();
                json!({
                    "type": "array",
                    "prefixItems": items,
                    "minItems": places.len(),
                    "maxItems": places.len(),
                })
            }
            TypeRef::File(kind) => file(*kind),
            TypeRef::Named(id) | TypeRef::Boxed(id) => json!({ "$ref": self.scope.name(*id) }),
            ty => json!({ "type": ty.json_type().map(Type::name) }),
        };
        constrained(schema, &value.constraints)
    }

    fn list(&self, item: &ConstrainedType) -> Value {
        match self.value(item) {
            Value::Object(any) if any.is_empty() => json!({ "type": "array" }),
            item => json!({ "type": "array", "items": item }),
        }
    }
}

/// The schema of an enum: its values, and any other of its kind as another alternative if the document allows unlisted values.
fn enumeration(listed: &Enum, docs: &Docs) -> Value {
    let ty = match listed.kind {
        EnumKind::Text => "string",
        EnumKind::Integer => "integer",
    };
    match docs.unlisted {
        Some(true) => json!({ "anyOf": [{ "enum": listed.values }, { "type": ty }] }),
        _ => json!({ "type": ty, "enum": listed.values }),
    }
}

/// The schema of a file type of the runtime. All members except the URL can be absent or `null`.
fn file(kind: FileKind) -> Value {
    let member = |(name, types): (&str, &[Type])| {
        let schema = match types {
            [ty, ..] if name == "url" => json!({ "type": ty.name() }),
            [ty, ..] => json!({ "type": [ty.name(), "null"] }),
            [] => json!({}),
        };
        (name.to_owned(), schema)
    };
    let properties: Map<String, Value> = kind.members().map(member).collect();
    json!({ "type": "object", "properties": properties, "required": ["url"] })
}

/// A schema that also takes `null`.
fn or_null(mut schema: Value) -> Value {
    let Some(members) = schema.as_object_mut() else {
        return schema;
    };
    let is_listed = members.contains_key("enum");
    if let Some(alternatives) = members.get_mut("anyOf").and_then(Value::as_array_mut) {
        alternatives.push(json!({ "type": "null" }));
    } else if let Some(ty @ Value::String(_)) = members.get_mut("type").filter(|_| !is_listed) {
        *ty = json!([ty, "null"]);
    } else if !members.is_empty() {
        return json!({ "anyOf": [schema, { "type": "null" }] });
    }
    schema
}

fn constrained(mut schema: Value, constraints: &Constraints) -> Value {
    for constraint in constraints.iter() {
        let holder = match constraint.extension() {
            Some(extension) => &mut schema[extension],
            None => &mut schema,
        };
        holder[constraint.keyword()] = constraint.value();
    }
    schema
}

/// A schema with its documentation: title, description and the like.
fn documented(mut schema: Value, docs: &Docs) -> Value {
    let mut say = |keyword: &str, value: Option<Value>| {
        if let Some(value) = value {
            schema[keyword] = value;
        }
    };
    say("description", docs.description.as_deref().map(Value::from));
    say("format", docs.format.as_deref().map(Value::from));
    say("default", docs.default.clone());
    say("deprecated", docs.deprecated.then_some(true.into()));
    say(
        "examples",
        (!docs.examples.is_empty()).then(|| json!(docs.examples)),
    );
    schema
}

/// Names, wrapped over as many lines as they need.
fn wrapped(names: &[&str]) -> String {
    const WIDTH: usize = 100;
    let mut text = String::new();
    let mut line = String::new();
    for (index, name) in names.iter().enumerate() {
        let comma = if index + 1 < names.len() { "," } else { "" };
        if !line.is_empty() && line.len() + name.len() + 2 > WIDTH - 4 {
            text.push_str(&format!("    {line}\n"));
            line.clear();
        }
        let space = if line.is_empty() { "" } else { " " };
        line.push_str(&format!("{space}{name}{comma}"));
    }
    text + &format!("    {line}\n")
}
