//! Lists and tuples.

use serde_json::{Map, Value};

use super::sample::Extent;
use super::{Case, Maker};

/// Longer lists are not made.
const LONGEST: u64 = 2_000;

impl Maker<'_> {
    /// Lists of every length that matters, and lists whose one item varies.
    pub fn lists(&self, name: &str, view: &Map<String, Value>) -> Vec<Case> {
        let mut cases = vec![Case::new("empty list", Vec::<Value>::new())];
        if let Some(Value::Array(places)) = view.get("prefixItems") {
            cases.extend(self.tuples(name, places));
            return cases;
        }
        let nothing = Value::Bool(true);
        let item = view.get("items").unwrap_or(&nothing);
        let bound = |keyword| view.get(keyword).and_then(Value::as_u64);
        let mut add = |kind, count: u64| {
            if count <= LONGEST {
                cases.push(Case::new(kind, self.items(name, item, count, view)));
            }
        };
        add("one item", 1);
        add("two items", 2);
        if let Some(least) = bound("minItems") {
            add("fewest items", least);
            add("too few items", least.saturating_sub(1));
        }
        if let Some(most) = bound("maxItems") {
            add("most items", most);
            add("too many items", most + 1);
        }
        let one = self.sample(name, item, Extent::Small);
        cases.push(Case::new("equal items", vec![one.clone(), one]));
        cases.extend(self.varied_items(name, item, view));
        cases
    }

    /// A list whose second item varies, or whose only one where two are too many.
    fn varied_items(&self, name: &str, item: &Value, view: &Map<String, Value>) -> Vec<Case> {
        let count = view.get("minItems").and_then(Value::as_u64).unwrap_or(1);
        let others = match self.items(name, item, count.min(LONGEST), view) {
            Value::Array(others) => others,
            _ => Vec::new(),
        };
        let place = others.len().saturating_sub(1);
        let variants = self.place(name, item).into_iter().map(|case| {
            case.inside(&place.to_string(), |value| {
                let mut items = others.clone();
                items.truncate(place);
                items.push(value);
                Value::Array(items)
            })
        });
        variants.collect()
    }

    fn tuples(&self, name: &str, places: &[Value]) -> Vec<Case> {
        let good: Vec<_> = places
            .iter()
            .map(|place| self.sample(name, place, Extent::Small))
            .collect();
        let mut cases = vec![Case::new("a tuple", good.clone())];
        cases.push(Case::new(
            "a short tuple",
            good[..good.len().saturating_sub(1)].to_vec(),
        ));
        let mut longer = good.clone();
        longer.extend(good.last().cloned());
        cases.push(Case::new("a long tuple", longer));
        for (index, place) in places.iter().enumerate() {
            cases.extend(self.place(name, place).into_iter().map(|case| {
                case.inside(&index.to_string(), |value| {
                    let mut items = good.clone();
                    items[index] = value;
                    Value::Array(items)
                })
            }));
        }
        cases
    }

    /// The small or full sample of a list.
    pub fn sample_list(&self, name: &str, view: &Map<String, Value>, extent: Extent) -> Value {
        if let Some(Value::Array(places)) = view.get("prefixItems") {
            let items = places.iter().map(|place| self.sample(name, place, extent));
            return items.collect();
        }
        let bound = |keyword| view.get(keyword).and_then(Value::as_u64);
        let least = bound("minItems").unwrap_or(0);
        let count = match extent {
            Extent::Small => least,
            Extent::Full => least.max(2).min(bound("maxItems").unwrap_or(2).max(least)),
        };
        let nothing = Value::Bool(true);
        let item = view.get("items").unwrap_or(&nothing);
        self.items(name, item, count.min(LONGEST), view)
    }

    /// So many items, different ones where they must differ.
    fn items(&self, name: &str, item: &Value, count: u64, view: &Map<String, Value>) -> Value {
        if view.get("uniqueItems") != Some(&Value::Bool(true)) {
            let one = self.sample(name, item, Extent::Full);
            return (0..count).map(|_| one.clone()).collect();
        }
        let mut items: Vec<Value> = Vec::new();
        let candidates = self.place(name, item).into_iter().map(|case| case.value);
        let listed = candidates.filter(|value| !value.is_null());
        let first = self.sample(name, item, Extent::Small);
        for value in std::iter::once(first).chain(listed) {
            let same_type = items.first().is_none_or(|one| alike(one, &value));
            if (items.len() as u64) < count && same_type && !items.contains(&value) {
                items.push(value);
            }
        }
        Value::Array(items)
    }
}

fn alike(one: &Value, other: &Value) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}
