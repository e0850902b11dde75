//! References: the components that a `$ref` refers to.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::pointer::unescaped;

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
