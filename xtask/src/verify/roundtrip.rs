//! Whether a value survives being decoded and encoded again.
//!
//! What comes out must be what went in, with these exceptions:
//!
//! * numbers are compared as numbers (`1` is `1.0`);
//! * a `null` may go where it means absence: the member is optional, and absence
//!   does not mean some other default;
//! * a required member that may be `null` comes out as `null` if it was absent;
//! * what no schema declares may go, and a union keeps as much as the member does
//!   that declares most of the value, among those that take it.

use fal_codegen::source::push_pointer;
use serde_json::{Map, Value};

use super::cases::beside;
use super::oracle::Oracle;
use super::subject::Direction;

/// Compares what went in with what came out, and says what is wrong, where.
pub fn difference(oracle: &Oracle, before: &Value, after: &Value) -> Option<(String, String)> {
    let comparison = Comparison { oracle };
    comparison.value("", oracle.shape().schema(), before, after)
}

struct Comparison<'a> {
    oracle: &'a Oracle,
}

/// Where a value changed, and how.
type Difference = Option<(String, String)>;

/// The schema of any value.
static ANY: Value = Value::Bool(true);

impl Comparison<'_> {
    fn value(&self, place: &str, schema: &Value, before: &Value, after: &Value) -> Difference {
        match (before, after) {
            (Value::Object(before), Value::Object(after)) => {
                let whole = Value::Object(before.clone());
                let forms = self.forms(schema, &whole);
                let tried = forms
                    .iter()
                    .map(|form| self.object(place, form, before, after));
                first_good(tried)
            }
            (Value::Array(items), Value::Array(others)) => {
                if items.len() != others.len() {
                    let words = format!("{} items became {}", items.len(), others.len());
                    return Some((place.to_owned(), words));
                }
                let forms = self.forms(schema, before);
                first_good(
                    forms
                        .iter()
                        .map(|form| self.list(place, form, items, others)),
                )
            }
            _ if same(before, after) || self.same_float(schema, before, after) => None,
            _ => Some((place.to_owned(), format!("{before} became {after}"))),
        }
    }

    /// Where the schema asks for any number, not for an integer, a whole number
    /// beyond 2^53 may come out as the nearest float.
    fn same_float(&self, schema: &Value, before: &Value, after: &Value) -> bool {
        let close = before.as_f64().is_some() && before.as_f64() == after.as_f64();
        close && self.oracle.part_takes(schema, &Value::from(0.5))
    }

    fn list(&self, place: &str, form: &Form, before: &[Value], after: &[Value]) -> Difference {
        let tuple = form.get("prefixItems").and_then(Value::as_array);
        let items = before.iter().zip(after).enumerate();
        items.into_iter().find_map(|(index, (before, after))| {
            let at = tuple.and_then(|places| places.get(index));
            let schema = at.or_else(|| form.get("items")).unwrap_or(&ANY);
            self.value(&format!("{place}/{index}"), schema, before, after)
        })
    }

    fn object(
        &self,
        place: &str,
        form: &Form,
        before: &Map<String, Value>,
        after: &Map<String, Value>,
    ) -> Difference {
        let at = |name: &str| push_pointer(place, name);
        for (name, value) in before {
            let schema = self.member(form, name);
            match (after.get(name), schema) {
                (Some(other), schema) => {
                    let schema = schema.unwrap_or(&ANY);
                    if let Some(difference) = self.value(&at(name), schema, value, other) {
                        return Some(difference);
                    }
                }
                (None, Some(schema))
                    if !(value.is_null() && self.null_is_absence(form, name, schema)) =>
                {
                    return Some((at(name), format!("{value} was lost")));
                }
                (None, _) => {}
            }
        }
        let added = after.iter().find(|(name, value)| {
            let becomes_null = value.is_null() && required(form, name);
            !before.contains_key(*name) && !becomes_null
        });
        added.map(|(name, value)| (at(name), format!("{value} appeared")))
    }

    /// The schema of a member; `None` for one that nothing declares.
    fn member<'f>(&self, form: &'f Form, name: &str) -> Option<&'f Value> {
        let declared = form.get("properties").and_then(|all| all.get(name));
        declared.or_else(|| match form.get("additionalProperties") {
            Some(Value::Bool(false)) => None,
            // An object that declares nothing keeps everything.
            None if form.contains_key("properties") => None,
            None => Some(&ANY),
            others => others,
        })
    }

    /// Whether leaving the member out says the same as `null`.
    fn null_is_absence(&self, form: &Form, name: &str, schema: &Value) -> bool {
        let declared = form
            .get("properties")
            .is_some_and(|all| all.get(name).is_some());
        let view = self.oracle.shape().view(schema);
        let default = view.get("default").is_none_or(Value::is_null);
        // Where the schema refuses `null`, it can only have meant absence.
        let refused = !self.oracle.shape().accepts_null(schema);
        let is_output = self.oracle.direction() == Direction::Output;
        declared && !required(form, name) && (default || refused || is_output)
    }

    /// The forms that a value may have by its schema: of a union, the members
    /// that take the value and declare most of it.
    fn forms(&self, schema: &Value, value: &Value) -> Vec<Form> {
        let view = self.oracle.shape().view(schema);
        for keyword in ["anyOf", "oneOf"] {
            if let Some(Value::Array(members)) = view.get(keyword) {
                let members: Vec<_> = members
                    .iter()
                    .map(|member| beside(&view, keyword, member))
                    .collect();
                return self.best_forms(&members, value);
            }
        }
        vec![view]
    }

    fn best_forms(&self, members: &[Value], value: &Value) -> Vec<Form> {
        let taking = |takes: &dyn Fn(&Value) -> bool| -> Vec<Form> {
            let taking = members.iter().filter(|member| takes(member));
            taking
                .flat_map(|member| self.forms(member, value))
                .collect()
        };
        let mut forms = taking(&|member| self.oracle.part_takes(member, value));
        if forms.is_empty() {
            forms = taking(&|member| self.oracle.part_expects(member, value));
        }
        if forms.is_empty() {
            // The value stands in a place that takes anything, and keeps it.
            return vec![Form::new()];
        }
        let least = forms.iter().map(|form| self.loss(form, value)).min();
        forms.retain(|form| Some(self.loss(form, value)) == least);
        forms
    }

    /// How many members of a value, at any depth, a form does not declare.
    fn loss(&self, form: &Form, value: &Value) -> usize {
        match value {
            Value::Object(members) => members
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| match self.member(form, name) {
                    Some(schema) => self.least_loss(schema, value),
                    None => 1,
                })
                .sum(),
            Value::Array(items) => {
                let schema = form.get("items").unwrap_or(&ANY);
                items.iter().map(|item| self.least_loss(schema, item)).sum()
            }
            _ => 0,
        }
    }

    fn least_loss(&self, schema: &Value, value: &Value) -> usize {
        let forms = self.forms(schema, value);
        forms
            .iter()
            .map(|form| self.loss(form, value))
            .min()
            .unwrap_or(0)
    }
}

