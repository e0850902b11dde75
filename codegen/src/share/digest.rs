//! The digest of a type's shape, by which the ledger recognises a shared type.
//!
//! Digests are stored in the ledger, so they must not depend on names in this crate. They are computed from a text whose
//! exact words are defined here and tested. Documentation is not part of the text, so that a type keeps its name when its
//! descriptions change.

use serde_json::Value;

use crate::constraint::Constraints;
use crate::digest::fnv1a;
use crate::ir::{ConstrainedType, EnumKind, Presence, Shape, Struct, TypeId, TypeRef};
use crate::json::canonical::to_line;

/// The prefix of digests of this form. Older entries of a ledger have no prefix; they were computed from another text.
const VERSION: &str = "v2:";

/// The digest of a type called `name`. `inner` gives the digests of the types that it contains.
pub(super) fn digest(name: &str, shape: &Shape, inner: &dyn Fn(TypeId) -> String) -> String {
    let hash = fnv1a(&format!("{name} {}", Text { inner }.shape(shape)));
    format!("{VERSION}{hash:016x}")
}

/// Whether a stored digest has the present form.
pub(super) fn is_current(digest: &str) -> bool {
    digest.starts_with(VERSION)
}

/// Writes the text. Names and values of documents are written as JSON, so that they cannot imitate the syntax of the text.
struct Text<'a> {
    inner: &'a dyn Fn(TypeId) -> String,
}

impl Text<'_> {
    fn shape(&self, shape: &Shape) -> String {
        match shape {
            Shape::Struct(object) => self.object(object),
            Shape::Enum(listed) => {
                let kind = match listed.kind {
                    EnumKind::Text => "strings",
                    EnumKind::Integer => "integers",
                };
                format!("{kind}({})", list(listed.values.iter().map(to_line)))
            }
            Shape::Union(union) => {
                let variants = union.variants.iter().map(|variant| {
                    format!("{}: {}", quoted(&variant.name), self.value(&variant.value))
                });
                format!("union({})", list(variants))
            }
        }
    }

    fn object(&self, object: &Struct) -> String {
        let fields = object.fields.iter().map(|field| {
            let presence = match field.presence {
                Presence::Required => "required",
                Presence::Optional => "optional",
                Presence::Nullable => "nullable",
            };
            let value = self.value(&field.value);
            format!("{}: {presence} {value}", quoted(&field.wire))
        });
        let constants = object.constants.iter();
        let constants =
            constants.map(|(name, value)| format!("{} = {}", quoted(name), to_line(value)));
        let others = object
            .additional_properties
            .iter()
            .map(|value| format!("others: {}", self.value(value)));
        let text = format!("object({})", list(fields.chain(constants).chain(others)));
        constrained(text, &object.constraints)
    }

    fn value(&self, value: &ConstrainedType) -> String {
        constrained(self.ty(&value.ty), &value.constraints)
    }

    fn ty(&self, ty: &TypeRef) -> String {
        match ty {
            TypeRef::Bool => "boolean".to_owned(),
            TypeRef::Signed => "i64".to_owned(),
            TypeRef::Unsigned => "u64".to_owned(),
            TypeRef::Float => "f64".to_owned(),
            TypeRef::BigInteger => "number".to_owned(),
            TypeRef::Text => "string".to_owned(),
            TypeRef::Media => "media".to_owned(),
            TypeRef::Json => "any".to_owned(),
            TypeRef::JsonObject => "any-object".to_owned(),
            TypeRef::File(kind) => format!("file({})", kind.name()),
            TypeRef::Option(value) => format!("or-null({})", self.value(value)),
            TypeRef::List(value) => format!("list({})", self.value(value)),
            TypeRef::Array(value, length) => format!("array({}, {length})", self.value(value)),
            TypeRef::Map(value) => format!("map({})", self.value(value)),
            TypeRef::Tuple(values) => {
                format!(
                    "tuple({})",
                    list(values.iter().map(|value| self.value(value)))
                )
            }
            TypeRef::Named(id) => format!("type({})", (self.inner)(*id)),
            TypeRef::Boxed(id) => format!("boxed({})", (self.inner)(*id)),
        }
    }
}

/// A type's text with each constraint as its keyword and its value.
fn constrained(text: String, constraints: &Constraints) -> String {
    let constraints = constraints.iter();
    let constraints = constraints.map(|one| format!("{}={}", one.keyword(), to_line(&one.value())));
    let mut constraints: Vec<String> = constraints.collect();
    constraints.sort();
    match constraints.as_slice() {
        [] => text,
        constraints => format!("{text} with {}", constraints.join(" ")),
    }
}

