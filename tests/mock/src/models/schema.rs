//! JSON schemas as fal's documents use them. A schema is compiled once, then validates values and builds instances.
//!
//! The documents claim to be OpenAPI 3.0.4, but also use keywords of 3.1 (`type: null`, numeric `exclusiveMinimum`, `const`,
//! `prefixItems`), so both are supported. A `$ref` may have siblings; one without a target accepts anything.

mod check;
mod compare;
mod compile;
mod download;
mod instance;
#[cfg(test)]
mod tests;
mod violation;

use std::collections::HashSet;

use regex_lite::Regex;
use serde_json::{Number, Value};

pub(crate) use violation::Violation;

/// The index of a node.
type Id = usize;

/// A compiled schema and everything that it refers to.
#[derive(Debug)]
pub(crate) struct Schema {
    nodes: Vec<Node>,
    root: Id,
}

/// The depth at which recursive schemas are cut off. Schemas in documents are less deep.
const DEPTH: usize = 96;

/// One schema object.
#[derive(Debug, Default)]
struct Node {
    /// Whether this is the schema `false`.
    is_false: bool,
    types: Vec<Type>,
    nullable: bool,
    options: Option<Vec<Value>>,
    constant: Option<Value>,
    number: NumberRules,
    text: TextRules,
    list: ListRules,
    object: ObjectRules,
    reference: Option<Id>,
    all_of: Vec<Id>,
    any_of: Vec<Id>,
    one_of: Vec<Id>,
    not: Option<Id>,
    /// The name of this member of a union in errors: the name of the component, or Python's name of the type.
    label: String,
    format: String,
    examples: Vec<Value>,
    default: Option<Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

#[derive(Debug, Default)]
struct NumberRules {
    ge: Option<Number>,
    gt: Option<Number>,
    le: Option<Number>,
    lt: Option<Number>,
    multiple_of: Option<Number>,
}

#[derive(Debug, Default)]
struct TextRules {
    min: Option<u64>,
    max: Option<u64>,
    pattern: Option<Regex>,
}

#[derive(Debug, Default)]
struct ListRules {
    min: Option<u64>,
    max: Option<u64>,
    unique: bool,
    /// The schemas of the items at fixed positions.
    first: Vec<Id>,
    /// The schema of the items after the fixed positions.
    rest: Option<Id>,
}

#[derive(Debug, Default)]
struct ObjectRules {
    /// The properties in the order of the document.
    properties: Vec<(String, Id)>,
    required: HashSet<String>,
    min: Option<u64>,
    max: Option<u64>,
    additional: Additional,
}

/// The rule for properties that are not declared.
#[derive(Debug, Default)]
enum Additional {
    #[default]
    Ignored,
    Forbidden,
    Schema(Id),
}
