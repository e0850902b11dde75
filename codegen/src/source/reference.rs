//! References: the components that a `$ref` refers to.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

/// The component that a `$ref` names, with its name: `#/components/schemas/` and the name as a step of a JSON pointer in
/// a URL's fragment, where `~1` is `/`, `~0` is `~`, and `%20` a space. A name that holds a percent sign as it stands is
/// found too.
pub fn component<'a, T>(
    components: &'a BTreeMap<String, T>,
    reference: &str,
) -> Option<(&'a String, &'a T)> {
    let decoded = percent_decode_str(reference).decode_utf8();
    let spellings = decoded.as_deref().ok().into_iter().chain([reference]);
    let mut names = spellings.filter_map(|reference| {
        let escaped = reference.strip_prefix("#/components/schemas/")?;
        Some(escaped.replace("~1", "/").replace("~0", "~"))
    });
    names.find_map(|name| components.get_key_value(&name))
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
