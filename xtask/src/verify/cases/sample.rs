//! One plain value for a schema: the smallest good one, or the fullest.

use serde_json::{Map, Value, json};

use super::{Maker, beside, kinds, number, text};

/// How much a sample says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// What is required, and nothing else.
    Small,
    /// Every property, every list with items.
    Full,
}

impl Maker<'_> {
    /// A value that the schema should take.
    pub fn sample(&self, name: &str, schema: &Value, extent: Extent) -> Value {
        let Some(inner) = self.enter(schema) else {
            return Value::Null;
        };
        let view = self.subject.view(schema);
        if let Some(value) = first_listed(&view).or_else(|| shown(&view)) {
            return value;
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(Value::Array(members)) = view.get(keyword) {
                return inner.union_sample(name, &view, keyword, members, extent);
            }
        }
        match kinds(&view).first().copied() {
            Some("string") => sample_text(name, &view),
            Some("integer") => sample_integer(&view),
            Some("number") => number::inside(&view).into(),
            Some("boolean") => true.into(),
            Some("array") => inner.sample_list(name, &view, extent),
            Some("object") => inner.sample_object(&view, extent),
            Some("null") => Value::Null,
            _ => name.into(),
        }
    }

    /// The first member that is not null, and that does not lead back to where
    /// we come from.
    fn union_sample(
        &self,
        name: &str,
        view: &Map<String, Value>,
        keyword: &str,
        members: &[Value],
        extent: Extent,
    ) -> Value {
        let samples = members.iter().map(|member| {
            let member = beside(view, keyword, member);
            self.sample(name, &member, extent)
        });
        samples
            .into_iter()
            .find(|value| !value.is_null())
            .unwrap_or(Value::Null)
    }

    /// The small or full sample of an object.
    pub fn sample_object(&self, view: &Map<String, Value>, extent: Extent) -> Value {
        let mut members = Map::new();
        let required = required(view);
        for (name, schema) in properties(view) {
            if required.contains(&name.as_str()) || extent == Extent::Full {
                let value = self.sample(name, schema, extent);
                // A schema that holds itself ends here.
                if !value.is_null() || required.contains(&name.as_str()) {
                    members.insert(name.clone(), value);
                }
            }
        }
        for name in required {
            members.entry(name).or_insert_with(|| "undeclared".into());
        }
        if extent == Extent::Full
            && let Some(schema @ Value::Object(_)) = view.get("additionalProperties")
        {
            members.insert("another".into(), self.sample("another", schema, extent));
        }
        Value::Object(members)
    }
}

/// The properties that a schema declares.
pub fn properties(view: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    view.get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

/// The names of what must be there.
pub fn required(view: &Map<String, Value>) -> Vec<&str> {
    let names = view.get("required").and_then(Value::as_array);
    names
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

fn first_listed(view: &Map<String, Value>) -> Option<Value> {
    let listed = || {
        view.get("enum")?
            .as_array()?
            .iter()
            .find(|value| !value.is_null())
    };
    view.get("const").or_else(listed).cloned()
}

/// For a pattern nobody but the document knows a good value.
fn shown(view: &Map<String, Value>) -> Option<Value> {
    let _ = view.get("pattern")?;
    let example = || view.get("examples")?.as_array()?.first();
    example()
        .or_else(|| view.get("default"))
        .filter(|value| value.is_string())
        .cloned()
}

fn sample_text(name: &str, view: &Map<String, Value>) -> Value {
    if view.contains_key("pattern") {
        return "abc".into();
    }
    let (least, most) = text::bounds(view);
    let length = (name.chars().count() as u64).max(least.unwrap_or(0));
    text::of_length(name, length.min(most.unwrap_or(u64::MAX))).into()
}

fn sample_integer(view: &Map<String, Value>) -> Value {
    let (least, most) = number::whole_bounds(view);
    let start = match (least, most) {
        (Some(least), Some(most)) => (least + most) / 2,
        (Some(least), None) => least.max(1),
        (None, Some(most)) => most.min(1),
        (None, None) => 1,
    };
    let step = view
        .get("multipleOf")
        .and_then(Value::as_i64)
        .map_or(1, i128::from);
    let multiple = number::next_multiple(start, step);
    let within = most.is_none_or(|most| multiple <= most);
    number::whole(if within { multiple } else { multiple - step }).unwrap_or(json!(1))
}
