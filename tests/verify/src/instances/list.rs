//! Instances of lists and tuples.

use serde_json::Value;

use super::sample::Extent;
use super::{Instance, Maker, nodes};
use crate::keywords::Keywords;

/// The longest list that is made.
const LONGEST: u64 = 2_000;

/// The largest number of nodes in a list that is made.
const LARGEST: u64 = 200_000;

/// The schema of any value.
static ANY: Value = Value::Bool(true);

impl Maker<'_> {
    /// Lists of every length that matters, and lists whose one item varies.
    pub fn lists(&self, name: &str, keywords: &Keywords) -> Vec<Instance> {
        let mut lists = vec![Instance::new("empty list", Vec::<Value>::new())];
        if let Some(Value::Array(places)) = keywords.get("prefixItems") {
            lists.extend(self.tuples(name, places));
            return lists;
        }
        let item = keywords.get("items").unwrap_or(&ANY);
        let least = count(keywords, "minItems");
        let most = count(keywords, "maxItems");
        for (purpose, length) in [
            ("one item", Some(1)),
            ("two items", Some(2)),
            ("fewest items", least),
            ("too few items", least.map(|least| least.saturating_sub(1))),
            ("most items", most),
            ("too many items", most.map(|most| most.saturating_add(1))),
        ] {
            if let Some(length) = length.filter(|length| *length <= LONGEST) {
                let list = self.items(name, item, length, keywords);
                lists.push(Instance::new(purpose, list));
            }
        }
        let one = self.sample(name, item, Extent::Small);
        lists.push(Instance::new("equal items", vec![one.clone(), one]));
        // The last one of as few items as there may be varies.
        let mut others = self.items(name, item, least.unwrap_or(1).min(LONGEST), keywords);
        others.pop();
        lists.extend(self.varied_item(name, item, &others, others.len()));
        lists
    }

    /// Lists in which the item at `index` varies.
    fn varied_item(
        &self,
        name: &str,
        item: &Value,
        others: &[Value],
        index: usize,
    ) -> Vec<Instance> {
        let variants = self.variants(name, item);
        self.inside(&index.to_string(), variants, others.iter(), |value| {
            let mut items = others.to_vec();
            items.splice(index..others.len().min(index + 1), [value]);
            Value::Array(items)
        })
    }

    fn tuples(&self, name: &str, places: &[Value]) -> Vec<Instance> {
        let items = places.iter();
        let good: Vec<Value> = items
            .map(|place| self.sample(name, place, Extent::Small))
            .collect();
        let shorter = good[..good.len().saturating_sub(1)].to_vec();
        let longer: Vec<Value> = good.iter().chain(good.last()).cloned().collect();
        let mut tuples = vec![
            Instance::new("a tuple", good.clone()),
            Instance::new("a short tuple", shorter),
            Instance::new("a long tuple", longer),
        ];
        for (index, place) in places.iter().enumerate() {
            tuples.extend(self.varied_item(name, place, &good, index));
        }
        tuples
    }

    /// The small or full sample of a list.
    pub fn sample_list(&self, name: &str, keywords: &Keywords, extent: Extent) -> Value {
        if let Some(Value::Array(places)) = keywords.get("prefixItems") {
            let items = places.iter().map(|place| self.sample(name, place, extent));
            return items.collect();
        }
        let least = count(keywords, "minItems").unwrap_or(0);
        let most = count(keywords, "maxItems").unwrap_or(2);
        let length = match extent {
            Extent::Small => least,
            Extent::Full => least.max(2).min(most.max(least)),
        };
        let item = keywords.get("items").unwrap_or(&ANY);
        Value::Array(self.items(name, item, length.min(LONGEST), keywords))
    }

    /// A number of items, different ones where they must differ.
    fn items(&self, name: &str, item: &Value, length: u64, keywords: &Keywords) -> Vec<Value> {
        if keywords.get("uniqueItems") != Some(&Value::Bool(true)) {
            let one = self.sample(name, item, Extent::Full);
            let most = LARGEST / nodes(&one) as u64;
            return (0..length.min(most)).map(|_| one.clone()).collect();
        }
        let first = self.sample(name, item, Extent::Small);
        let mut items: Vec<Value> = Vec::new();
        let candidates = self.variants(name, item).into_iter();
        for value in std::iter::once(first).chain(candidates.map(|variant| variant.value)) {
            let is_alike = items.first().is_none_or(|one| have_one_type(one, &value));
            let is_usable = items.is_empty() || !value.is_null();
            if (items.len() as u64) < length && is_alike && is_usable && !items.contains(&value) {
                items.push(value);
            }
        }
        items
    }
}

fn count(keywords: &Keywords, keyword: &str) -> Option<u64> {
    keywords.get(keyword).and_then(Value::as_u64)
}

fn have_one_type(one: &Value, other: &Value) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}
