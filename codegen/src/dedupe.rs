//! The stage that merges equal enums, and equal unions, of one endpoint.
//!
//! Enums that list the same values, and unions that have the same alternatives, are one type if their names have a word in
//! common: `voice_1` and `voice_2` have the type `Voice`. Where no word is the same (`quality`, `strength`), the values mean
//! different things, and the types stay apart. Types that nothing mentions any more are dropped.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::ir::{Docs, Endpoint, NameHint, Shape, TypeDef, TypeId, TypeStore};
use crate::name::common_words;

/// Endings of names that the generator gives. They say nothing about a field.
const ENDINGS: &[&str] = &["Choice", "Item", "Preset", "Value"];

/// The most types of one shape that are not merged and are still compared with later ones. Without this limit, a document could
/// make the search quadratic.
const MOST_APART: usize = 32;

/// Merges equal enums and unions of an endpoint, and drops types that nothing mentions any more.
pub fn dedupe(endpoint: &mut Endpoint) {
    let mut merged = BTreeMap::new();
    while merge_equal(&mut endpoint.types, &mut merged) {}
    let mut reachable = vec![endpoint.input];
    let output = &endpoint.output;
    output.for_each_id(&mut |id| reachable.push(target(id, &merged)));
    let mut seen = BTreeSet::new();
    while let Some(id) = reachable.pop() {
        if !seen.insert(id) {
            continue;
        }
        for value in endpoint.types.get(id).shape.values() {
            let ty = &value.ty;
            ty.for_each_id(&mut |inner| reachable.push(target(inner, &merged)));
        }
    }
    let new_ids = seen.iter().enumerate();
    let mut new_ids: BTreeMap<TypeId, TypeId> =
        new_ids.map(|(index, id)| (*id, TypeId(index))).collect();
    for id in merged.keys() {
        if let Some(new_id) = new_ids.get(&target(*id, &merged)).copied() {
            new_ids.insert(*id, new_id);
        }
    }
    endpoint.types.renumber(&new_ids);
    let renumber = |id: &mut TypeId| *id = new_ids.get(id).copied().unwrap_or(*id);
    renumber(&mut endpoint.input);
    endpoint.output.for_each_id_mut(&mut |id| renumber(id));
}

/// The type that a type was merged into, or the type itself.
fn target(id: TypeId, merged: &BTreeMap<TypeId, TypeId>) -> TypeId {
    merged
        .get(&id)
        .map_or(id, |earlier| target(*earlier, merged))
}

/// Merges types with earlier ones that they equal. Returns whether any were merged, because unions that mention them may then
/// be equal, too.
fn merge_equal(types: &mut TypeStore, merged: &mut BTreeMap<TypeId, TypeId>) -> bool {
    let mut kept: HashMap<Shape, Vec<TypeId>> = HashMap::new();
    let before = merged.len();
    for id in (0..types.len()).map(TypeId) {
        let def = types.get(id);
        if merged.contains_key(&id) || !may_merge(def) {
            continue;
        }
        let mut shape = def.shape.clone();
        for value in shape.values_mut() {
            value
                .ty
                .for_each_id_mut(&mut |id| *id = target(*id, merged));
        }
        let equal = kept.entry(shape).or_default();
        let earlier = equal.iter().find_map(|earlier| {
            let hint = common_hint(types.get(*earlier), def)?;
            Some((*earlier, hint))
        });
        match earlier {
            Some((earlier, hint)) => {
                merge(types, earlier, hint, id);
                merged.insert(id, earlier);
            }
            None if equal.len() < MOST_APART => equal.push(id),
            None => {}
        }
    }
    merged.len() > before
}

/// Merges a later type into an earlier one.
fn merge(types: &mut TypeStore, earlier: TypeId, hint: NameHint, later: TypeId) {
    let later = types.get(later).clone();
    let def = types.get_mut(earlier);
    def.usage.sent |= later.usage.sent;
    def.usage.received |= later.usage.received;
    def.hint = hint;
    if says_nothing(&def.docs) {
        def.docs = later.docs;
    }
}

fn may_merge(def: &TypeDef) -> bool {
    let is_list = matches!(def.shape, Shape::Enum(_) | Shape::Union(_));
    is_list && !def.recursive && !matches!(def.hint, NameHint::Root(_))
}

/// The name for the type that two types are merged into; `None` if they are not merged, because their documentation differs or
/// their names have no word in common.
fn common_hint(earlier: &TypeDef, later: &TypeDef) -> Option<NameHint> {
    let (was, is) = (&earlier.docs, &later.docs);
    let documented_alike = was == is || says_nothing(was) || says_nothing(is);
    if was.unlisted != is.unlisted || !documented_alike {
        return None;
    }
    let name = common_name(earlier.hint.natural_name(), later.hint.natural_name())?;
    Some(match (&earlier.hint, &later.hint) {
        (NameHint::Declared(_), NameHint::Declared(_)) => NameHint::Declared(name),
        (NameHint::Declared(name), _) | (_, NameHint::Declared(name)) => {
            NameHint::Declared(name.clone())
        }
        (NameHint::Derived { parent, .. }, _) => NameHint::Derived {
            parent: parent.clone(),
            name,
        },
        (NameHint::Root(_), _) => return None,
    })
}

fn common_name(one: &str, other: &str) -> Option<String> {
    if one == other {
        return Some(one.to_owned());
    }
    let stems = ENDINGS.iter().find_map(|ending| {
        let stems = one.strip_suffix(ending).zip(other.strip_suffix(ending))?;
        Some((stems, ending))
    });
    match stems {
        Some(((one, other), ending)) => Some(common_words(one, other)? + ending),
        None => common_words(one, other),
    }
}

/// Whether documentation contains nothing, except perhaps whether unlisted values are valid.
fn says_nothing(docs: &Docs) -> bool {
    let rest = Docs {
        unlisted: None,
        ..docs.clone()
    };
    rest == Docs::default()
}

#[cfg(test)]
mod tests {
    use super::common_name;

    #[test]
    fn the_endings_that_the_generator_gives_are_not_common_words() {
        for (one, other, common) in [
            ("StartSizePreset", "EndSizePreset", Some("SizePreset")),
            ("ImageSizePreset", "ResolutionPreset", None),
            ("Voice1", "Voice2", Some("Voice")),
            ("Voice", "Voice", Some("Voice")),
        ] {
            assert_eq!(common_name(one, other).as_deref(), common);
        }
    }
}
