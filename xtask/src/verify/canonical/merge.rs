//! Two canonical schemas that both hold, as one.

use serde_json::{Value, json};

use super::{Keywords, WORDS, list, sorted};

/// How many combinations of alternatives are written out.
const MOST: usize = 32;

/// Adds to `outer` what `inner` demands, and the words that `outer` lacks.
pub(super) fn merge(outer: &mut Keywords, inner: Keywords) {
    for (keyword, theirs) in inner {
        let Some(ours) = outer.remove(&keyword) else {
            outer.insert(keyword, theirs);
            continue;
        };
        let both = match keyword.as_str() {
            word if WORDS.contains(&word) => ours,
            "type" => match common_types(&ours, &theirs) {
                Some(types) => types,
                None => {
                    outer.insert("never".into(), true.into());
                    ours
                }
            },
            "enum" => {
                let common =
                    list(Some(&ours)).filter(|value| list(Some(&theirs)).any(|v| v == *value));
                common.cloned().collect()
            }
            "minimum" | "exclusiveMinimum" | "minLength" | "minItems" => {
                stricter(ours, theirs, true)
            }
            "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" => {
                stricter(ours, theirs, false)
            }
            "required" => sorted(list(Some(&ours)).chain(list(Some(&theirs))).cloned()),
            "properties" => properties(ours, theirs),
            "items" => schemas(ours, theirs),
            "additionalProperties" => match (&ours, &theirs) {
                (Value::Object(_), Value::Object(_)) => schemas(ours, theirs),
                _ => ours,
            },
            "anyOf" => combinations(ours, theirs),
            _ => ours,
        };
        outer.insert(keyword, both);
    }
}

/// Every integer is a number.
fn common_types(ours: &Value, theirs: &Value) -> Option<Value> {
    let has = |types: &Value, name: &str| list(Some(types)).any(|ty| ty == name);
    let common = list(Some(ours)).filter_map(|ty| match ty.as_str()? {
        name if has(theirs, name) => Some(json!(name)),
        "integer" if has(theirs, "number") => Some(json!("integer")),
        "number" if has(theirs, "integer") => Some(json!("integer")),
        _ => None,
    });
    let common: Vec<Value> = common.collect();
    (!common.is_empty()).then(|| sorted(common.into_iter()))
}

fn stricter(ours: Value, theirs: Value, larger: bool) -> Value {
    let (a, b) = (ours.as_f64(), theirs.as_f64());
    match if larger { a >= b } else { a <= b } {
        true => ours,
        false => theirs,
    }
}

fn properties(ours: Value, theirs: Value) -> Value {
    let (Value::Object(mut known), Value::Object(more)) = (ours, theirs) else {
        return Value::Null;
    };
    for (name, property) in more {
        let both = match known.remove(&name) {
            Some(ours) => schemas(ours, property),
            None => property,
        };
        known.insert(name, both);
    }
    Value::Object(known)
}

fn schemas(ours: Value, theirs: Value) -> Value {
    match (ours, theirs) {
        (Value::Object(mut ours), Value::Object(theirs)) => {
            merge(&mut ours, theirs);
            Value::Object(ours)
        }
        (ours, _) => ours,
    }
}

/// Every pair of alternatives that some value fits.
fn combinations(ours: Value, theirs: Value) -> Value {
    let count = list(Some(&ours)).count() * list(Some(&theirs)).count();
    if count > MOST {
        return ours;
    }
    let pairs = list(Some(&ours)).flat_map(|ours| {
        let theirs = list(Some(&theirs));
        theirs.map(|theirs| schemas(ours.clone(), theirs.clone()))
    });
    let possible =
        pairs.filter(|both| both.get("never").is_none() && both.get("enum") != Some(&json!([])));
    possible.collect()
}
