//! Compiles schemas of a document into nodes.

use std::collections::{HashMap, HashSet};

use regex_lite::Regex;
use serde_json::{Map, Number, Value};

use super::{
    Additional, Id, ListRules, Node, NumberRules, ObjectRules, Schema, TextRules, Type,
    violation::python,
};

impl Schema {
    /// Compiles `schema`, whose references point into `document`.
    pub(crate) fn compile(document: &Value, schema: &Value) -> Self {
        let mut compiler = Compiler {
            document,
            nodes: Vec::new(),
            seen: HashMap::new(),
        };
        let root = compiler.add(schema);
        Self {
            nodes: compiler.nodes,
            root,
        }
    }
}

struct Compiler<'d> {
    document: &'d Value,
    nodes: Vec<Node>,
    /// The node of each reference.
    seen: HashMap<&'d str, Id>,
}

impl<'d> Compiler<'d> {
    /// Compiles a schema into a node. The node's id is assigned before the node is compiled, so that a schema can refer to itself.
    fn add(&mut self, schema: &'d Value) -> Id {
        let id = self.nodes.len();
        self.nodes.push(Node::default());
        let node = match schema {
            Value::Object(keywords) => self.node(keywords),
            Value::Bool(false) => Node {
                is_false: true,
                ..Node::default()
            },
            _ => Node::default(),
        };
        self.nodes[id] = node;
        id
    }

    fn node(&mut self, keywords: &'d Map<String, Value>) -> Node {
        Node {
            is_false: false,
            types: types(keywords.get("type")),
            nullable: flag(keywords, "nullable"),
            options: keywords.get("enum").and_then(Value::as_array).cloned(),
            constant: keywords.get("const").cloned(),
            number: number_rules(keywords),
            text: text_rules(keywords),
            list: self.list_rules(keywords),
            object: self.object_rules(keywords),
            reference: text(keywords, "$ref").and_then(|to| self.follow(to)),
            all_of: self.add_all(keywords, "allOf"),
            any_of: self.add_all(keywords, "anyOf"),
            one_of: self.add_all(keywords, "oneOf"),
            not: keywords.get("not").map(|schema| self.add(schema)),
            label: label(keywords),
            format: text(keywords, "format").unwrap_or_default().to_owned(),
            examples: examples(keywords),
            default: keywords.get("default").cloned(),
        }
    }

    fn follow(&mut self, reference: &'d str) -> Option<Id> {
        if let Some(id) = self.seen.get(reference) {
            return Some(*id);
        }
        let target = self.document.pointer(reference.strip_prefix('#')?)?;
        self.seen.insert(reference, self.nodes.len());
        Some(self.add(target))
    }

    fn add_all(&mut self, keywords: &'d Map<String, Value>, name: &str) -> Vec<Id> {
        let members = keywords.get(name).and_then(Value::as_array);
        members
            .into_iter()
            .flatten()
            .map(|schema| self.add(schema))
            .collect()
    }

    fn list_rules(&mut self, keywords: &'d Map<String, Value>) -> ListRules {
        let (first, rest) = match (keywords.get("prefixItems"), keywords.get("items")) {
            (Some(Value::Array(first)), rest) => (first.iter().collect(), rest),
            (_, Some(Value::Array(first))) => (first.iter().collect(), None),
            (_, Some(Value::Object(places))) if places.contains_key("0") => {
                (numbered(places), None)
            }
            (_, rest) => (Vec::new(), rest),
        };
        ListRules {
            min: size(keywords, "minItems"),
            max: size(keywords, "maxItems"),
            unique: flag(keywords, "uniqueItems"),
            first: first.into_iter().map(|schema| self.add(schema)).collect(),
            rest: rest.map(|schema| self.add(schema)),
        }
    }

    fn object_rules(&mut self, keywords: &'d Map<String, Value>) -> ObjectRules {
        let additional = match keywords.get("additionalProperties") {
            Some(Value::Bool(false)) => Additional::Forbidden,
            Some(schema @ Value::Object(_)) => Additional::Schema(self.add(schema)),
            _ => Additional::Ignored,
        };
        ObjectRules {
            properties: self.properties(keywords),
            required: strings(keywords, "required").map(str::to_owned).collect(),
            min: size(keywords, "minProperties"),
            max: size(keywords, "maxProperties"),
            additional,
        }
    }

