//! The shapes of types.

use serde_json::Value;

use super::Docs;
use crate::constraint::{Constraint, Constraints};
use crate::json::Type;

/// The index of a type in a [`TypeStore`](super::TypeStore).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

/// The shape of a type: everything that decides the Rust type. Equality is structural.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Shape {
    /// An object with known members.
    Struct(Struct),
    /// An enum: a list of known values. The Rust type also accepts other values.
    Enum(Enum),
    /// A union: a value has one of several types.
    Union(Union),
}

/// An object with known members.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Struct {
    /// The members, in the order of the document.
    pub fields: Vec<Field>,
    /// Members that always have one value.
    pub constants: Vec<(String, Value)>,
    /// The values of additional properties, where the document describes them.
    pub additional_properties: Option<Box<ConstrainedType>>,
    /// The constraints of the object as a whole, such as `minProperties`. They are documented, but not checked.
    pub constraints: Constraints,
}

impl Struct {
    /// Sorts the fields, and their documentation with them.
    pub fn sort_fields<K: Ord>(&mut self, docs: &mut Vec<Docs>, key: impl Fn(&Field) -> K) {
        docs.resize(self.fields.len(), Docs::default());
        let mut fields: Vec<_> = std::mem::take(&mut self.fields)
            .into_iter()
            .zip(docs.drain(..))
            .collect();
        fields.sort_by_key(|(field, _)| key(field));
        (self.fields, *docs) = fields.into_iter().unzip();
    }
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Field {
    /// The name of the member in JSON.
    pub wire: String,
    /// The type of the value, and its constraints.
    pub value: ConstrainedType,
    /// Whether the member must be present.
    pub presence: Presence,
}

/// Whether a member must be present, and what `null` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presence {
    /// The member must be present.
    Required,
    /// The member may be absent, and `null` means the same as absence.
    Optional,
    /// The member may be absent, and `null` means something else than absence.
    Nullable,
}

/// A type and the constraints that its values must satisfy, both as the document states them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ConstrainedType {
    /// The type of the value.
    pub ty: TypeRef,
    /// The constraints that the value must satisfy.
    pub constraints: Constraints,
}

impl From<TypeRef> for ConstrainedType {
    fn from(ty: TypeRef) -> Self {
        Self {
            ty,
            constraints: Constraints::default(),
        }
    }
}

impl ConstrainedType {
    /// The constraints as they apply to the Rust type: with whole bounds for integers, and without those that every value of
    /// the Rust type satisfies.
    pub fn effective(&self) -> Constraints {
        match &self.ty {
            TypeRef::Signed => within(&self.constraints, I64_LIMITS),
            TypeRef::Unsigned => within(&self.constraints, U64_LIMITS),
            TypeRef::BigInteger => self.constraints.of_integers(),
            TypeRef::Array(..) => self
                .constraints
                .filter(|one| matches!(one, Constraint::UniqueItems)),
            TypeRef::Tuple(_) => Constraints::default(),
            // Only of media can the file's size be known before it is sent.
            TypeRef::Text => self.constraints.filter(|one| one.extension().is_none()),
            _ => self.constraints.clone(),
        }
    }

    /// Whether generated code checks at least one constraint of the value.
    pub fn has_checks(&self) -> bool {
        let ty = self.ty.json_type();
        ty.is_some_and(|ty| !self.effective().checks(ty).is_empty())
    }
}

/// The limits of `i64` and `u64`, rounded as JavaScript rounds them.
const I64_LIMITS: [f64; 2] = [-9_223_372_036_854_775_808.0, 9_223_372_036_854_775_808.0];
const U64_LIMITS: [f64; 2] = [0.0, 18_446_744_073_709_551_616.0];

/// The constraints without bounds at the type's own limits, which every value satisfies.
fn within(constraints: &Constraints, [lowest, highest]: [f64; 2]) -> Constraints {
    constraints
        .of_integers()
        .filter(|constraint| match constraint {
            Constraint::Lower(_, bound) => bound.value.as_f64().is_none_or(|least| least > lowest),
            Constraint::Upper(_, bound) => bound.value.as_f64().is_none_or(|most| most < highest),
            _ => true,
        })
}

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TypeRef {
    /// A boolean: `bool` in Rust.
    Bool,
    /// An integer: `i64` in Rust.
    Signed,
    /// An integer that is not negative: `u64` in Rust.
    Unsigned,
    /// A number: `f64` in Rust.
    Float,
    /// An integer that may not fit into 64 bits: `serde_json::Number` in Rust.
    BigInteger,
    /// A string: `String` in Rust.
    Text,
    /// A URL of media that can be uploaded.
    Media,
    /// Any JSON value.
    Json,
    /// A JSON object whose members are not described.
    JsonObject,
    /// A file type of the runtime.
    File(FileKind),
    /// A value or `null`, inside a list, a map or a required member.
    Option(Box<ConstrainedType>),
    /// A list: `Vec` in Rust.
    List(Box<ConstrainedType>),
    /// A list of a fixed length: an array in Rust.
    Array(Box<ConstrainedType>, usize),
    /// An object whose members all have one type: `BTreeMap` in Rust.
    Map(Box<ConstrainedType>),
    /// A list with a type for each position: a tuple in Rust.
    Tuple(Vec<ConstrainedType>),
    /// A type of the store.
    Named(TypeId),
    /// A type of the store in a `Box`, because it contains itself here or is large.
    Boxed(TypeId),
}

/// The kind of a file type of the runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// Any file.
    File,
    /// An image.
    Image,
    /// A video.
    Video,
    /// An audio file.
    Audio,
}

impl FileKind {
    /// All kinds, the more specific ones later.
    pub const ALL: [Self; 4] = [Self::File, Self::Image, Self::Video, Self::Audio];

