//! References: the components that a `$ref` refers to.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::pointer::{push, unescaped};

const COMPONENTS: &str = "/components/schemas/";

/// The component that a `$ref` names, with its name. The reference is `#/components/schemas/` and the name, which is escaped as
/// a segment of a JSON pointer in a URL's fragment: `~1` is `/`, `~0` is `~`, and `%20` a space. A name with an unescaped percent
/// sign is found, too.
pub fn component<'a, T>(
    components: &'a BTreeMap<String, T>,
    reference: &str,
) -> Option<(&'a String, &'a T)> {
    let decoded = percent_decode_str(reference).decode_utf8();
    let spellings = decoded.as_deref().ok().into_iter().chain([reference]);
    let known = |name: &str| components.get_key_value(name);
    let mut found = spellings.filter_map(|reference| {
        let pointer = reference.strip_prefix('#')?;
        let name = pointer.strip_prefix(COMPONENTS).map(unescaped);
        let component = name.and_then(|name| known(&name));
        component.or_else(|| known(&inner_name(pointer)))
    });
    found.next()
}

/// The name under which a referenced schema is stored that is not a component: the pointer to it, which is never the name of a
/// component.
pub(super) fn inner_name(pointer: &str) -> String {
    format!("#{pointer}")
}

/// The schema that a reference leads to somewhere in a document, with its pointer.
pub(super) fn inside<'a>(document: &'a Value, reference: &str) -> Option<(String, &'a Value)> {
    let decoded = percent_decode_str(reference).decode_utf8();
    let mut spellings = decoded.as_deref().ok().into_iter().chain([reference]);
    spellings.find_map(|reference| {
        let pointer = reference.strip_prefix('#')?;
        let schema = document.pointer(pointer)?;
        // The document itself is not a schema.
        let is_schema = !pointer.is_empty() && (schema.is_object() || schema.is_boolean());
        is_schema.then(|| (pointer.to_owned(), schema))
    })
}

/// The keywords under which a schema keeps schemas for itself.
pub(super) const DEFINITIONS: [&str; 2] = ["$defs", "definitions"];

/// Makes references such as `#/$defs/Style` lead to the definitions of the innermost schema around them that has them: a
/// schema that was written as a document of its own counts from itself. References that the document's root answers stay.
pub(super) fn qualify_local(document: &mut Value) {
    let whole = document.clone();
    let locals = Locals { whole: &whole };
    locals.qualify(document, "", &mut Vec::new());
}

struct Locals<'a> {
    whole: &'a Value,
}

impl Locals<'_> {
    /// `around` has the pointers to the schemas with definitions that contain the value.
    fn qualify(&self, value: &mut Value, pointer: &str, around: &mut Vec<String>) {
        let before = around.len();
        if DEFINITIONS
            .iter()
            .any(|keyword| value.get(keyword).is_some())
        {
            around.push(pointer.to_owned());
        }
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    match member {
                        Value::String(reference) if name == "$ref" => self.lead(reference, around),
                        member => self.qualify(member, &push(pointer, name), around),
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.qualify(item, &push(pointer, &index.to_string()), around);
                }
            }
            _ => {}
        }
        around.truncate(before);
    }

    fn lead(&self, reference: &mut String, around: &[String]) {
        let Some(inner) = reference.strip_prefix('#').filter(|inner| {
            let mut segments = inner.split('/').skip(1);
            let first = segments.next();
            first.is_some_and(|first| DEFINITIONS.contains(&first))
        }) else {
            return;
        };
        let mut targets = around.iter().rev().map(|around| format!("{around}{inner}"));
        if self.whole.pointer(inner).is_none()
            && let Some(target) = targets.find(|target| self.whole.pointer(target).is_some())
        {
            *reference = format!("#{target}");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::component;

    #[test]
    fn every_spelling_of_a_name_leads_to_it() {
        let names = ["a/b~c", "two words", "über", "100%25", "~1"];
        let components: BTreeMap<String, usize> = (names.iter().enumerate())
            .map(|(index, name)| ((*name).to_owned(), index))
            .collect();
        let found = |step: &str| {
            let reference = format!("#/components/schemas/{step}");
            component(&components, &reference).map(|(_, index)| *index)
        };
        assert_eq!(found("a~1b~0c"), Some(0));
        assert_eq!(found("a%7E1b%7e0c"), Some(0));
        assert_eq!(found("two words"), Some(1));
        assert_eq!(found("two%20words"), Some(1));
        assert_eq!(found("%C3%BCber"), Some(2));
        assert_eq!(found("über"), Some(2));
        assert_eq!(found("100%2525"), Some(3));
        assert_eq!(found("100%25"), Some(3));
        assert_eq!(found("~01"), Some(4));
        assert_eq!(found("%FF"), None);
        assert_eq!(
            component(&components, "other.json#/components/schemas/~01"),
            None
        );
    }
}
