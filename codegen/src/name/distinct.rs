//! Names that are not taken yet.

use crate::digest::fnv1a;

/// Suffixes that are tried before a name is told apart by its digest.
const TRIES: usize = 3;

/// `name`, with `suffix` appended until the name is free. After a few tries a digest of
/// `text`, for which the name stands, is appended instead, so that a document can make
/// neither names nor the search for them grow without end.
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
        let marked = format!("{name}{suffix}x{digest:x}");
        if is_free(&marked) {
            return marked;
        }
        digest = digest.wrapping_add(1);
    }
}