    fn properties(&mut self, keywords: &'d Map<String, Value>) -> Vec<(String, Id)> {
        let Some(Value::Object(declared)) = keywords.get("properties") else {
            return Vec::new();
        };
        let ordered =
            strings(keywords, "x-fal-order-properties").filter(|name| declared.contains_key(*name));
        let mut taken = HashSet::new();
        let names = ordered.chain(declared.keys().map(String::as_str));
        let names: Vec<&str> = names.filter(|name| taken.insert(*name)).collect();
        names
            .into_iter()
            .map(|name| (name.to_owned(), self.add(&declared[name])))
            .collect()
    }
}

/// A tuple that was written as `items: {"0": …, "1": …}`.
fn numbered(places: &Map<String, Value>) -> Vec<&Value> {
    (0..places.len())
        .map_while(|at| places.get(&at.to_string()))
        .collect()
}

fn types(keyword: Option<&Value>) -> Vec<Type> {
    match keyword {
        Some(Value::String(name)) => named_type(name).into_iter().collect(),
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(Value::as_str)
            .filter_map(named_type)
            .collect(),
        _ => Vec::new(),
    }
}

fn named_type(name: &str) -> Option<Type> {
    Some(match name {
        "null" => Type::Null,
        "boolean" => Type::Boolean,
        "integer" => Type::Integer,
        "number" => Type::Number,
        "string" => Type::String,
        "array" => Type::Array,
        "object" => Type::Object,
        _ => return None,
    })
}

/// The rules for numbers. `exclusiveMinimum` is a boolean in OpenAPI 3.0 and a number in 3.1.
fn number_rules(keywords: &Map<String, Value>) -> NumberRules {
    let bound = |plain: &str, exclusive: &str| {
        let (limit, edge) = (number(keywords, plain), number(keywords, exclusive));
        if flag(keywords, exclusive) {
            (None, limit)
        } else {
            (limit, edge)
        }
    };
    let (ge, gt) = bound("minimum", "exclusiveMinimum");
    let (le, lt) = bound("maximum", "exclusiveMaximum");
    NumberRules {
        ge,
        gt,
        le,
        lt,
        multiple_of: number(keywords, "multipleOf"),
    }
}

fn text_rules(keywords: &Map<String, Value>) -> TextRules {
    TextRules {
        min: size(keywords, "minLength"),
        max: size(keywords, "maxLength"),
        // Patterns with features that `regex-lite` lacks, such as look-around, are not enforced.
        pattern: text(keywords, "pattern").and_then(|pattern| Regex::new(pattern).ok()),
    }
}

fn label(keywords: &Map<String, Value>) -> String {
    if let Some(reference) = text(keywords, "$ref") {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(options) = keywords.get("enum").and_then(Value::as_array) {
        let options: Vec<String> = options.iter().map(python).collect();
        return format!("literal[{}]", options.join(","));
    }
    match text(keywords, "type").unwrap_or("any") {
        "string" => "str",
        "integer" => "int",
        "number" => "float",
        "boolean" => "bool",
        "array" => "list",
        "object" => text(keywords, "title").unwrap_or("dict"),
        other => other,
    }
    .to_owned()
}

fn examples(keywords: &Map<String, Value>) -> Vec<Value> {
    let many = keywords.get("examples").and_then(Value::as_array);
    keywords
        .get("example")
        .into_iter()
        .chain(many.into_iter().flatten())
        .cloned()
        .collect()
}

fn text<'d>(keywords: &'d Map<String, Value>, name: &str) -> Option<&'d str> {
    keywords.get(name).and_then(Value::as_str)
}

fn number(keywords: &Map<String, Value>, name: &str) -> Option<Number> {
    keywords.get(name).and_then(Value::as_number).cloned()
}

fn size(keywords: &Map<String, Value>, name: &str) -> Option<u64> {
    keywords.get(name).and_then(Value::as_u64)
}

fn flag(keywords: &Map<String, Value>, name: &str) -> bool {
    keywords.get(name).and_then(Value::as_bool).unwrap_or(false)
}

fn strings<'d>(keywords: &'d Map<String, Value>, name: &str) -> impl Iterator<Item = &'d str> {
    keywords
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}
