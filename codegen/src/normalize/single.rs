//! The pass that replaces `allOf`, `anyOf` or `oneOf` of one schema by that schema, merged with the keywords beside it.

use super::merge::merge;
use crate::source::Schema;

pub(super) fn pass(schema: &mut Schema) {
    let groups: [fn(&mut Schema) -> &mut Vec<Schema>; 3] = [
        |schema| &mut schema.all_of,
        |schema| &mut schema.any_of,
        |schema| &mut schema.one_of,
    ];
    for group in groups {
        let members = group(schema);
        if members.len() == 1
            && let Some(only) = members.pop()
        {
            merge(schema, only);
        }
    }
}
