//! A type in the words of JSON Schema.

use super::{Literal, TypeId};

/// What the document says of a type, normalised: a JSON Schema that refers to the
/// other types that it contains.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Definition {
    /// The schema. A reference to another type is `{"$ref": 0}`, the number being a
    /// place in [`references`](Self::references).
    pub schema: Literal,
    /// The types that it refers to: some of those in the type's shape.
    pub references: Vec<TypeId>,
}

impl Default for Definition {
    fn default() -> Self {
        Self {
            schema: Literal::Object(Vec::new()),
            references: Vec::new(),
        }
    }
}

impl Definition {
    /// The schema with the name of each type that it refers to.
    pub fn named<'a>(&self, name: &dyn Fn(TypeId) -> &'a str) -> Literal {
        let mut schema = self.schema.clone();
        for_each_reference(&mut schema, &mut |reference| {
            let place = reference.as_integer().map(usize::try_from);
            if let Some(Ok(place)) = place
                && let Some(id) = self.references.get(place)
            {
                *reference = Literal::Text(name(*id).to_owned());
            }
        });
        schema
    }
}

/// Visits the value of each `$ref`. What looks like one inside a default, an
/// example or a listed value is data.
fn for_each_reference(schema: &mut Literal, visit: &mut dyn FnMut(&mut Literal)) {
    let Literal::Object(members) = schema else {
        return;
    };
    for (keyword, value) in members {
        match (keyword.as_str(), value) {
            ("$ref", reference) => visit(reference),
            ("properties", Literal::Object(properties)) => {
                for (_, property) in properties {
                    for_each_reference(property, visit);
                }
            }
            ("anyOf" | "prefixItems", Literal::List(schemas)) => {
                for schema in schemas {
                    for_each_reference(schema, visit);
                }
            }
            ("items" | "additionalProperties", schema) => for_each_reference(schema, visit),
            _ => {}
        }
    }
}
