//! Makes a name distinct from names that are taken.

use crate::digest::fnv1a;

/// The number of suffixes that are tried before a digest is appended.
const TRIES: usize = 3;

/// The name, with `suffix` appended until it is free. After a few tries, a digest of `text`, which is what the name stands for,
/// is appended instead, so that a document cannot make names, or the search for them, arbitrarily long.
pub(super) fn distinct(
    name: String,
    suffix: &str,
    text: &str,
    is_free: impl Fn(&str) -> bool,
) -> String {
    let mut longer = name.clone();
    for _ in 0..=TRIES {
        if is_free(&longer) {
            return longer;
        }
        longer.push_str(suffix);
    }
    let mut digest = fnv1a(text);
    loop {
        // Two underscores inside a name would not be snake case.
        let marked = format!("{}{suffix}x{digest:x}", name.trim_end_matches('_'));
        if is_free(&marked) {
            return marked;
        }
        digest = digest.wrapping_add(1);
    }
}
