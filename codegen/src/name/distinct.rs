//! A name that is still free.

use crate::digest::fnv1a;

/// Suffixes that are tried before a name is told apart by its digest.
const TRIES: usize = 3;

/// `name`, or with `suffix` behind it as often as makes it free. Where very many
/// want one name, what is left of them takes a digest of the text that it stands
/// for: a document cannot make names, nor the search for them, grow without end.
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
