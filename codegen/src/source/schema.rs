//! A schema as data: its keywords, grouped by the values that they are about.

use serde_json::Value;

use super::malformed::Malformed;
use super::pointer::{parent, push};
use crate::constraint::Constraints;
use crate::json::Type;

/// A schema with the pointer that it was read from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Schema {
    /// The JSON pointer of the schema in its document.
    pub pointer: String,
    /// `$ref`, as written. The other fields are then the keywords beside it.
    pub reference: Option<String>,
    /// The types that are allowed; none means any.
    pub types: Vec<Type>,
    /// Whether `null` is valid besides the types: set by `nullable` of OpenAPI 3.0, or by a pass.
    pub nullable: bool,
    /// Whether this is the boolean schema `false`, under which no value is valid.
    pub never: bool,
    /// The keywords that describe the schema and do not restrict values.
    pub notes: Annotations,
    /// `enum`: the listed values.
    pub values: Option<Vec<Value>>,
    /// `const`: the only valid value.
    pub constant: Option<Value>,
    /// Whether the enum takes other strings too, because a plain string is an alternative to it.
    pub open: bool,
    /// The constraints on values of each type, such as `minimum` and `maxLength`.
    pub constraints: Constraints,
    /// The keywords that describe the items of arrays.
    pub list: ListRules,
    /// The keywords that describe the members of objects.
    pub object: ObjectRules,
    /// `anyOf`: alternatives, of which at least one has to be valid.
    pub any_of: Vec<Schema>,
    /// `oneOf`: alternatives, of which exactly one has to be valid.
    pub one_of: Vec<Schema>,
    /// `allOf`: schemas that all have to be valid.
    pub all_of: Vec<Schema>,
    /// `discriminator`: its `propertyName`, and its `mapping` as pairs of a value and a reference.
    pub discriminator: Option<(String, Vec<(String, String)>)>,
    /// The pointers of keywords that restrict values and are not checked.
    pub unchecked: Vec<String>,
    /// The keywords whose values are malformed. The first pass reports and removes them.
    pub malformed: Vec<Malformed>,
}

/// Keywords that describe a schema for people.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Annotations {
    /// `title`: a name for people.
    pub title: Option<String>,
    /// `description`: a text for people.
    pub description: Option<String>,
    /// `default`: the value that is used if the member is absent.
    pub default: Option<Value>,
    /// The examples of the keywords `examples` and `example`.
    pub examples: Vec<Value>,
    /// `deprecated`: whether the member should no longer be used.
    pub deprecated: bool,
    /// `format`: the format of a string or a number, which is documented, but not checked.
    pub format: Option<String>,
    /// All other keywords, such as `x-fal`, `ui` and `limit_description`, with their values.
    pub hints: Vec<(String, Value)>,
}

/// Keywords that describe the items of arrays.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ListRules {
    /// `items`: the schema of all items that have none in `prefix`.
    pub items: Option<Box<Schema>>,
    /// `prefixItems`: the schemas of the first items. Some documents write them as an object `items` with indices as keys.
    pub prefix: Vec<Schema>,
}

/// Keywords that describe the members of objects.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ObjectRules {
    /// `properties`: the declared members, in the order of `x-fal-order-properties`, then by name.
    pub properties: Vec<(String, Schema)>,
    /// Whether `x-fal-order-properties` orders them.
    pub ordered: bool,
    /// `required`: the names of the members that must be present.
    pub required: Vec<String>,
    /// `additionalProperties`: whether other members are valid.
    pub additional: Additional,
}

/// The value of `additionalProperties`.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Additional {
    /// The keyword is absent: other members are valid, and the document does not describe them.
    #[default]
    Unspecified,
    /// The keyword is `true`, or an empty schema.
    Any,
    /// The keyword is `false`.
    None,
    /// The keyword is a schema for the values.
    Typed(Box<Schema>),
}

impl Schema {
    /// Creates a schema without keywords, for use where a document has no schema.
    pub fn unspecified(pointer: String) -> Self {
        Self {
            pointer,
            ..Self::default()
        }
    }

    /// Whether the schema has an `enum` or a `const`, even one without values.
    pub fn is_list_of_values(&self) -> bool {
        self.values.is_some() || self.constant.is_some()
    }

    /// The values of `enum` and `const`.
    pub fn listed_values(&self) -> impl Iterator<Item = &Value> {
        self.values.iter().flatten().chain(&self.constant)
    }

    /// Runs `visit` on each schema directly below this one.
    pub fn for_each_child(&mut self, visit: &mut dyn FnMut(&mut Schema)) {
        for (_, property) in &mut self.object.properties {
            visit(property);
        }
        if let Additional::Typed(values) = &mut self.object.additional {
            visit(values);
        }
        if let Some(items) = &mut self.list.items {
            visit(items);
        }
        for group in [
            &mut self.list.prefix,
            &mut self.any_of,
            &mut self.one_of,
            &mut self.all_of,
        ] {
            group.iter_mut().for_each(&mut *visit);
        }
    }

    /// Whether the schema has keywords besides `$ref` that restrict values.
    pub fn restricts(&self) -> bool {
        !self.types.is_empty()
            || self.never
            || self.values.is_some()
            || self.constant.is_some()
            || self.constraints.iter().any(|one| one.extension().is_none())
            || self.list != ListRules::default()
            || self.object != ObjectRules::default()
            || !self.any_of.is_empty()
            || !self.one_of.is_empty()
            || !self.all_of.is_empty()
    }

    /// The pointer of the keyword that lists the schema's alternatives, one of which is `member`.
    pub fn choice_pointer(&self, member: &Self) -> String {
        // The alternatives of a list of types have the pointer of the schema itself.
        match member.pointer == self.pointer {
            true => push(&self.pointer, "type"),
            false => parent(&member.pointer),
        }
    }

    /// Whether every value is valid.
    pub fn allows_anything(&self) -> bool {
        self.reference.is_none() && !self.restricts()
    }
}