fn list(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

fn quoted(text: &str) -> String {
    to_line(&Value::from(text))
}

#[cfg(test)]
mod tests {
    use super::{Text, digest};
    use crate::constraint::Constraints;
    use crate::ir::{
        ConstrainedType, Enum, EnumKind, Field, FileKind, Presence, Shape, Struct, TypeId, TypeRef,
        Union, Variant,
    };
    use serde_json::{Value, json};

    fn inner(id: TypeId) -> String {
        format!("#{}", id.0)
    }

    fn text(shape: &Shape) -> String {
        Text { inner: &inner }.shape(shape)
    }

    fn field(wire: &str, presence: Presence, value: impl Into<ConstrainedType>) -> Field {
        let (wire, value) = (wire.to_owned(), value.into());
        Field {
            wire,
            value,
            presence,
        }
    }

    fn ruled(ty: TypeRef, keywords: &Value) -> ConstrainedType {
        let constraints = constraints(keywords);
        ConstrainedType { ty, constraints }
    }

    fn constraints(keywords: &Value) -> Constraints {
        Constraints::read(keywords.as_object().expect("keywords"))
    }

    /// Tests every word of the text. If one of them changed, every ledger would lose its names.
    #[test]
    fn the_text_of_a_shape_is_fixed() {
        let number = json!({"minimum": 1, "exclusiveMaximum": 9, "multipleOf": 0.5});
        let list = json!({"minItems": 1, "maxItems": 3, "uniqueItems": true});
        let string = json!({"maxLength": 8, "pattern": "^\""});
        let items = |ty: TypeRef| Box::new(ConstrainedType::from(ty));
        let tuple = vec![
            TypeRef::Bool.into(),
            TypeRef::Signed.into(),
            TypeRef::BigInteger.into(),
        ];
        let object = Shape::Struct(Struct {
            fields: vec![
                field("a", Presence::Required, ruled(TypeRef::Float, &number)),
                field(
                    "b",
                    Presence::Optional,
                    ruled(TypeRef::List(items(TypeRef::Media)), &list),
                ),
                field("c", Presence::Nullable, ruled(TypeRef::Text, &string)),
                field("d", Presence::Required, TypeRef::Tuple(tuple)),
                field(
                    "e",
                    Presence::Required,
                    TypeRef::Array(items(TypeRef::Unsigned), 2),
                ),
                field(
                    "f",
                    Presence::Required,
                    TypeRef::Option(items(TypeRef::Named(TypeId(7)))),
                ),
                field(
                    "g",
                    Presence::Required,
                    TypeRef::Map(items(TypeRef::Boxed(TypeId(8)))),
                ),
                field("h", Presence::Required, TypeRef::File(FileKind::Image)),
            ],
            constants: vec![("kind".to_owned(), json!("x"))],
            additional_properties: Some(items(TypeRef::Json)),
            constraints: constraints(&json!({"minProperties": 2})),
        });
        assert_eq!(
            text(&object),
            "object(\
             \"a\": required f64 with exclusiveMaximum=9 minimum=1 multipleOf=0.5, \
             \"b\": optional list(media) with maxItems=3 minItems=1 uniqueItems=true, \
             \"c\": nullable string with maxLength=8 pattern=\"^\\\"\", \
             \"d\": required tuple(boolean, i64, number), \
             \"e\": required array(u64, 2), \
             \"f\": required or-null(type(#7)), \
             \"g\": required map(boxed(#8)), \
             \"h\": required file(Image), \
             \"kind\" = \"x\", \
             others: any) with minProperties=2"
        );
        let strings = Enum {
            kind: EnumKind::Text,
            values: vec![json!("auto"), json!("720p")],
        };
        assert_eq!(text(&Shape::Enum(strings)), "strings(\"auto\", \"720p\")");
        let integers = Enum {
            kind: EnumKind::Integer,
            values: vec![json!(5)],
        };
        assert_eq!(text(&Shape::Enum(integers)), "integers(5)");
        let union = Shape::Union(Union {
            variants: vec![
                Variant {
                    name: "Free".to_owned(),
                    value: TypeRef::JsonObject.into(),
                },
                Variant {
                    name: "Size".to_owned(),
                    value: TypeRef::Named(TypeId(0)).into(),
                },
            ],
        });
        assert_eq!(
            text(&union),
            "union(\"Free\": any-object, \"Size\": type(#0))"
        );
        assert_eq!(digest("Size", &union, &inner), "v2:833f3191c1ee1827");
    }
}
