//! The rules for names, which the modules `name` and `share` describe, over all documents at hand.

use crate::corpus::{own_documents, real_documents};
use crate::support::{ID, catalog, document, object, output};
use fal_codegen::ir::{Enum, NameHint, Shape};
use fal_codegen::{Catalog, GeneratedType, Ledger, Options, Source};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The words of a type's or a variant's name.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for c in name.chars() {
        match words.last_mut() {
            Some(word) if !c.is_ascii_uppercase() && c != '_' => word.push(c),
            _ => words.push(c.to_string()),
        }
    }
    words.retain(|word| word != "_");
    words
}

fn text(value: &Value) -> String {
    value.as_str().map_or(value.to_string(), str::to_owned)
}

fn listed<'a>(ty: &'a GeneratedType<'a>) -> Option<&'a Enum> {
    match &ty.def.shape {
        Shape::Enum(listed) => Some(listed),
        _ => None,
    }
}

/// Names in which words stand twice in a row. The words of an endpoint's id are its own matter.
fn doubled(ty: &GeneratedType<'_>) -> Option<String> {
    if matches!(ty.def.hint, NameHint::Root(_)) {
        return None;
    }
    let words = words(&ty.name);
    let is_doubled = (1..=(words.len() / 2).min(2)).any(|count| {
        let windows = words.windows(2 * count);
        let mut windows = windows.filter(|both| both[..count].iter().any(|word| word.len() > 1));
        windows.any(|both| both[..count] == both[count..])
    });
    is_doubled.then(|| format!("{}: {} repeats a word", ty.module, ty.name))
}

/// Values that spell the variant of another value.
fn misspelled(ty: &GeneratedType<'_>) -> Vec<String> {
    let Some(listed) = listed(ty) else {
        return Vec::new();
    };
    let pairs = listed.values.iter().zip(&ty.variants);
    let wrong = pairs.filter(|(value, name)| {
        let text = text(value);
        text != **name && ty.variants.contains(&text)
    });
    wrong
        .map(|(value, name)| format!("{}::{}: {value} is {name}", ty.module, ty.name))
        .collect()
}

/// Values that begin with a digit and whose name is not one that a rule gives.
fn badly_begun(ty: &GeneratedType<'_>) -> Vec<String> {
    let Some(listed) = listed(ty) else {
        return Vec::new();
    };
    let pairs = listed.values.iter().zip(&ty.variants);
    let wrong = pairs.filter(|(value, name)| {
        let text = text(value);
        if !text.starts_with(|first: char| first.is_ascii_digit()) {
            return false;
        }
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
        let word = words.find(|word| {
            word.len() > 1 && word.starts_with(|first: char| first.is_ascii_alphabetic())
        });
        let begins = |with: &str| name.to_lowercase().starts_with(&with.to_lowercase());
        let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let is_unit = !unit.is_empty() && unit.chars().all(|c| c.is_ascii_alphabetic());
        !match word {
            Some(word) => begins(word),
            None if is_unit => begins(unit),
            None => begins("Ratio") || begins("Size") || begins("N"),
        }
    });
    wrong
        .map(|(value, name)| format!("{}::{}: {value} is {name}", ty.module, ty.name))
        .collect()
}

