//! Whether a value survives being decoded and encoded again.
//!
//! An encoded value must equal the value that was decoded. The differences that are allowed have rows in the
//! [table of tolerances](super::tolerance::TABLE), whose names stand below where each is
//! applied.

use fal_codegen::source::push_pointer;
use serde_json::{Map, Value};

use super::instances::member_schema;
use super::keywords::{Keywords, alternatives, items, required};
use super::oracle::Oracle;
use super::root_schema::Direction;

/// The position at which a value changed, and how it changed.
type Difference = Option<(String, String)>;

/// Compares the value that was decoded with the value that was encoded.
pub fn difference(oracle: &Oracle, before: &Value, after: &Value) -> Difference {
    Comparison { oracle }.value("", oracle.shape().schema(), before, after)
}

struct Comparison<'a> {
    oracle: &'a Oracle,
}

/// The schema of any value.
static ANY: Value = Value::Bool(true);

impl Comparison<'_> {
    fn value(&self, pointer: &str, schema: &Value, before: &Value, after: &Value) -> Difference {
        match (before, after) {
            (Value::Object(members), Value::Object(others)) => {
                let forms = self.forms(schema, before);
                let tries = forms.iter();
                first_good(tries.map(|form| self.object(pointer, form, members, others)))
            }
            (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
                let forms = self.forms(schema, before);
                let tries = forms.iter();
                first_good(tries.map(|form| self.list(pointer, form, items, others)))
            }
            _ if same(before, after) || self.same_float(schema, before, after) => None,
            _ => Some((pointer.to_owned(), format!("{before} became {after}"))),
        }
    }

    /// Whether two numbers are the same float, where the schema asks for any number (`number-form`).
    fn same_float(&self, schema: &Value, before: &Value, after: &Value) -> bool {
        let is_close = before.as_f64().is_some() && before.as_f64() == after.as_f64();
        is_close && self.oracle.part_shapes(schema, &Value::from(0.5))
    }

    fn list(
        &self,
        pointer: &str,
        form: &Keywords,
        before: &[Value],
        after: &[Value],
    ) -> Difference {
        let tuple = form.get("prefixItems").and_then(Value::as_array);
        let mut pairs = before.iter().zip(after).enumerate();
        pairs.find_map(|(index, (before, after))| {
            let place = tuple.and_then(|places| places.get(index));
            let schema = place.or_else(|| form.get("items")).unwrap_or(&ANY);
            self.value(&format!("{pointer}/{index}"), schema, before, after)
        })
    }

    fn object(
        &self,
        pointer: &str,
        form: &Keywords,
        before: &Map<String, Value>,
        after: &Map<String, Value>,
    ) -> Difference {
        let changed = before.iter().find_map(|(name, value)| {
            let place = push_pointer(pointer, name);
            match (after.get(name), member(form, name)) {
                (Some(other), schema) => self.value(&place, schema.unwrap_or(&ANY), value, other),
                // `dropped-undeclared`
                (None, None) => None,
                (None, Some(schema)) => {
                    let is_absence = value.is_null() && self.null_is_absence(form, name, schema);
                    (!is_absence).then(|| (place, format!("{value} was lost")))
                }
            }
        });
        changed.or_else(|| {
            let added = after.iter().find(|(name, value)| {
                // `added-null`
                let is_absence = value.is_null() && required(form).contains(&name.as_str());
                !before.contains_key(*name) && !is_absence
            });
            added.map(|(name, value)| (push_pointer(pointer, name), format!("{value} appeared")))
        })
    }

    /// Whether leaving the member out means the same as `null` (`dropped-null`).
    fn null_is_absence(&self, form: &Keywords, name: &str, schema: &Value) -> bool {
        let declared = form.get("properties").and_then(|all| all.get(name));
        let keywords = self.oracle.shape().effective(schema);
        let has_no_default = keywords.get("default").is_none_or(Value::is_null);
        // Where the schema refuses `null`, it can only have meant absence.
        let is_refused = !self.oracle.shape().accepts_null(schema);
        let is_output = self.oracle.direction == Direction::Output;
        let is_optional = declared.is_some() && !required(form).contains(&name);
        is_optional && (has_no_default || is_refused || is_output)
    }

    /// The forms that a value can have by its schema. Of a union, these are the members that accept the value and declare most
    /// of it (`dropped-by-union`).
    fn forms(&self, schema: &Value, value: &Value) -> Vec<Keywords> {
        let keywords = self.oracle.shape().effective(schema);
        let Some((union, _)) = alternatives(&keywords).next() else {
            return vec![keywords];
        };
        let members = items(&keywords, union);
        let members: Vec<Value> = members
            .map(|member| member_schema(&keywords, union, member, self.oracle.shape()))
            .collect();
        let accepting = |accepts: &dyn Fn(&Value) -> bool| -> Vec<Keywords> {
            let accepting = members.iter().filter(|member| accepts(member));
            let forms = accepting.flat_map(|member| self.forms(member, value));
            forms.collect()
        };
        let mut forms = accepting(&|member| self.oracle.part_shapes(member, value));
        if forms.is_empty() {
            forms = accepting(&|member| self.oracle.part_accepts(member, value));
        }
        if forms.is_empty() {
            // The value stands in a place that takes anything, and keeps it.
            return vec![Keywords::new()];
        }
        let undeclared: Vec<usize> = forms
            .iter()
            .map(|form| self.undeclared(form, value))
            .collect();
        let least = undeclared.iter().min().copied();
        let mut counts = undeclared.into_iter();
        forms.retain(|_| counts.next() == least);
        forms
    }

    /// The number of members of a value, at any depth, that a form does not declare.
    fn undeclared(&self, form: &Keywords, value: &Value) -> usize {
        let least = |schema: &Value, value: &Value| {
            let forms = self.forms(schema, value);
            let counts = forms.iter().map(|form| self.undeclared(form, value));
            counts.min().unwrap_or(0)
        };
        match value {
            Value::Object(members) => {
                let members = members.iter().filter(|(_, value)| !value.is_null());
                let counts = members.map(|(name, value)| {
                    member(form, name).map_or(1, |schema| least(schema, value))
                });
                counts.sum()
            }
            Value::Array(items) => {
                let schema = form.get("items").unwrap_or(&ANY);
                items.iter().map(|item| least(schema, item)).sum()
            }
            _ => 0,
        }
    }
}

/// The schema of a member; `None` for one that nothing declares.
fn member<'f>(form: &'f Keywords, name: &str) -> Option<&'f Value> {
    let declared = form.get("properties").and_then(|all| all.get(name));
    declared.or_else(|| match form.get("additionalProperties") {
        Some(Value::Bool(false)) => None,
        // An object that declares nothing keeps everything.
        None if form.contains_key("properties") => None,
        None => Some(&ANY),
        others => others,
    })
}

/// The first of the differences, unless one of the tries finds none.
fn first_good(mut tries: impl Iterator<Item = Difference>) -> Difference {
    let first = tries.next()??;
    tries
        .all(|difference| difference.is_some())
        .then_some(first)
}

/// Whether two values are equal; numbers are compared by their value (`number-form`).
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) if one.is_f64() != other.is_f64() => {
            let (float, whole) = if one.is_f64() {
                (one, other)
            } else {
                (other, one)
            };
            let float = float.as_f64().filter(|float| float.fract() == 0.0);
            float.map(|float| float as i128) == whole.as_i128()
        }
        _ => one == other,
    }
}
