//! A combination of one schema is that schema, with what stands beside it.

use super::merge::merge;
use crate::source::Schema;

pub(super) fn pass(schema: &mut Schema) {
    for group in [Group::All, Group::Any, Group::One] {
        let members = group.of(schema);
        if members.len() == 1
            && let Some(only) = members.pop()
        {
            merge(schema, only);
        }
    }
}

enum Group {
    All,
    Any,
    One,
}

impl Group {
    fn of<'a>(&self, schema: &'a mut Schema) -> &'a mut Vec<Schema> {
        match self {
            Self::All => &mut schema.all_of,
            Self::Any => &mut schema.any_of,
            Self::One => &mut schema.one_of,
        }
    }
}
