//! The list of the platform API's operations in the guide: complete, and true of the code.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::{read, repository};

const GUIDE: &str = "sdk/src/guide/platform.md";
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The rows of the list: the operation, and the methods for it.
fn rows() -> Vec<(String, BTreeSet<String>)> {
    let guide = read(GUIDE);
    let (_, list) = guide.split_once("\n# All operations\n").expect("the list");
    let rows = list.lines().filter_map(|line| {
        let (operation, methods) = line.strip_prefix("| `")?.split_once("` | ")?;
        let methods = methods.split('`').skip(1).step_by(2).map(str::to_owned);
        Some((operation.to_owned(), methods.collect()))
    });
    rows.collect()
}

/// The methods of `Platform` that make a request.
fn methods() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let folder = repository().join("sdk/src/services/platform");
    for entry in fs::read_dir(folder).expect("the folder") {
        let text = fs::read_to_string(entry.expect("an entry").path()).expect("text");
        for part in text.split("\nimpl Platform {").skip(1) {
            let part = part.split("\n}\n").next().unwrap_or_default();
            for line in part.lines() {
                let public = line.strip_prefix("    pub ").unwrap_or_default();
                let function = public.strip_prefix("async ").unwrap_or(public);
                if let Some(rest) = function.strip_prefix("fn ") {
                    let name = rest.split(['(', '<']).next().unwrap_or_default();
                    found.insert(name.to_owned());
                }
            }
        }
    }
    found
}

#[test]
fn every_method_is_in_the_list_and_every_listed_method_is_there() {
    let listed: BTreeSet<String> = rows()
        .into_iter()
        .flat_map(|(_, methods)| methods)
        .collect();
    assert_eq!(listed, methods());
}

#[test]
fn the_list_has_every_operation() {
    let path = repository().join("../shared/corpus/platform/openapi.json");
    let Ok(text) = fs::read_to_string(path) else {
        println!("not compared: there is no ../shared/corpus/platform/openapi.json");
        return;
    };
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = METHODS.iter().filter(|method| item.get(method).is_some());
        methods.map(move |method| format!("{} {}", method.to_uppercase(), &path[1..]))
    });
    let operations: BTreeSet<String> = operations.collect();
    let listed: BTreeSet<String> = rows().into_iter().map(|(operation, _)| operation).collect();
    assert_eq!(listed, operations);
}
