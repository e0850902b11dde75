//! The stage that merges equal types of several endpoints into one type.
//!
//! Two types are equal if their natural names, their shapes and their documentation are equal. So types of different shapes
//! never share a name, and every endpoint keeps its exact documentation.
//!
//! Types that endpoints of a family have in common are in the family's module, behind the features of its endpoints. Only
//! types that very many families have in common are in one module for all families, which everybody compiles.
//!
//! A type that the ledger records stays in its module, and an endpoint's own type that the ledger records is never merged
//! with a type of another family. So adding documents never changes the types that users have.

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
use crate::source::EndpointId;

/// The number of families from which on a type is common to all families. In fal's catalog there are about half a dozen such
/// types, which are more than half of all repetitions.
const COMMON: usize = 20;

/// The key of the common types in the ledger, which is not the name of a family.
const ALL: &str = "*";

/// Finds the shared types, names them with the help of the ledger, and updates the
/// ledger.
pub fn share(endpoints: &[Named<'_>], ledger: &mut Ledger) -> Shared {
    let mut sharing = Sharing {
        endpoints,
        classes: &classify(endpoints, false),
        ledger,
        record: BTreeMap::new(),
        shared: Shared::default(),
    };
    sharing.run();
    let Sharing { record, shared, .. } = sharing;
    ledger.names = record;
    shared
}

/// The names of classes.
type Names = BTreeMap<usize, String>;

struct Sharing<'a> {
    endpoints: &'a [Named<'a>],
    classes: &'a [EquivalenceClass<'a>],
    /// The ledger of the earlier run.
    ledger: &'a Ledger,
    /// The names of this run, for the ledger.
    record: BTreeMap<String, BTreeMap<String, SharedName>>,
    shared: Shared,
}

impl<'a> Sharing<'a> {
    fn run(&mut self) {
        let everybody: Vec<usize> = (0..self.endpoints.len()).collect();
        let everything: Vec<usize> = (0..self.classes.len()).collect();
        let scope = self.scope(&everybody);
        let settled = self.settled(ALL, &everything, scope);
        let chosen = self.common_classes(&settled);
        let used = self.ledger.names.values().flat_map(BTreeMap::keys);
        let common = names::assign(
            self.classes,
            &chosen,
            &settled,
            scope,
            used.cloned().collect(),
        );
        let mut indices = HashMap::new();
        self.shared.common = self.types(&common, &mut indices, 0, scope);
        let mut families: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (index, named) in self.endpoints.iter().enumerate() {
            let family = families.entry(named.endpoint.id.family()).or_default();
            family.0.push(index);
        }
        for (index, class) in self.classes.iter().enumerate() {
            for family in &class.families {
                families.entry(family).or_default().1.push(index);
            }
        }
        for (family, (members, classes)) in families {
            self.family((family, &members), &classes, &common, &indices);
        }
    }

    /// Decides which classes are in a family's module, and names them.
    fn family(
        &mut self,
        (family, members): (&str, &[usize]),
        classes: &[usize],
        common: &Names,
        indices: &HashMap<usize, usize>,
    ) {
        let scope = self.scope(members);
        let settled = self.settled(family, classes, scope);
        let foreign = self.common_here(common, &settled, scope);
        let own = self.own_classes(classes, &settled, &foreign, scope);
        let taken = foreign.values().cloned().collect();
        let own = names::assign(self.classes, &own, &settled, scope, taken);
        let mut indices = indices.clone();
        indices.retain(|class, _| foreign.contains_key(class));
        let types = self.types(&own, &mut indices, self.shared.common.len(), scope);
        for class in foreign.keys().chain(own.keys()) {
            let home = match own.contains_key(class) {
                true => Home::Family(indices[class]),
                false => Home::Common(indices[class]),
            };
            let mentions = self.classes[*class].members.iter();
            let mentions = mentions.filter(|(endpoint, _)| members.contains(endpoint));
            let homes = mentions.map(|member| (*member, home));
            self.shared.homes.extend(homes);
        }
        self.record(family, &own, scope);
        self.record(ALL, &foreign, scope);
        if !own.is_empty() {
            let list = self.shared.common.iter().cloned().chain(types).collect();
            self.shared.families.insert(family.to_owned(), list);
        }
    }