/// Values that have one name in some types and another in others, although the first is free there.
fn named_differently(types: &[GeneratedType<'_>]) -> Vec<String> {
    let mut names: BTreeMap<String, BTreeSet<&String>> = BTreeMap::new();
    let enums = || types.iter().filter_map(|ty| Some((ty, listed(ty)?)));
    for (ty, listed) in enums() {
        for (value, name) in listed.values.iter().zip(&ty.variants) {
            let known = names.entry(value.to_string()).or_default();
            known.insert(name);
        }
    }
    let mut wrong = Vec::new();
    for (ty, listed) in enums() {
        for (value, name) in listed.values.iter().zip(&ty.variants) {
            let known = &names[&value.to_string()];
            let Some(usual) = known.iter().min_by_key(|name| name.len()) else {
                continue;
            };
            if *usual != name && !ty.variants.contains(usual) {
                wrong.push(format!(
                    "{}::{}: {value} is {name}, elsewhere {usual}",
                    ty.module, ty.name
                ));
            }
        }
    }
    wrong
}

/// The last word of a type's name that does not come from the generator.
fn last_word(name: &str) -> Option<String> {
    let mut words = words(name);
    words.retain(|word| !matches!(word.as_str(), "Choice" | "Item" | "Preset" | "Value"));
    words.pop()
}

/// Enums of one endpoint with the same values, whose names end in the same word.
fn equal_twice(types: &[GeneratedType<'_>]) -> Vec<String> {
    let mut found = Vec::new();
    for (index, ty) in types.iter().enumerate() {
        let others = &types[index + 1..];
        let others = others.iter().take_while(|other| other.module == ty.module);
        let is_shared = ty.module.rsplit("::").next() == Some("types");
        for other in others {
            let is_equal = listed(ty).is_some() && other.def.shape == ty.def.shape;
            let same_word = last_word(&ty.name) == last_word(&other.name);
            if is_equal && same_word && !is_shared && other.def.docs == ty.def.docs {
                found.push(format!("{}: {} and {}", ty.module, ty.name, other.name));
            }
        }
    }
    found
}

/// Shared types with the name of their family behind other words, and unions whose alternatives are numbered.
fn badly_composed(ty: &GeneratedType<'_>) -> Vec<String> {
    let mut parts = ty.module.rsplit("::");
    let mut found = Vec::new();
    if let (Some("types"), Some(family)) = (parts.next(), parts.next()) {
        let capital = |word: &str| {
            let (first, rest) = word.split_at(word.len().min(1));
            first.to_uppercase() + rest
        };
        let family: String = family.split('_').map(capital).collect();
        let behind = ty.name.find(&family).is_some_and(|at| at > 0);
        if family.len() > 3 && behind {
            found.push(format!("{}: {} names its family", ty.module, ty.name));
        }
    }
    let is_union = matches!(ty.def.shape, Shape::Union(_));
    let vague = |name: &&String| name.ends_with("Alternative") || name.as_str() == "Other";
    let vague = ty.variants.iter().filter(|_| is_union).filter(vague);
    found.extend(vague.map(|name| format!("{}: {}::{name}", ty.module, ty.name)));
    found
}

/// Every name that breaks a rule, with its rule.
fn broken(sources: &[Source]) -> (usize, BTreeSet<String>) {
    let catalog = Catalog::read(sources, &Options::default());
    let types = catalog.types();
    let mut found: BTreeSet<String> = types.iter().filter_map(doubled).collect();
    found.extend(types.iter().flat_map(misspelled));
    found.extend(types.iter().flat_map(badly_begun));
    found.extend(types.iter().flat_map(badly_composed));
    found.extend(named_differently(&types));
    found.extend(equal_twice(&types));
    (types.len(), found)
}

#[test]
fn no_name_breaks_a_rule() {
    let (types, found) = broken(&own_documents());
    assert!(types > 100, "only {types} types");
    assert!(found.is_empty(), "{found:#?}");
    match real_documents() {
        Some(real) => {
            let (types, found) = broken(&real);
            assert!(found.is_empty(), "{} of {types}: {found:#?}", found.len());
        }
        None => {
            eprintln!("there are no real documents beside the repository: only its own are named");
        }
    }
}

fn one_type(values: &[&str]) -> Value {
    json!({"type": "string", "enum": values})
}

/// The names in a module.
fn names(catalog: &Catalog, module: &str) -> BTreeSet<String> {
    let types = catalog.types().into_iter();
    let types = types.filter(|ty| ty.module == module);
    types.map(|ty| ty.name).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn equal_enums_of_one_endpoint_are_one_type_if_their_names_have_a_word_in_common() {
    let voice = one_type(&["Ann", "Ben"]);
    let level = one_type(&["low", "high"]);
    let properties = json!({
        "voice_1": voice, "voice_2": voice, "quality": level, "strength": level,
        "start_size": {"anyOf": [level, {"$ref": "#/components/schemas/Exact"}]},
        "end_size": {"anyOf": [level, {"$ref": "#/components/schemas/Exact"}]},
    });
    let exact = json!({"Exact": object(json!({"width": {"type": "integer"}}), &[])});
    let document = document(ID, object(properties, &[]), output(), &exact);
    let catalog = catalog(&[document], &Options::default());
    let expected = [
        "Exact",
        "Quality",
        "RunInput",
        "RunOutput",
        "SizeChoice",
        "SizePreset",
        "Strength",
        "Voice",
    ];
    assert_eq!(names(&catalog, "acme::model::run"), set(&expected));
}

#[test]
fn shared_types_are_named_after_what_they_are_rather_than_where() {
    let model = |name: &str, values: &[&str], output: &[&str]| {
        let properties: serde_json::Map<String, Value> = output
            .iter()
            .map(|name| ((*name).to_owned(), json!({"type": "string"})))
            .collect();
        let input = object(json!({"output_container_and_codec": one_type(values)}), &[]);
        let id = format!("acme/image-trainer/{name}");
        document(&id, input, object(properties.into(), output), &json!({}))
    };
    let documents = [
        model("a", &["x"], &["weights"]),
        model("b", &["x"], &["weights"]),
        model("c", &["x"], &["weights"]),
        model("d", &["x", "y"], &["weights", "log"]),
        model("e", &["x", "y"], &["weights", "log"]),
        model("image", &["x", "z"], &["weights", "log", "text"]),
        model("text", &["x", "z"], &["weights", "log", "text"]),
    ];
    let first = catalog(&documents, &Options::default());
    let expected = [
        "ContainerAndCodec",
        "ImageOutput",
        "ImageOutputContainerAndCodec",
        "ImageTrainerOutput",
        "LogAndWeightsOutput",
        "OutputContainerAndCodec",
    ];
    assert_eq!(names(&first, "acme::image_trainer::types"), set(&expected));
    // The ledger knows each by its own name, and keeps it when the family is another.
    let ledger = first.ledger();
    let entry = &ledger.names["acme/image-trainer"]["LogAndWeightsOutput"];
    assert_eq!(entry.original.as_deref(), Some("ImageTrainerOutput"));
    let read = Ledger::read(Some(&ledger.groups_json()), Some(&ledger.names_json()));
    let options = Options {
        ledger: read.expect("a ledger"),
        ..Options::default()
    };
    let second = catalog(&documents[3..], &options);
    let kept = names(&second, "acme::image_trainer::types");
    assert!(
        kept.contains("LogAndWeightsOutput") && kept.contains("ContainerAndCodec"),
        "{kept:?}"
    );
}

#[test]
fn a_component_leaves_out_the_id_that_it_begins_with() {
    let part = object(json!({"y": {"type": "integer"}}), &[]);
    let input = object(
        json!({"part": {"$ref": "#/components/schemas/acme_model_RunPart"}, "run": {"$ref": "#/components/schemas/RunInput"}}),
        &[],
    );
    let others = json!({"acme_model_RunPart": part, "RunInput": object(json!({"z": {"type": "integer"}}), &[])});
    let catalog = catalog(
        &[document(ID, input, output(), &others)],
        &Options::default(),
    );
    let expected = ["Part", "Run", "RunInput", "RunOutput"];
    assert_eq!(names(&catalog, "acme::model::run"), set(&expected));
}