/// The keywords that hold for a value.
type Form = Map<String, Value>;

fn required(form: &Form, name: &str) -> bool {
    let names = form.get("required").and_then(Value::as_array);
    names.into_iter().flatten().any(|other| other == name)
}

/// Nothing if one of the tries finds nothing; else what the first found.
fn first_good(mut tries: impl Iterator<Item = Difference>) -> Difference {
    let first = tries.next()??;
    if tries.any(|difference| difference.is_none()) {
        return None;
    }
    Some(first)
}

/// Whether two values are the same, numbers as numbers: `1` is `1.0`.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) if one.is_f64() != other.is_f64() => {
            let (float, whole) = if one.is_f64() {
                (one, other)
            } else {
                (other, one)
            };
            let whole = whole
                .as_i64()
                .map(i128::from)
                .or(whole.as_u64().map(i128::from));
            float
                .as_f64()
                .filter(|float| float.fract() == 0.0)
                .map(|float| float as i128)
                == whole
        }
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::difference;
    use crate::verify::oracle::Oracle;
    use crate::verify::subject::Direction;

    /// An oracle on an input of the schema.
    fn oracle(schema: &Value, direction: Direction) -> Oracle {
        let content = json!({ "content": { "application/json": { "schema": schema } } });
        let document = json!({ "paths": {
            "/a/b": { "post": { "requestBody": content } },
            "/a/b/requests/{request_id}": { "get": { "responses": { "200": content } } },
        } });
        Oracle::new(&document, "a/b", direction, &[]).unwrap()
    }

    fn sent(schema: &Value, before: &Value, after: &Value) -> Option<String> {
        let found = difference(&oracle(schema, Direction::Input), before, after);
        found.map(|(pointer, words)| format!("{pointer}: {words}"))
    }

    fn union() -> Value {
        json!({ "properties": { "size": { "anyOf": [
            { "type": "object", "properties": { "width": { "type": "integer" } } },
            { "type": "object", "properties": { "width": { "type": "integer" }, "unit": { "type": "string" } } },
        ] } } })
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        let schema = json!({ "properties": { "n": { "type": "number" } } });
        assert_eq!(
            sent(&schema, &json!({ "n": 1 }), &json!({ "n": 1.0 })),
            None
        );
        assert!(sent(&schema, &json!({ "n": 1 }), &json!({ "n": 1.5 })).is_some());
        let large = json!({ "n": 9_007_199_254_740_993_i64 });
        let rounded = json!({ "n": 9_007_199_254_740_992.0 });
        assert_eq!(sent(&schema, &large, &rounded), None);
        let integer = json!({ "properties": { "n": { "type": "integer" } } });
        assert!(sent(&integer, &large, &rounded).is_some());
    }

    #[test]
    fn only_what_nothing_declares_may_go() {
        let schema = json!({ "properties": { "a": { "type": "string" } } });
        let before = json!({ "a": "x", "b": "y" });
        assert_eq!(sent(&schema, &before, &json!({ "a": "x" })), None);
        assert_eq!(
            sent(&schema, &before, &json!({})).as_deref(),
            Some("/a: \"x\" was lost")
        );
        let open = json!({ "properties": { "a": {} }, "additionalProperties": true });
        assert!(sent(&open, &before, &json!({ "a": "x" })).is_some());
        let appeared = sent(&schema, &json!({}), &json!({ "a": "x" }));
        assert_eq!(appeared.as_deref(), Some("/a: \"x\" appeared"));
    }

    #[test]
    fn a_null_that_differs_from_absence_stays() {
        let property = |default: Value| json!({ "properties": { "fps": { "type": ["integer", "null"], "default": default } } });
        let null = json!({ "fps": null });
        assert_eq!(sent(&property(Value::Null), &null, &json!({})), None);
        assert!(sent(&property(json!(16)), &null, &json!({})).is_some());
        let received = oracle(&property(json!(16)), Direction::Output);
        assert_eq!(difference(&received, &null, &json!({})), None);
    }

    #[test]
    fn a_union_keeps_what_its_fullest_member_keeps() {
        let before = json!({ "size": { "width": 1, "unit": "px" } });
        assert_eq!(sent(&union(), &before, &before), None);
        let lost = json!({ "size": { "width": 1 } });
        assert!(sent(&union(), &before, &lost).is_some());
        // The second member refuses the value, so the first one is right.
        let first = json!({ "size": { "width": 1, "unit": 3 } });
        assert_eq!(sent(&union(), &first, &lost), None);
    }

    #[test]
    fn lists_keep_their_items_in_order() {
        let schema =
            json!({ "properties": { "l": { "type": "array", "items": { "type": "integer" } } } });
        let before = json!({ "l": [1, 2] });
        assert!(sent(&schema, &before, &json!({ "l": [2, 1] })).is_some());
        assert!(sent(&schema, &before, &json!({ "l": [1] })).is_some());
    }
}
