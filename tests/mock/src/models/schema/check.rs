//! Checks a value against a schema.

use std::cmp::Ordering;

use serde_json::{Map, Number, Value, json};

use super::{
    Additional, DEPTH, Id, ListRules, Node, NumberRules, Schema, TextRules, Type,
    compare::{is_multiple, is_whole, order, same},
    violation::{Location, Segment, Violation},
};

impl Schema {
    /// Every violation of the schema by `value`. `loc` is the first segment of their locations, `body` in fal's replies.
    pub(crate) fn violations(&self, value: &Value, loc: &str) -> Vec<Violation> {
        check(self, self.root, value, &Location::root(loc), 0)
    }

    pub(super) fn accepts(&self, id: Id, value: &Value) -> bool {
        check(self, id, value, &Location::root(""), 0).is_empty()
    }
}

fn check(
    schema: &Schema,
    id: Id,
    value: &Value,
    loc: &Location<'_>,
    depth: usize,
) -> Vec<Violation> {
    let mut check = Check {
        schema,
        found: Vec::new(),
        depth,
    };
    check.node(id, value, loc);
    check.found
}

/// A bound: its limit, the test of a value's order relative to it, and the parts of the violation: type, text, key of `ctx`.
type Bound<'r> = (
    &'r Option<Number>,
    fn(Ordering) -> bool,
    &'static str,
    &'static str,
    &'static str,
);

struct Check<'s> {
    schema: &'s Schema,
    found: Vec<Violation>,
    depth: usize,
}