    fn scope<'s>(&self, members: &'s [usize]) -> Scope<'s>
    where
        'a: 's,
    {
        Scope {
            all: self.endpoints,
            here: members,
        }
    }

    /// The classes that already have a name in the given scope of the ledger.
    fn settled(&self, name: &str, classes: &[usize], scope: Scope<'_>) -> Names {
        let known = self.ledger.names.get(name);
        known.map_or_else(Names::new, |known| {
            names::settled(known, self.classes, classes, scope)
        })
    }

    /// The number of families that mention a type and did not have an equal type in earlier runs.
    fn new_families(&self, class: &EquivalenceClass<'_>) -> usize {
        let mentions = class.endpoints.iter();
        let ids = mentions.map(|index| &self.endpoints[*index].endpoint.id);
        let old = ids.filter(|id| self.ledger.knows(id));
        let old: BTreeSet<&str> = old.map(EndpointId::family).collect();
        class.families.len() - old.len()
    }

    /// The common classes: those that were common before, and those that enough families mention that did not have an equal type
    /// before. A class is common only if the classes that it contains are common, too. If several shapes have the same name, only
    /// the one that most families have is common.
    fn common_classes(&self, settled: &Names) -> Vec<usize> {
        let rank = |(index, class)| (settled.contains_key(&index), self.new_families(class));
        let ranks: Vec<(bool, usize)> = self.classes.iter().enumerate().map(rank).collect();
        let mut widest: BTreeMap<&str, (bool, usize)> = BTreeMap::new();
        for (class, rank) in self.classes.iter().zip(&ranks) {
            let best = widest.entry(class.name()).or_default();
            *best = (*best).max(*rank);
        }
        let mut common: Vec<usize> = Vec::new();
        for (index, class) in self.classes.iter().enumerate() {
            let (is_settled, families) = ranks[index];
            let mut others = common.iter().map(|other| self.classes[*other].name());
            let is_first =
                ranks[index] == widest[class.name()] && others.all(|other| other != class.name());
            let closed = class.inner().iter().all(|inner| common.contains(inner));
            let wide = is_settled || (families >= COMMON && is_first);
            if wide && closed && class.is_shareable() {
                common.push(index);
            }
        }
        common
    }

    /// The common classes that a family uses: those that it used before, and those for which it did not have an equal type or
    /// another type of the same name.
    fn common_here(&self, common: &Names, settled: &Names, scope: Scope<'_>) -> Names {
        let mut found = Names::new();
        let known = self.ledger.names.get(ALL);
        for (index, name) in common {
            let class = &self.classes[*index];
            let mentions: Vec<&EndpointId> = scope.mentioning(class).collect();
            let entry = known.and_then(|known| known.get(name));
            let stays = |id: &&EndpointId| entry.is_some_and(|entry| entry.lists(id.as_str()));
            let is_used =
                mentions.iter().any(stays) || !mentions.iter().any(|id| self.ledger.knows(id));
            let closed = class.inner().iter().all(|inner| found.contains_key(inner));
            let is_free = !settled.contains_key(index) && !settled.values().any(|own| own == name);
            if !mentions.is_empty() && is_used && closed && is_free {
                found.insert(*index, name.clone());
            }
        }
        found
    }

    /// The classes in a family's module: those that were there before, those that two or more of its endpoints mention, those
    /// whose order of fields the ledger has to keep, and the classes that these contain.
    fn own_classes(
        &self,
        classes: &[usize],
        settled: &Names,
        common: &Names,
        scope: Scope<'_>,
    ) -> Vec<usize> {
        let mut own = BTreeSet::new();
        for index in classes.iter().rev() {
            let class = &self.classes[*index];
            let is_shared = scope.mentioning(class).count() > 1
                || settled.contains_key(index)
                || own.contains(index)
                || (class.takes_order(scope.here) && class.is_shareable());
            if is_shared && !common.contains_key(index) {
                own.insert(*index);
                own.extend(class.inner());
            }
        }
        own.retain(|index| !common.contains_key(index));
        own.into_iter().collect()
    }

    /// Assigns indices from `start` on to named classes, and returns the list of their types.
    fn types(
        &self,
        names: &Names,
        indices: &mut HashMap<usize, usize>,
        start: usize,
        scope: Scope<'_>,
    ) -> Vec<SharedType> {
        indices.extend(names.keys().copied().zip(start..));
        let ty = |(class, name): (&usize, &String)| {
            let class = &self.classes[*class];
            let outputs_of = scope.mentioning(class).filter(|_| class.is_output());
            Some(SharedType {
                name: name.clone(),
                def: class.def(indices)?,
                fields: class.fields.names.iter().map(ToString::to_string).collect(),
                is_single: class.fields.is_single,
                outputs_of: outputs_of.map(ToString::to_string).collect(),
            })
        };
        // Every class with a name can be shared, so that no index is skipped.
        names.iter().filter_map(ty).collect()
    }

    /// Records which endpoints share which types.
    fn record(&mut self, name: &str, names: &Names, scope: Scope<'_>) {
        for (class, ty) in names {
            let class = &self.classes[*class];
            let known = self.record.entry(name.to_owned()).or_default();
            let entry = known
                .entry(ty.clone())
                .or_insert_with(|| class.entry(ty, self.classes));
            let ids = scope.mentioning(class).map(ToString::to_string);
            entry.endpoints.extend(ids);
        }
    }
}
