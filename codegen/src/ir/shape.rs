//! What a type is.

use super::{Literal, Rules, TypeId};

/// What makes a type what it is. Equality is structural equality.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Shape {
    /// An object with known members.
    Struct(Struct),
    /// A list of known values, open to others.
    Enum(Enum),
    /// One of several shapes.
    Union(Union),
}

/// An object with known members.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Struct {
    /// The members, in the order of the document.
    pub fields: Vec<Field>,
    /// Members that always have one value.
    pub constants: Vec<(String, Literal)>,
    /// The values of all other members, where the document speaks of them.
    pub rest: Option<Box<Slot>>,
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Field {
    /// The name on the wire.
    pub wire: String,
    /// The value.
    pub slot: Slot,
    /// Whether it must be there.
    pub presence: Presence,
}

/// Whether a member must be there, and what `null` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presence {
    /// It must be there.
    Required,
    /// It may be absent; `null` says the same.
    Optional,
    /// It may be absent, and `null` says something else than absence.
    Nullable,
}

/// A place for a value: its type and the rules it must keep.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Slot {
    /// The type.
    pub ty: TypeRef,
    /// The rules.
    pub rules: Rules,
}

impl From<TypeRef> for Slot {
    fn from(ty: TypeRef) -> Self {
        Self {
            ty,
            rules: Rules::default(),
        }
    }
}

/// A use of a type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TypeRef {
    /// `bool`
    Bool,
    /// `i64`
    Signed,
    /// `u64`
    Unsigned,
    /// `f64`
    Float,
    /// A number beyond all of them.
    Number,
    /// `String`
    Text,
    /// A URL of media that can be uploaded.
    Media,
    /// Any JSON value.
    Json,
    /// A JSON object of which nothing is known.
    JsonObject,
    /// A file of the runtime's family.
    File(FileKind),
    /// A value or `null`, inside a list, a map or a required member.
    Option(Box<Slot>),
    /// A list.
    List(Box<Slot>),
    /// A list of a fixed length.
    Array(Box<Slot>, usize),
    /// An object whose members all have one type.
    Map(Box<Slot>),
    /// A list whose places have types of their own.
    Tuple(Vec<Slot>),
    /// A type of the store.
    Named(TypeId),
    /// A type of the store that contains itself here.
    Boxed(TypeId),
}

/// A member of the runtime's file family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// Any file.
    File,
    /// An image.
    Image,
    /// A video.
    Video,
    /// A sound.
    Audio,
}

impl FileKind {
    /// All of them. The more special a kind is, the later it stands.
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

    /// What the runtime's type knows beside what every file has ([`COMMON`](Self::COMMON)).
    pub const fn facts(self) -> &'static [&'static str] {
        match self {
            Self::File => &[],
            Self::Image => &["width", "height"],
            Self::Video => &["width", "height", "fps", "duration", "num_frames"],
            Self::Audio => &["duration", "channels", "sample_rate", "bitrate"],
        }
    }

    /// What every file has.
    pub const COMMON: &'static [&'static str] =
        &["url", "content_type", "file_name", "file_size", "file_data"];
}

/// A list of known values.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Enum {
    /// What the values are.
    pub kind: EnumKind,
    /// The values, in the order of the document.
    pub values: Vec<Literal>,
}

/// What the values of an enum are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EnumKind {
    /// Strings.
    Text,
    /// Whole numbers.
    Integer,
}

/// One of several shapes.
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
    /// The value.
    pub slot: Slot,
}

impl TypeRef {
    /// Visits every type of the store that this use mentions.
    pub fn for_each_id(&self, visit: &mut dyn FnMut(TypeId)) {
        match self {
            Self::Named(id) | Self::Boxed(id) => visit(*id),
            Self::Option(slot) | Self::List(slot) | Self::Array(slot, _) | Self::Map(slot) => {
                slot.ty.for_each_id(visit);
            }
            Self::Tuple(slots) => slots.iter().for_each(|slot| slot.ty.for_each_id(visit)),
            _ => {}
        }
    }

    /// Visits every member of the file family that this use mentions.
    pub fn for_each_file(&self, visit: &mut dyn FnMut(FileKind)) {
        match self {
            Self::File(kind) => visit(*kind),
            Self::Option(slot) | Self::List(slot) | Self::Array(slot, _) | Self::Map(slot) => {
                slot.ty.for_each_file(visit);
            }
            Self::Tuple(slots) => slots.iter().for_each(|slot| slot.ty.for_each_file(visit)),
            _ => {}
        }
    }

    /// The same as [`for_each_id`](Self::for_each_id), to change them.
    pub fn for_each_id_mut(&mut self, visit: &mut dyn FnMut(&mut TypeId)) {
        match self {
            Self::Named(id) | Self::Boxed(id) => visit(id),
            Self::Option(slot) | Self::List(slot) | Self::Array(slot, _) | Self::Map(slot) => {
                slot.ty.for_each_id_mut(visit);
            }
            Self::Tuple(slots) => {
                for slot in slots {
                    slot.ty.for_each_id_mut(visit);
                }
            }
            _ => {}
        }
    }
}

impl Shape {
    /// Every slot directly in the shape.
    pub fn slots(&self) -> Vec<&Slot> {
        match self {
            Self::Struct(object) => object
                .fields
                .iter()
                .map(|field| &field.slot)
                .chain(object.rest.as_deref())
                .collect(),
            Self::Enum(_) => Vec::new(),
            Self::Union(union) => union.variants.iter().map(|variant| &variant.slot).collect(),
        }
    }

    /// The same, to change them.
    pub fn slots_mut(&mut self) -> Vec<&mut Slot> {
        match self {
            Self::Struct(object) => object
                .fields
                .iter_mut()
                .map(|field| &mut field.slot)
                .chain(object.rest.as_deref_mut())
                .collect(),
            Self::Enum(_) => Vec::new(),
            Self::Union(union) => union
                .variants
                .iter_mut()
                .map(|variant| &mut variant.slot)
                .collect(),
        }
    }
}
