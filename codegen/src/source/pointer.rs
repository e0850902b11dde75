//! JSON pointers (RFC 6901).

use std::borrow::Cow;

/// The pointer to a member or an item of the value that `pointer` points to.
pub fn push(pointer: &str, name: &str) -> String {
    let mut longer = String::with_capacity(pointer.len() + name.len() + 1);
    longer.push_str(pointer);
    longer.push('/');
    // Splits at the characters that have to be escaped.
    let runs = name.split_inclusive(['~', '/']);
    for run in runs {
        match run.strip_suffix('~') {
            Some(before) => longer.extend([before, "~0"]),
            None => match run.strip_suffix('/') {
                Some(before) => longer.extend([before, "~1"]),
                None => longer.push_str(run),
            },
        }
    }
    longer
}

/// The pointer to the object or the array that contains the value that `pointer` points to.
pub fn parent(pointer: &str) -> String {
    let parent = pointer.rsplit_once('/').map(|(parent, _)| parent);
    parent.unwrap_or_default().to_owned()
}

/// The name or number that a pointer ends with.
pub fn last(pointer: &str) -> &str {
    pointer.rsplit('/').next().unwrap_or_default()
}

/// The name of the member that a segment of a pointer stands for.
pub(super) fn unescaped(segment: &str) -> Cow<'_, str> {
    match segment.contains('~') {
        true => segment.replace("~1", "/").replace("~0", "~").into(),
        false => segment.into(),
    }
}
