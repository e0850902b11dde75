//! One plain value for a schema: the smallest valid value, or the fullest.

use serde_json::{Map, Value, json};

use super::{Maker, kinds, member_schema, nodes, number, text};
use crate::keywords::{Keywords, alternatives, items, properties, required};

/// How much a sample contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The sample has what is required, and nothing else.
    Small,
    /// The sample has every property, and every list has items.
    Full,
}

impl Extent {
    /// The largest number of nodes in a sample. What is required is always in it, so that it is valid.
    const fn most_nodes(self) -> usize {
        match self {
            Self::Small => 100_000,
            Self::Full => 1_000,
        }
    }
}

impl Maker<'_> {
    /// A value that the schema should accept; `null` where a schema contains itself, or
    /// where the value becomes too large.
    pub fn sample(&self, name: &str, schema: &Value, extent: Extent) -> Value {
        let outer = self.limits.sample.get();
        let used = outer.unwrap_or(0);
        if used > extent.most_nodes() || self.limits.are_reached() {
            return Value::Null;
        }
        self.limits.sample.set(Some(used + 1));
        let value = match schema.get("$ref") {
            Some(_) => self.known_sample(name, schema, extent),
            None => self.new_sample(name, schema, extent),
        };
        if outer.is_none() {
            self.limits.sample.set(None);
            self.limits.count(nodes(&value));
        }
        value
    }

    /// The sample of a reference, which is made once if it is not too large.
    fn known_sample(&self, name: &str, schema: &Value, extent: Extent) -> Value {
        let limits = self.limits;
        let used = limits.sample.get().unwrap_or(0);
        let key = format!("{extent:?} {name} {schema} {:?}", self.chain);
        let known = limits.samples.borrow().get(&key).cloned();
        if let Some(value) = known {
            limits.sample.set(Some(used + nodes(&value)));
            return value;
        }
        let value = self.new_sample(name, schema, extent);
        if limits.sample.get() <= Some(extent.most_nodes()) {
            limits.samples.borrow_mut().insert(key, value.clone());
        }
        value
    }

    fn new_sample(&self, name: &str, schema: &Value, extent: Extent) -> Value {
        let Some(inner) = self.enter(schema) else {
            return Value::Null;
        };
        let keywords = self.root.effective(schema);
        if let Some(value) = first_listed(&keywords).or_else(|| example_of_pattern(&keywords)) {
            return value;
        }
        let mut members = alternatives(&keywords)
            .map(|(union, member)| member_schema(&keywords, union, member, self.root))
            .peekable();
        if members.peek().is_some() {
            // `null` would lead back to where we come from.
            let mut samples = members.map(|member| inner.sample(name, &member, extent));
            return samples.find(|value| !value.is_null()).unwrap_or_default();
        }
        match kinds(&keywords).first().copied() {
            Some("string") => sample_text(name, &keywords),
            Some("integer") => sample_integer(&keywords),
            Some("number") => number::inside(&keywords).into(),
            Some("boolean") => true.into(),
            Some("array") => inner.sample_list(name, &keywords, extent),
            Some("object") => Value::Object(inner.sample_object(&keywords, extent)),
            Some("null") => Value::Null,
            _ => name.into(),
        }
    }

    /// The small or full sample of an object.
    pub fn sample_object(&self, keywords: &Keywords, extent: Extent) -> Map<String, Value> {
        let mut members = Map::new();
        let required = required(keywords);
        for (name, schema) in properties(keywords) {
            let is_required = required.contains(&name.as_str());
            if is_required || extent == Extent::Full {
                let value = self.sample(name, schema, extent);
                // A recursive schema ends here.
                if !value.is_null() || is_required {
                    members.insert(name.clone(), value);
                }
            }
        }
        for name in required {
            members.entry(name).or_insert_with(|| "undeclared".into());
        }
        if extent == Extent::Full
            && let Some(schema @ Value::Object(_)) = keywords.get("additionalProperties")
        {
            members.insert("another".into(), self.sample("another", schema, extent));
        }
        members
    }
}

fn first_listed(keywords: &Keywords) -> Option<Value> {
    let mut listed = items(keywords, "enum");
    let constant = keywords.get("const");
    constant
        .or_else(|| listed.find(|value| !value.is_null()))
        .cloned()
}

/// A value from the document that matches a pattern, since none can be made from the pattern.
fn example_of_pattern(keywords: &Keywords) -> Option<Value> {
    let _ = keywords.get("pattern")?;
    let example = items(keywords, "examples").next();
    example
        .or_else(|| keywords.get("default"))
        .filter(|value| value.is_string())
        .cloned()
}

fn sample_text(name: &str, keywords: &Keywords) -> Value {
    if keywords.contains_key("pattern") {
        return "abc".into();
    }
    let (least, most) = text::bounds(keywords);
    let length = (name.chars().count() as u64).max(least.unwrap_or(0));
    text::of_length(name, length.min(most.unwrap_or(u64::MAX))).into()
}

fn sample_integer(keywords: &Keywords) -> Value {
    let (least, most) = number::whole_bounds(keywords);
    let start = match (least, most) {
        (Some(least), Some(most)) => (least + most) / 2,
        (Some(least), None) => least.max(1),
        (None, Some(most)) => most.min(1),
        (None, None) => 1,
    };
    let step = keywords.get("multipleOf").and_then(Value::as_i64);
    let step = step.map_or(1, i128::from);
    let multiple = number::next_multiple(start, step);
    let is_inside = most.is_none_or(|most| multiple <= most);
    number::whole(if is_inside { multiple } else { multiple - step }).unwrap_or(json!(1))
}
