//! The stage that makes one type of equal types of several endpoints.
//!
//! Two types are equal when their natural names, their shapes and their documentation
//! agree: a name is never shared by shapes that differ, and no
//! endpoint loses a word of its documentation to another's.
//!
//! What the endpoints of a family have in common stands in the family's own
//! module, behind the features of its endpoints. Only what very many families have in common
//! stands in one module for all: that one is compiled by everybody.
//!
//! What the ledger records stays where it is, and what it knows to be an endpoint's own never becomes one with
//! another family's: whatever documents are added, nobody's types change.

mod class;
mod digest;
mod names;
mod order;
mod shared;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use class::{EquivalenceClass, classify};
use names::Scope;
pub use order::{apply as apply_orders, take_orders};
pub use shared::{Home, Named, Shared, SharedType};

use crate::ledger::{Ledger, SharedName};

/// A type that this many families mention is common to all. In the real catalog these
/// are some half a dozen types, and more than half of all repetitions.
const COMMON: usize = 20;

/// The key of the common types in the ledger, which no family has.
const ALL: &str = "*";

/// Finds the shared types, names them with the help of the ledger, and updates the
/// ledger.
pub fn share(endpoints: &[Named<'_>], ledger: &mut Ledger) -> Shared {
    let classes = classify(endpoints, false);
    let sharing = Sharing {
        endpoints,
        classes: &classes,
        known: endpoints
            .iter()
            .map(|named| ledger.knows(&named.endpoint.id))
            .collect(),
        old: std::mem::take(&mut ledger.names),
    };
    sharing.run(ledger)
}

/// The names of classes.
type Names = BTreeMap<usize, String>;

struct Sharing<'a> {
    endpoints: &'a [Named<'a>],
    classes: &'a [EquivalenceClass],
    /// Whether an earlier run had the endpoint.
    known: Vec<bool>,
    /// The names that the earlier run recorded.
    old: BTreeMap<String, BTreeMap<String, SharedName>>,
}

