//! Turns the schemas of a document into the intermediate representation.
//!
//! Each construct of JSON Schema has its own file. A schema that no type expresses becomes [`TypeRef::Json`], and is reported.

mod component;
mod discriminators;
mod docs;
mod enumeration;
mod file;
mod list;
mod media;
mod media_limits;
mod number;
mod object;
mod root;
mod size;
mod union;

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

use component::Progress;
use discriminators::Discriminators;
pub use root::lower;

use crate::constraint::Constraint;
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::ir::{ConstrainedType, FieldOrder, Shape, TypeDef, TypeId, TypeRef, TypeStore, Usage};
use crate::normalize::combine;
use crate::source::{Document, Schema, Type, last_segment, push_pointer};

/// How many levels of types may contain each other. Types of real documents have fewer than 10.
const DEEPEST: usize = 64;

/// How many levels of lists and maps may contain each other without a named type in between. Real documents have at most 3;
/// the compiler and rustdoc give up on lists and maps that are nested a few times deeper than this limit.
const DEEPEST_CONTAINERS: usize = 8;

/// The number of schemas of one document that are lowered. Real documents have some hundreds; without this limit, a
/// document that refers to itself in many ways would never end.
const MOST: usize = 20_000;

/// Whether a schema is about what is sent or what is received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Direction {
    Sent,
    Received,
}

/// Lowers the schemas of one document.
struct Lowerer<'a> {
    document: &'a Document,
    direction: Direction,
    store: TypeStore,
    /// The schema that each type of the input was lowered from. These types are the first of the store.
    schemas: Vec<Schema>,
    components: HashMap<component::Key, Progress>,
    /// The sizes of types, as far as they were asked for.
    sizes: HashMap<TypeId, usize>,
    diagnostics: Vec<Diagnostic>,
    /// The references that were lowered with further keywords beside them.
    restricted: Vec<Schema>,
    depth: usize,
    /// The number of lists and maps around the schema that is being lowered, within the named type that contains it.
    containers: usize,
    /// How often a component was merged with keywords beside a reference to it.
    merged: Cell<usize>,
    /// The number of schemas that were lowered so far.
    steps: usize,
    fields: usize,
}

/// The context of a schema, as far as names and meanings depend on it.
#[derive(Debug, Clone, Default)]
struct Context {
    /// The name of the type that contains the schema.
    parent: String,
    /// The name that a type would get whose schema is written in place here.
    name: String,
    /// The wire name of the field that the schema belongs to.
    field: String,
    /// The component's own name, if the schema is a component.
    declared: Option<String>,
    /// The properties that distinguish an object here from the other members of a union.
    discriminators: Discriminators,
}

impl<'a> Lowerer<'a> {
    fn new(document: &'a Document) -> Self {
        Self {
            document,
            direction: Direction::Sent,
            store: TypeStore::default(),
            schemas: Vec::new(),
            components: HashMap::new(),
            sizes: HashMap::new(),
            diagnostics: Vec::new(),
            restricted: Vec::new(),
            depth: 0,
            containers: 0,
            merged: Cell::new(0),
            steps: 0,
            fields: 0,
        }
    }
}