    /// The name of the runtime's type.
    pub const fn name(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Image => "Image",
            Self::Video => "Video",
            Self::Audio => "Audio",
        }
    }

    /// The members that every file has: names, and types, to which `null` is added.
    const COMMON: &'static [(&'static str, &'static [Type])] = &[
        ("url", &[Type::String]),
        ("content_type", &[Type::String]),
        ("file_name", &[Type::String]),
        ("file_size", &[Type::Integer]),
        ("file_data", &[Type::String]),
    ];

    /// The members that this kind has beside those of every file.
    const fn own_members(self) -> &'static [(&'static str, &'static [Type])] {
        match self {
            Self::File => &[],
            Self::Image => &[("width", &[Type::Integer]), ("height", &[Type::Integer])],
            Self::Video => &[
                ("width", &[Type::Integer]),
                ("height", &[Type::Integer]),
                ("fps", &[Type::Number]),
                ("duration", &[Type::Number]),
                ("num_frames", &[Type::Integer]),
            ],
            Self::Audio => &[
                ("duration", &[Type::Number]),
                ("channels", &[Type::Integer]),
                ("sample_rate", &[Type::Integer]),
                ("bitrate", &[]),
            ],
        }
    }

    /// The names and the types of the members of the runtime's type. Every member can also be `null`; a member without types
    /// can have any value.
    pub fn members(self) -> impl Iterator<Item = (&'static str, &'static [Type])> {
        Self::COMMON.iter().chain(self.own_members()).copied()
    }

    /// Whether every file has a member of that name.
    pub fn is_common(name: &str) -> bool {
        Self::COMMON.iter().any(|(known, _)| *known == name)
    }
}

/// An enum: a list of known values.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Enum {
    /// The type of the listed values.
    pub kind: EnumKind,
    /// The values, in the order of the document.
    pub values: Vec<Value>,
}

/// The type of an enum's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EnumKind {
    /// The values are strings.
    Text,
    /// The values are integers.
    Integer,
}

/// A union: a value has one of several types.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Union {
    /// The alternatives, the most specific first.
    pub variants: Vec<Variant>,
}

/// An alternative of a union.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Variant {
    /// The name, unique in the union.
    pub name: String,
    /// The type of the alternative, and its constraints.
    pub value: ConstrainedType,
}

impl TypeRef {
    /// The type in JSON Schema; `None` if it depends on a type of the store, or if there are several.
    pub const fn json_type(&self) -> Option<Type> {
        Some(match self {
            Self::Bool => Type::Boolean,
            Self::Signed | Self::Unsigned | Self::BigInteger => Type::Integer,
            Self::Float => Type::Number,
            Self::Text | Self::Media => Type::String,
            Self::List(_) | Self::Array(..) | Self::Tuple(_) => Type::Array,
            Self::JsonObject | Self::Map(_) | Self::File(_) => Type::Object,
            Self::Json | Self::Option(_) | Self::Named(_) | Self::Boxed(_) => return None,
        })
    }

    /// The item type of a list, the value type of a map, or the types of a tuple's items.
    pub fn inner(&self) -> &[ConstrainedType] {
        match self {
            Self::Option(value) | Self::List(value) | Self::Array(value, _) | Self::Map(value) => {
                std::slice::from_ref(value)
            }
            Self::Tuple(items) => items,
            _ => &[],
        }
    }

    /// The same types as [`inner`](Self::inner), mutably.
    fn inner_mut(&mut self) -> &mut [ConstrainedType] {
        match self {
            Self::Option(value) | Self::List(value) | Self::Array(value, _) | Self::Map(value) => {
                std::slice::from_mut(value)
            }
            Self::Tuple(items) => items,
            _ => &mut [],
        }
    }

    /// Visits the id of every type of the store in this type.
    pub fn for_each_id(&self, visit: &mut dyn FnMut(TypeId)) {
        if let Self::Named(id) | Self::Boxed(id) = self {
            visit(*id);
        }
        self.inner()
            .iter()
            .for_each(|value| value.ty.for_each_id(visit));
    }

    /// Visits the kind of every file type in this type.
    pub fn for_each_file(&self, visit: &mut dyn FnMut(FileKind)) {
        if let Self::File(kind) = self {
            visit(*kind);
        }
        self.inner()
            .iter()
            .for_each(|value| value.ty.for_each_file(visit));
    }

    /// Visits the id of every type of the store in this type, mutably.
    pub fn for_each_id_mut(&mut self, visit: &mut dyn FnMut(&mut TypeId)) {
        if let Self::Named(id) | Self::Boxed(id) = self {
            visit(id);
        }
        for value in self.inner_mut() {
            value.ty.for_each_id_mut(visit);
        }
    }
}

impl Shape {
    /// The types of everything directly in the shape: fields, additional properties, variants.
    pub fn values(&self) -> Vec<&ConstrainedType> {
        match self {
            Self::Struct(object) => object
                .fields
                .iter()
                .map(|field| &field.value)
                .chain(object.additional_properties.as_deref())
                .collect(),
            Self::Enum(_) => Vec::new(),
            Self::Union(union) => union
                .variants
                .iter()
                .map(|variant| &variant.value)
                .collect(),
        }
    }

    /// The same types as [`values`](Self::values), mutably.
    pub fn values_mut(&mut self) -> Vec<&mut ConstrainedType> {
        match self {
            Self::Struct(object) => object
                .fields
                .iter_mut()
                .map(|field| &mut field.value)
                .chain(object.additional_properties.as_deref_mut())
                .collect(),
            Self::Enum(_) => Vec::new(),
            Self::Union(union) => union
                .variants
                .iter_mut()
                .map(|variant| &mut variant.value)
                .collect(),
        }
    }
}
