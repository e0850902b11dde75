//! Members of inputs that the generated types do not have.

use serde_json::{Map, Value};

use crate::transport::error::{Error, Result};

/// Sets the value at a JSON pointer (RFC 6901). Missing objects on the way are created; a
/// list must have the item, and `-` appends one.
pub(super) fn set(root: &mut Value, pointer: &str, value: Value) -> Result<()> {
    let refuse = |why: String| Error::configuration(format!("`.extra({pointer:?}, …)`: {why}"));
    let path = pointer
        .strip_prefix('/')
        .ok_or_else(|| refuse("a JSON pointer starts with `/`".to_owned()))?;
    let mut place = root;
    for part in path.split('/') {
        let name = part.replace("~1", "/").replace("~0", "~");
        place = step(place, name).map_err(refuse)?;
    }
    *place = value;
    Ok(())
}

fn step(place: &mut Value, name: String) -> Result<&mut Value, String> {
    if place.is_null() {
        *place = Value::Object(Map::new());
    }
    match place {
        Value::Object(members) => Ok(members.entry(name).or_insert(Value::Null)),
        Value::Array(items) => {
            if name == "-" {
                items.push(Value::Null);
            }
            let count = items.len();
            let index = if name == "-" {
                Some(count - 1)
            } else {
                name.parse().ok()
            };
            index
                .and_then(|index: usize| items.get_mut(index))
                .ok_or_else(|| format!("the list has {count} items, and none at {name:?}"))
        }
        _ => Err(format!(
            "the value that {name:?} would be in is neither an object nor a list"
        )),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_set_at_their_pointers() {
        let mut value = json!({"prompt": "a", "loras": [{"path": "x"}]});
        for (pointer, extra) in [
            ("/prompt", json!("b")),
            ("/new/deep", json!(1)),
            ("/loras/0/scale", json!(0.5)),
            ("/loras/-", json!({"path": "y"})),
            ("/a~1b~0c", json!(true)),
        ] {
            set(&mut value, pointer, extra).unwrap();
        }
        assert_eq!(
            value,
            json!({
                "prompt": "b",
                "new": {"deep": 1},
                "loras": [{"path": "x", "scale": 0.5}, {"path": "y"}],
                "a/b~c": true,
            })
        );
    }

    #[test]
    fn what_has_no_place_is_refused() {
        let mut value = json!({"prompt": "a", "loras": []});
        for pointer in ["prompt", "", "/prompt/x", "/loras/0", "/loras/x"] {
            let error = set(&mut value, pointer, json!(1)).unwrap_err();
            assert!(error.to_string().contains("extra"), "{error}");
        }
    }
}