impl Check<'_> {
    /// The violations of one node, which are not reported.
    fn violations_of(&self, id: Id, value: &Value, loc: &Location<'_>) -> Vec<Violation> {
        check(self.schema, id, value, loc, self.depth)
    }

    fn node(&mut self, id: Id, value: &Value, loc: &Location<'_>) {
        if self.depth >= DEPTH {
            return;
        }
        self.depth += 1;
        let node = &self.schema.nodes[id];
        let null = value.is_null() && node.nullable;
        if !null && self.shape(node, value, loc) {
            self.rules(node, value, loc);
        }
        self.depth -= 1;
    }

    /// Whether the value has the right type. If not, no other rule is checked, as in Pydantic.
    fn shape(&mut self, node: &Node, value: &Value, loc: &Location<'_>) -> bool {
        let before = self.found.len();
        if node.is_false {
            self.found.push(Violation::forbidden(loc, value));
        } else if !node.types.is_empty() && !node.types.iter().any(|kind| is_of(*kind, value)) {
            self.found.push(Violation::wrong_type(loc, node, value));
        }
        self.found.len() == before
    }

    fn rules(&mut self, node: &Node, value: &Value, loc: &Location<'_>) {
        self.values(node, value, loc);
        match value {
            Value::Number(number) => self.number(&node.number, number, value, loc),
            Value::String(text) => self.text(&node.text, text, value, loc),
            Value::Array(items) => self.list(&node.list, items, value, loc),
            Value::Object(object) => self.object(node, object, value, loc),
            Value::Null | Value::Bool(_) => {}
        }
        self.combinations(node, value, loc);
    }

    fn values(&mut self, node: &Node, value: &Value, loc: &Location<'_>) {
        let options = node
            .options
            .as_deref()
            .or(node.constant.as_ref().map(std::slice::from_ref));
        if let Some(options) = options
            && !options.iter().any(|option| same(option, value))
        {
            self.found.push(Violation::options(loc, options, value));
        }
    }

    fn number(&mut self, rules: &NumberRules, number: &Number, value: &Value, loc: &Location<'_>) {
        let bounds: [Bound<'_>; 4] = [
            (
                &rules.ge,
                Ordering::is_ge,
                "greater_than_equal",
                "greater than or equal to",
                "ge",
            ),
            (
                &rules.gt,
                Ordering::is_gt,
                "greater_than",
                "greater than",
                "gt",
            ),
            (
                &rules.le,
                Ordering::is_le,
                "less_than_equal",
                "less than or equal to",
                "le",
            ),
            (&rules.lt, Ordering::is_lt, "less_than", "less than", "lt"),
        ];
        for (bound, holds, kind, words, key) in bounds {
            if let Some(bound) = bound
                && !order(number, bound).is_some_and(holds)
            {
                let found =
                    Violation::new(loc, kind, format!("Input should be {words} {bound}"), value);
                self.found.push(found.ctx(json!({ key: bound })));
            }
        }
        if let Some(step) = &rules.multiple_of
            && !is_multiple(number, step)
        {
            let found = Violation::new(
                loc,
                "multiple_of",
                format!("Input should be a multiple of {step}"),
                value,
            );
            self.found.push(found.ctx(json!({ "multiple_of": step })));
        }
    }

    fn text(&mut self, rules: &TextRules, text: &str, value: &Value, loc: &Location<'_>) {
        let length = text.chars().count() as u64;
        if let Some(min) = rules.min.filter(|min| length < *min) {
            let msg = format!("String should have at least {min} character{}", plural(min));
            let found = Violation::new(loc, "string_too_short", msg, value);
            self.found.push(found.ctx(json!({ "min_length": min })));
        }
        if let Some(max) = rules.max.filter(|max| length > *max) {
            let msg = format!("String should have at most {max} character{}", plural(max));
            let found = Violation::new(loc, "string_too_long", msg, value);
            self.found.push(found.ctx(json!({ "max_length": max })));
        }
        if let Some(pattern) = rules
            .pattern
            .as_ref()
            .filter(|pattern| !pattern.is_match(text))
        {
            let msg = format!("String should match pattern '{pattern}'");
            let found = Violation::new(loc, "string_pattern_mismatch", msg, value);
            self.found
                .push(found.ctx(json!({ "pattern": pattern.as_str() })));
        }
    }

    fn list(&mut self, rules: &ListRules, items: &[Value], value: &Value, loc: &Location<'_>) {
        self.count(
            "List",
            "item",
            (rules.min, rules.max),
            items.len() as u64,
            value,
            loc,
        );
        let repeats = |at: usize| items[..at].iter().any(|earlier| same(earlier, &items[at]));
        if rules.unique && (1..items.len()).any(repeats) {
            let violation = Violation::value_error(loc, "List items should be unique", value);
            self.found.push(violation);
        }
        for (at, item) in items.iter().enumerate() {
            if let Some(id) = rules.first.get(at).copied().or(rules.rest) {
                self.node(id, item, &loc.index(at));
            }
        }
    }

    fn object(
        &mut self,
        node: &Node,
        object: &Map<String, Value>,
        value: &Value,
        loc: &Location<'_>,
    ) {
        let rules = &node.object;
        self.count(
            "Dictionary",
            "item",
            (rules.min, rules.max),
            object.len() as u64,
            value,
            loc,
        );
        for (name, id) in &rules.properties {
            match object.get(name) {
                Some(property) => self.node(*id, property, &loc.key(name)),
                None if rules.required.contains(name) => {
                    self.found.push(Violation::missing(loc, name, value));
                }
                None => {}
            }
        }
        let declared = |name: &str| rules.properties.iter().any(|(known, _)| known == name);
        let mut undeclared: Vec<_> = rules
            .required
            .iter()
            .filter(|name| !declared(name))
            .collect();
        undeclared.retain(|name| !object.contains_key(*name));
        undeclared.sort();
        for name in undeclared {
            self.found.push(Violation::missing(loc, name, value));
        }
        for (name, property) in object.iter().filter(|(name, _)| !declared(name)) {
            self.additional(&rules.additional, property, &loc.key(name));
        }
    }

    fn additional(&mut self, rule: &Additional, value: &Value, loc: &Location<'_>) {
        match rule {
            Additional::Ignored => {}
            Additional::Forbidden => self.found.push(Violation::forbidden(loc, value)),
            Additional::Schema(id) => self.node(*id, value, loc),
        }
    }

    /// The violation of a list or dictionary with the wrong size.
    fn count(
        &mut self,
        what: &str,
        unit: &str,
        (min, max): (Option<u64>, Option<u64>),
        length: u64,
        value: &Value,
        loc: &Location<'_>,
    ) {
        let (kind, words, key, limit) = match (min, max) {
            (Some(min), _) if length < min => ("too_short", "least", "min_length", min),
            (_, Some(max)) if length > max => ("too_long", "most", "max_length", max),
            _ => return,
        };
        let msg = format!(
            "{what} should have at {words} {limit} {unit}{} after validation, not {length}",
            plural(limit)
        );
        let ctx = json!({ "field_type": what, key: limit, "actual_length": length });
        self.found
            .push(Violation::new(loc, kind, msg, value).ctx(ctx));
    }

    fn combinations(&mut self, node: &Node, value: &Value, loc: &Location<'_>) {
        for id in node.reference.iter().chain(&node.all_of) {
            self.node(*id, value, loc);
        }
        if !node.any_of.is_empty() {
            self.union(&node.any_of, value, loc);
        }
        if !node.one_of.is_empty() {
            self.exactly_one(&node.one_of, value, loc);
        }
        if let Some(id) = node.not
            && self.violations_of(id, value, loc).is_empty()
        {
            let what = "Input matches a schema that it must not match";
            self.found.push(Violation::value_error(loc, what, value));
        }
    }

    fn exactly_one(&mut self, members: &[Id], value: &Value, loc: &Location<'_>) {
        let fits = |id: &&Id| self.violations_of(**id, value, loc).is_empty();
        match members.iter().filter(fits).count() {
            0 => self.union(members, value, loc),
            1 => {}
            more => {
                let what =
                    format!("Input should match exactly one of the schemas, but matched {more}");
                self.found.push(Violation::value_error(loc, &what, value));
            }
        }
    }

    /// Reports the violations of every member of a union, with the member's name in their locations. For an optional value, the name
    /// is left out.
    fn union(&mut self, members: &[Id], value: &Value, loc: &Location<'_>) {
        let mut errors = Vec::new();
        for id in members {
            let found = self.violations_of(*id, value, loc);
            if found.is_empty() {
                return;
            }
            if self.schema.nodes[*id].types != [Type::Null] {
                errors.push((*id, found));
            }
        }
        if errors.len() == 1 {
            self.found
                .extend(errors.into_iter().flat_map(|(_, found)| found));
            return;
        }
        for (id, found) in errors {
            let label = &self.schema.nodes[id].label;
            self.found
                .extend(found.into_iter().map(|error| under(error, loc, label)));
        }
    }
}

/// Inserts the member's name after the location of the union.
fn under(mut error: Violation, union: &Location<'_>, label: &str) -> Violation {
    let at = union.depth().min(error.loc.len());
    error.loc.insert(at, Segment::Key(label.to_owned()));
    error
}

fn is_of(kind: Type, value: &Value) -> bool {
    match (kind, value) {
        (Type::Null, Value::Null)
        | (Type::Boolean, Value::Bool(_))
        | (Type::Number, Value::Number(_))
        | (Type::String, Value::String(_))
        | (Type::Array, Value::Array(_))
        | (Type::Object, Value::Object(_)) => true,
        (Type::Integer, Value::Number(number)) => is_whole(number),
        _ => false,
    }
}

fn plural(count: u64) -> &'static str {
    if count == 1 { "" } else { "s" }
}
