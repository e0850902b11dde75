//! Finds all positions of a change. A type that is used several times is compared once, and its changes apply to every use.

use std::collections::{HashMap, VecDeque};

use super::change::Change;
use super::position::Position;
use crate::ir::TypeId;

/// A type on both sides, with all of its uses.
pub(super) struct Pair {
    pub(super) old: TypeId,
    pub(super) new: TypeId,
    /// The position where it was compared.
    pub(super) position: Position,
    pub(super) meetings: Vec<Meeting>,
}

/// One use of a type.
pub(super) struct Meeting {
    /// The index of the pair that contains it; `None` for an input or an output.
    pub(super) within: Option<usize>,
    /// The path from that pair, or from the input or output.
    pub(super) path: String,
}

/// The most positions of one type that are listed. Where each type contains the next one twice, positions double at every level.
const MOST: usize = 100;

/// Sets all positions of each change; `owners` has the pair that each change belongs to.
pub(super) fn name_all(changes: &mut [Change], owners: &[Option<usize>], pairs: &[Pair]) {
    let places = places(pairs);
    for (change, owner) in changes.iter_mut().zip(owners) {
        let Some(owner) = *owner else {
            continue;
        };
        let first = &pairs[owner].position.path;
        let inside = change.path.strip_prefix(first.as_str()).unwrap_or_default();
        let paths = places[owner].iter().map(|path| format!("{path}{inside}"));
        change.further_paths = paths.filter(|path| *path != change.path).collect();
    }
}

/// A use of a pair, reached along one path.
struct Use {
    pair: usize,
    path: String,
    /// The pairs along the path. They are not entered again, because a pair would contain itself there.
    around: Vec<usize>,
}

/// All paths of each pair, the shortest first.
fn places(pairs: &[Pair]) -> Vec<Vec<String>> {
    let mut inside: HashMap<Option<usize>, Vec<(usize, &str)>> = HashMap::new();
    for (index, pair) in pairs.iter().enumerate() {
        for meeting in &pair.meetings {
            let met = inside.entry(meeting.within).or_default();
            met.push((index, meeting.path.as_str()));
        }
    }
    let uses = |within: Option<usize>, base: &str, around: &[usize]| -> Vec<Use> {
        let met = inside.get(&within).into_iter().flatten();
        let new = met.filter(|(pair, _)| !around.contains(pair));
        new.map(|(pair, path)| Use {
            pair: *pair,
            path: format!("{base}{path}"),
            around: around.to_vec(),
        })
        .collect()
    };
    let mut found = vec![Vec::new(); pairs.len()];
    let mut queue = VecDeque::from(uses(None, "", &[]));
    while let Some(mut one) = queue.pop_front() {
        let paths = &mut found[one.pair];
        if paths.len() < MOST && !paths.contains(&one.path) {
            paths.push(one.path.clone());
            one.around.push(one.pair);
            queue.extend(uses(Some(one.pair), &one.path, &one.around));
        }
    }
    found
}
