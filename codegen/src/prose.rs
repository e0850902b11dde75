//! The words of texts and names, by which they are compared.

/// The words of a text or a wire name, in lower case: without layout, case and punctuation.
pub(crate) fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}
