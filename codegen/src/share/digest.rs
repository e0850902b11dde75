//! The digest of a type's shape, by which the ledger recognises a shared type.
//!
//! A digest is stored, so it is taken over a text that is written here word by word and tested word by word: a renamed
//! type, field or variant of this crate changes none. Documentation is no part of the text: a type whose descriptions
//! change keeps its name.

use crate::digest::fnv1a;
use crate::ir::{Bound, EnumKind, Literal, Presence, Rules, Shape, Slot, Struct, TypeId, TypeRef};

/// What digests of this form start with. Older entries of a ledger have none; they were taken over another text.
const VERSION: &str = "v2:";

/// The digest of a type called `name`. `inner` gives the digests of the types that it contains.
pub(super) fn digest(name: &str, shape: &Shape, inner: &dyn Fn(TypeId) -> String) -> String {
    let hash = fnv1a(&format!("{name} {}", Text { inner }.shape(shape)));
    format!("{VERSION}{hash:016x}")
}

/// Whether a stored digest was taken over the present text.
pub(super) fn is_current(digest: &str) -> bool {
    digest.starts_with(VERSION)
}

/// Writes the text. Names and values of documents stand in it as JSON, so that none can imitate another's syntax.
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
                format!("{kind}({})", list(listed.values.iter().map(json)))
            }
            Shape::Union(union) => {
                let variants = union.variants.iter().map(|variant| {
                    format!("{}: {}", quoted(&variant.name), self.slot(&variant.slot))
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
            let value = self.slot(&field.slot);
            format!("{}: {presence} {value}", quoted(&field.wire))
        });
        let constants = object.constants.iter();
        let constants =
            constants.map(|(name, value)| format!("{} = {}", quoted(name), json(value)));
        let others = object
            .rest
            .iter()
            .map(|slot| format!("others: {}", self.slot(slot)));
        format!("object({})", list(fields.chain(constants).chain(others)))
    }

    fn slot(&self, slot: &Slot) -> String {
        let mut rules = rules(&slot.rules, &slot.ty);
        rules.sort();
        match rules.as_slice() {
            [] => self.ty(&slot.ty),
            rules => format!("{} with {}", self.ty(&slot.ty), rules.join(" ")),
        }
    }

    fn ty(&self, ty: &TypeRef) -> String {
        match ty {
            TypeRef::Bool => "boolean".to_owned(),
            TypeRef::Signed => "i64".to_owned(),
            TypeRef::Unsigned => "u64".to_owned(),
            TypeRef::Float => "f64".to_owned(),
            TypeRef::Number => "number".to_owned(),
            TypeRef::Text => "string".to_owned(),
            TypeRef::Media => "media".to_owned(),
            TypeRef::Json => "any".to_owned(),
            TypeRef::JsonObject => "any-object".to_owned(),
            TypeRef::File(kind) => format!("file({})", kind.name()),
            TypeRef::Option(slot) => format!("or-null({})", self.slot(slot)),
            TypeRef::List(slot) => format!("list({})", self.slot(slot)),
            TypeRef::Array(slot, length) => format!("array({}, {length})", self.slot(slot)),
            TypeRef::Map(slot) => format!("map({})", self.slot(slot)),
            TypeRef::Tuple(slots) => {
                format!("tuple({})", list(slots.iter().map(|slot| self.slot(slot))))
            }
            TypeRef::Named(id) => format!("type({})", (self.inner)(*id)),
            TypeRef::Boxed(id) => format!("boxed({})", (self.inner)(*id)),
        }
    }
}

/// Each rule as its keyword and its value.
fn rules(rules: &Rules, ty: &TypeRef) -> Vec<String> {
    let bound = |bound: &Option<Bound>, plain: &str, exclusive: &str| {
        let bound = bound.as_ref()?;
        let keyword = if bound.exclusive { exclusive } else { plain };
        Some(format!("{keyword}={}", json(&bound.value)))
    };
    let unit = match ty {
        TypeRef::List(_) | TypeRef::Array(..) => "Items",
        _ => "Length",
    };
    let step = rules.multiple_of.as_ref();
    [
        bound(&rules.least, "minimum", "exclusiveMinimum"),
        bound(&rules.most, "maximum", "exclusiveMaximum"),
        step.map(|step| format!("multipleOf={}", json(step))),
        rules.min_length.map(|length| format!("min{unit}={length}")),
        rules.max_length.map(|length| format!("max{unit}={length}")),
        rules
            .pattern
            .as_ref()
            .map(|pattern| format!("pattern={}", quoted(pattern))),
        rules.unique.then(|| "uniqueItems=true".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn list(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

fn json(value: &Literal) -> String {
    value.to_string()
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::{Text, digest};
    use crate::ir::{
        Bound, Enum, EnumKind, Field, FileKind, Literal, Presence, Rules, Shape, Slot, Struct,
        TypeId, TypeRef, Union, Variant,
    };

    fn inner(id: TypeId) -> String {
        format!("#{}", id.0)
    }

    fn text(shape: &Shape) -> String {
        Text { inner: &inner }.shape(shape)
    }

    fn field(wire: &str, presence: Presence, slot: impl Into<Slot>) -> Field {
        let (wire, slot) = (wire.to_owned(), slot.into());
        Field {
            wire,
            slot,
            presence,
        }
    }

    fn ruled(ty: TypeRef, rules: Rules) -> Slot {
        Slot { ty, rules }
    }

    /// Every word that a digest can be taken over. Who changes one of them frees the names in every ledger.
    #[test]
    fn the_text_of_a_shape_is_fixed() {
        let bound = |value, exclusive| {
            Some(Bound {
                value: Literal::Integer(value),
                exclusive,
            })
        };
        let number = Rules {
            least: bound(1, false),
            most: bound(9, true),
            multiple_of: Some(Literal::Float("0.5".to_owned())),
            ..Rules::default()
        };
        let list = Rules {
            min_length: Some(1),
            max_length: Some(3),
            unique: true,
            ..Rules::default()
        };
        let string = Rules {
            max_length: Some(8),
            pattern: Some("^\"".to_owned()),
            ..Rules::default()
        };
        let items = |ty: TypeRef| Box::new(Slot::from(ty));
        let tuple = vec![
            TypeRef::Bool.into(),
            TypeRef::Signed.into(),
            TypeRef::Number.into(),
        ];
        let object = Shape::Struct(Struct {
            fields: vec![
                field("a", Presence::Required, ruled(TypeRef::Float, number)),
                field(
                    "b",
                    Presence::Optional,
                    ruled(TypeRef::List(items(TypeRef::Media)), list),
                ),
                field("c", Presence::Nullable, ruled(TypeRef::Text, string)),
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
            constants: vec![("kind".to_owned(), Literal::Text("x".to_owned()))],
            rest: Some(items(TypeRef::Json)),
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
             others: any)"
        );
        let strings = Enum {
            kind: EnumKind::Text,
            values: vec![
                Literal::Text("auto".to_owned()),
                Literal::Text("720p".to_owned()),
            ],
        };
        assert_eq!(text(&Shape::Enum(strings)), "strings(\"auto\", \"720p\")");
        let integers = Enum {
            kind: EnumKind::Integer,
            values: vec![Literal::Integer(5)],
        };
        assert_eq!(text(&Shape::Enum(integers)), "integers(5)");
        let union = Shape::Union(Union {
            variants: vec![
                Variant {
                    name: "Free".to_owned(),
                    slot: TypeRef::JsonObject.into(),
                },
                Variant {
                    name: "Size".to_owned(),
                    slot: TypeRef::Named(TypeId(0)).into(),
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