impl Sharing<'_> {
    fn run(&self, ledger: &mut Ledger) -> Shared {
        let mut shared = Shared::default();
        let everybody: Vec<usize> = (0..self.endpoints.len()).collect();
        let everything: Vec<usize> = (0..self.classes.len()).collect();
        let settled = self.settled(ALL, &everything, &everybody);
        let common = self.common_classes(&settled);
        let used: BTreeSet<String> = self
            .old
            .values()
            .flat_map(BTreeMap::keys)
            .cloned()
            .collect();
        let scope = Scope {
            all: self.endpoints,
            here: &everybody,
        };
        let common = names::assign(self.classes, &common, &settled, scope, used);
        let mut indices = HashMap::new();
        shared.common = self.types(&common, &mut indices, 0);
        for (family, members) in self.families() {
            let here: Vec<usize> = (0..self.classes.len())
                .filter(|class| self.classes[*class].families.contains(family))
                .collect();
            let settled = self.settled(family, &here, &members);
            let foreign = self.common_here(&common, &settled, &members);
            let own = self.own_classes(&here, &members, &settled, &foreign);
            let mut indices = indices.clone();
            indices.retain(|class, _| foreign.contains(class));
            let scope = Scope {
                all: self.endpoints,
                here: &members,
            };
            let taken = common.values().cloned().collect();
            let names = names::assign(self.classes, &own, &settled, scope, taken);
            let types = self.types(&names, &mut indices, shared.common.len());
            for class in foreign.iter().chain(names.keys()) {
                let home = match names.contains_key(class) {
                    true => Home::Family(indices[class]),
                    false => Home::Common(indices[class]),
                };
                let mentions = self.classes[*class].members.iter();
                let mentions = mentions.filter(|(endpoint, _)| members.contains(endpoint));
                shared.homes.extend(mentions.map(|member| (*member, home)));
            }
            self.record(ledger, family, &names, &members);
            let foreign = foreign.iter().map(|class| (*class, common[class].clone()));
            self.record(ledger, ALL, &foreign.collect(), &members);
            if !names.is_empty() {
                let list = shared.common.iter().cloned().chain(types).collect();
                shared.families.insert(family.to_owned(), list);
            }
        }
        shared
    }

    /// The endpoints of each family.
    fn families(&self) -> BTreeMap<&str, Vec<usize>> {
        let mut families: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, named) in self.endpoints.iter().enumerate() {
            families
                .entry(named.endpoint.id.family())
                .or_default()
                .push(index);
        }
        families
    }

    /// The classes that have a name in a scope of the ledger.
    fn settled(&self, scope: &str, classes: &[usize], members: &[usize]) -> Names {
        let scope = self.old.get(scope);
        scope.map_or_else(Names::new, |known| {
            let here = Scope {
                all: self.endpoints,
                here: members,
            };
            names::settled(known, self.classes, classes, here)
        })
    }

    /// What is common to many families that have no such type yet, or has been before, with all that it
    /// contains. A name belongs to one shape here: the one that most families have.
    fn common_classes(&self, settled: &Names) -> Vec<usize> {
        let ranks: Vec<(bool, usize)> = self
            .classes
            .iter()
            .enumerate()
            .map(|(index, class)| {
                let known = class
                    .endpoints
                    .iter()
                    .filter(|endpoint| self.known[**endpoint]);
                let known: BTreeSet<&str> = known
                    .map(|index| self.endpoints[*index].endpoint.id.family())
                    .collect();
                (
                    settled.contains_key(&index),
                    class.families.len() - known.len(),
                )
            })
            .collect();
        let mut widest: BTreeMap<&str, (bool, usize)> = BTreeMap::new();
        for (class, rank) in self.classes.iter().zip(&ranks) {
            let best = widest.entry(class.name()).or_default();
            *best = (*best).max(*rank);
        }
        let mut common: Vec<usize> = Vec::new();
        for (index, class) in self.classes.iter().enumerate() {
            let (is_settled, families) = ranks[index];
            let is_first = ranks[index] == widest[class.name()]
                && common
                    .iter()
                    .all(|other| self.classes[*other].name() != class.name());
            let closed = class.inner().iter().all(|inner| common.contains(inner));
            let wide = is_settled || (families >= COMMON && is_first);
            if wide && closed && class.is_shareable() {
                common.push(index);
            }
        }
        common
    }

    /// The common classes that a family uses: those that it used before, and those that none of its endpoints had.
    fn common_here(&self, common: &Names, settled: &Names, members: &[usize]) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for (index, name) in common {
            let class = &self.classes[*index];
            let mut mentions = members
                .iter()
                .filter(|member| class.endpoints.contains(member))
                .peekable();
            let entry = self.old.get(ALL).and_then(|known| known.get(name));
            let closed = class.inner().iter().all(|inner| found.contains(inner));
            let is_mentioned = mentions.peek().is_some();
            let fits = |member: &usize| {
                let id = self.endpoints[*member].endpoint.id.as_str();
                entry.is_some_and(|entry| entry.lists(id))
            };
            let used = mentions.clone().any(fits) || mentions.all(|member| !self.known[*member]);
            if is_mentioned && used && closed && !settled.contains_key(index) {
                found.insert(*index);
            }
        }
        found
    }

    /// The classes that stand in a family: those that did, those that two or more of its endpoints mention, those whose
    /// order the ledger has to keep, and what they contain.
    fn own_classes(
        &self,
        here: &[usize],
        members: &[usize],
        settled: &Names,
        common: &BTreeSet<usize>,
    ) -> Vec<usize> {
        let mut own = BTreeSet::new();
        for index in here.iter().rev().filter(|index| !common.contains(index)) {
            let class = &self.classes[*index];
            let mentions = members
                .iter()
                .filter(|member| class.endpoints.contains(member));
            let stays = settled.contains_key(index) || own.contains(index);
            if mentions.count() > 1 || stays || (class.takes_order(members) && class.is_shareable())
            {
                own.insert(*index);
                own.extend(
                    class
                        .inner()
                        .into_iter()
                        .filter(|inner| !common.contains(inner)),
                );
            }
        }
        own.into_iter().collect()
    }

    /// Gives named classes indices from `start` on, and makes the list of their types.
    fn types(
        &self,
        names: &Names,
        indices: &mut HashMap<usize, usize>,
        start: usize,
    ) -> Vec<SharedType> {
        indices.extend(names.keys().copied().zip(start..));
        let ty = |(class, name): (&usize, &String)| SharedType {
            name: name.clone(),
            def: self.classes[*class].def(indices),
            fields: self.classes[*class].fields.clone(),
        };
        names.iter().map(ty).collect()
    }

    /// Records which endpoints share which types.
    fn record(&self, ledger: &mut Ledger, scope: &str, names: &Names, members: &[usize]) {
        for (class, name) in names {
            let class = &self.classes[*class];
            let scope = ledger.names.entry(scope.to_owned()).or_default();
            let entry = scope.entry(name.clone()).or_insert_with(|| SharedName {
                digest: class.digest.clone(),
                order: class.order(),
                ..SharedName::default()
            });
            let mentions = members
                .iter()
                .filter(|member| class.endpoints.contains(member));
            let ids = mentions.map(|member| self.endpoints[*member].endpoint.id.to_string());
            entry.endpoints.extend(ids);
        }
    }
}