impl Lowerer<'_> {
    /// The type and the constraints of a schema. [`is_nullable`](Self::is_nullable) says whether it also allows `null`.
    fn value(&mut self, schema: &Schema, context: &Context) -> ConstrainedType {
        if self.depth >= DEEPEST {
            return self.degrade(
                schema,
                Code::TooDeep,
                format!("types are nested more than {DEEPEST} levels deep here"),
            );
        }
        if self.steps >= MOST {
            let message = format!("the document unrolls to more than {MOST} schemas");
            return self.degrade(schema, Code::TooDeep, message);
        }
        self.steps += 1;
        self.depth += 1;
        self.report_unchecked(schema);
        let value = self.value_at_depth(schema, context);
        self.depth -= 1;
        value
    }

    fn value_at_depth(&mut self, schema: &Schema, context: &Context) -> ConstrainedType {
        if schema.never {
            let message = "no value satisfies this schema";
            return self.degrade(schema, Code::Contradiction, message);
        }
        if let Some(reference) = &schema.reference {
            return self.reference(reference, schema, context);
        }
        if let Some(whole) = unmerged(schema) {
            return self.value(&whole, context);
        }
        if !schema.any_of.is_empty() {
            return self.union(schema, context);
        }
        if schema.is_list_of_values() {
            return self.enumeration(schema, context);
        }
        match schema.types.first() {
            Some(ty) => self.typed(*ty, schema, context),
            None => self.untyped(schema, context),
        }
    }

    fn typed(&mut self, ty: Type, schema: &Schema, context: &Context) -> ConstrainedType {
        match ty {
            Type::Boolean => TypeRef::Bool.into(),
            Type::Integer => self.integer(schema),
            Type::Number => self.float(schema),
            Type::String => self.text(schema, context),
            Type::Array => self.list(schema, context),
            Type::Object => self.object(schema, context),
            Type::Null => {
                self.unchecked(schema, "type", "a value that is always `null` has no type");
                TypeRef::Json.into()
            }
        }
    }

    /// The type of a schema without `type`, as its other keywords imply it.
    fn untyped(&mut self, schema: &Schema, context: &Context) -> ConstrainedType {
        let constrains = |ty| !schema.constraints.about(ty).is_empty();
        if schema.object != Default::default() || constrains(Type::Object) {
            self.object(schema, context)
        } else if schema.list != Default::default() || constrains(Type::Array) {
            self.list(schema, context)
        } else {
            if schema.restricts() {
                self.unchecked(schema, "type", "the schema has rules, but no type");
            }
            TypeRef::Json.into()
        }
    }

    /// The type of a value inside a list or a map: an option where it can be `null`.
    fn value_or_null(&mut self, schema: &Schema, context: &Context) -> ConstrainedType {
        if self.containers >= DEEPEST_CONTAINERS {
            let message = format!(
                "lists and maps are nested more than {DEEPEST_CONTAINERS} levels deep here"
            );
            return self.degrade(schema, Code::TooDeep, message);
        }
        self.containers += 1;
        let value = self.value(schema, context);
        self.containers -= 1;
        if self.is_nullable(schema) && value.ty != TypeRef::Json {
            TypeRef::Option(Box::new(value)).into()
        } else {
            value
        }
    }

    /// Whether `null` is valid, also by way of a reference.
    fn is_nullable(&self, schema: &Schema) -> bool {
        let mut schema = schema;
        for _ in 0..DEEPEST {
            if schema.nullable {
                return true;
            }
            let target = schema
                .reference
                .as_deref()
                .and_then(|reference| self.document.component(reference));
            match target {
                Some((_, target)) => schema = target,
                None => return false,
            }
        }
        false
    }

    fn add(&mut self, shape: Shape, schema: &Schema, context: &Context) -> TypeId {
        if let Some(id) = self.already_sent(&shape, schema, context) {
            self.store.get_mut(id).usage.received = true;
            return id;
        }
        if self.direction == Direction::Sent {
            self.schemas.push(schema.clone());
        }
        self.store.add(TypeDef {
            docs: self.type_docs(&shape, schema, context),
            shape,
            field_docs: Vec::new(),
            order: match schema.object.ordered {
                true => FieldOrder::Given,
                false => FieldOrder::ByName,
            },
            hint: context.hint(),
            usage: self.usage(),
            pointer: schema.pointer.clone(),
            property_pointers: property_pointers(schema),
            recursive: false,
        })
    }

    /// The type of the same schema in the input, if it has the same shape there. Received values can then be sent again.
    fn already_sent(&self, shape: &Shape, schema: &Schema, context: &Context) -> Option<TypeId> {
        if self.direction == Direction::Sent {
            return None;
        }
        let hint = context.hint();
        let is_same = |(id, def): &(TypeId, &TypeDef)| {
            def.pointer == schema.pointer
                && def.usage.sent
                && def.shape == *shape
                && def.hint == hint
                && self.schemas.get(id.0) == Some(schema)
        };
        self.store.iter().find(is_same).map(|(id, _)| id)
    }

    fn usage(&self) -> Usage {
        Usage {
            sent: self.direction == Direction::Sent,
            received: self.direction == Direction::Received,
        }
    }

    /// Reports a schema that no type expresses. Any JSON value is taken in its place.
    fn degrade(
        &mut self,
        schema: &Schema,
        code: Code,
        message: impl Into<String>,
    ) -> ConstrainedType {
        let location = Location::new(&self.document.path, &schema.pointer);
        self.diagnostics.push(
            Diagnostic::new(Severity::Warning, code, location, message)
                .fallback("the value is a `serde_json::Value` here")
                .help("if the document is wrong, correct it with a fix-up; if it is right, the generator has to be extended"),
        );
        TypeRef::Json.into()
    }

    /// Reports a keyword that is documented, but not checked.
    fn unchecked(&mut self, schema: &Schema, keyword: &str, why: &str) {
        let pointer = push_pointer(&schema.pointer, keyword);
        self.unchecked_at(&pointer, Code::UncheckedRule, why);
    }

    fn unchecked_at(&mut self, pointer: &str, code: Code, why: &str) {
        let location = Location::new(&self.document.path, pointer);
        let message = format!("`{}` is not checked: {why}", last_segment(pointer));
        self.diagnostics.push(
            Diagnostic::new(Severity::Note, code, location, message)
                .fallback("it is documented, and only the server checks it"),
        );
    }

    /// Reports two bounds that no value satisfies together. Both are checked nevertheless.
    fn empty_range(&mut self, schema: &Schema, [lower, upper]: [&Constraint; 2]) {
        let pointer = push_pointer(&schema.pointer, lower.keyword());
        let location = Location::new(&self.document.path, pointer);
        let message = format!("no value satisfies both `{lower}` and `{upper}`");
        self.diagnostics.push(
            Diagnostic::new(Severity::Warning, Code::EmptyRange, location, message)
                .fallback("both are checked, so that `validate` refuses every value")
                .help("if the document is wrong, correct it with a fix-up"),
        );
    }

    /// Reports the keywords of a schema that neither types nor checks express.
    fn report_unchecked(&mut self, schema: &Schema) {
        for pointer in &schema.unchecked {
            let code = match last_segment(pointer) {
                "anyOf" | "oneOf" => Code::UncheckedChoice,
                _ => Code::UncheckedRule,
            };
            self.unchecked_at(pointer, code, "no rule of `validate` expresses it");
        }
    }
}

/// A schema with the first member of its `allOf` merged into it. That member is a second reference, which could not be merged
/// before the first one was followed.
fn unmerged(schema: &Schema) -> Option<Schema> {
    let (first, others) = schema.all_of.split_first()?;
    let mut whole = schema.clone();
    whole.all_of = others.to_vec();
    combine(&mut whole, first.clone(), &mut |_| None);
    Some(whole)
}

/// The pointer of each property. A pass may have brought the property from another schema.
fn property_pointers(schema: &Schema) -> BTreeMap<String, String> {
    let properties = schema.object.properties.iter();
    properties
        .map(|(name, property)| (name.clone(), property.pointer.clone()))
        .collect()
}

impl Context {
    /// The context of a value inside this one, such as an item of a list. Both belong to the same field.
    fn inner(&self, name: String) -> Self {
        Self {
            parent: self.parent.clone(),
            name,
            field: self.field.clone(),
            ..Self::default()
        }
    }

    /// The name that a type whose schema is here gets unless it is taken.
    fn natural_name(&self) -> &str {
        self.declared.as_deref().unwrap_or(&self.name)
    }
}
