//! Two generators of Rust from OpenAPI and JSON Schema over a folder of documents, one document at a time.
//!
//! A document is taken when the generator ends without an error or a panic, and what it made is Rust's grammar. Whether
//! that compiles is not asked.

#[path = "../../../src/roles/meter.rs"]
#[allow(dead_code)]
mod meter;

use std::{fs, panic, path::Path};

use meter::{Meter, peak_mib};
use serde_json::{Value, json};

type Outcome<T = Value> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let options: Value = serde_json::from_str(&std::env::args().nth(2).unwrap_or_default())?;
    let folder = options["folder"].as_str().ok_or("no folder")?;
    let generate: fn(&str) -> Outcome<String> = match options["task"].as_str() {
        Some("progenitor") => progenitor,
        Some("typify") => typify,
        _ => return Err("no such task".into()),
    };
    let documents = read(Path::new(folder))?;
    // A panic is an answer like any other here, and needs no words.
    panic::set_hook(Box::new(|_| {}));
    let (mut taken, mut lines, mut refusal) = (0_usize, 0_usize, None);
    let meter = Meter::start();
    for document in &documents {
        let made = panic::catch_unwind(|| {
            generate(document).map_err(|error| error.to_string())
        });
        match made {
            Ok(Ok(text)) => {
                taken += 1;
                lines += text.lines().count();
            }
            Ok(Err(why)) => refusal = refusal.or(Some(why)),
            Err(_) => refusal = refusal.or(Some("a panic".to_owned())),
        }
    }
    let seconds = meter.seconds();
    let line = json!({
        "documents": documents.len(),
        "taken": taken,
        "seconds": seconds,
        "cpu_seconds": meter.cpu_seconds(),
        "ms_each": seconds * 1e3 / documents.len().max(1) as f64,
        "lines_each": lines as f64 / taken.max(1) as f64,
        "peak_mib": peak_mib(),
        "first_refusal": refusal,
    });
    println!("{line}");
    Ok(())
}

fn printed(tokens: impl ToString) -> Outcome<String> {
    Ok(prettyplease::unparse(&syn::parse_file(&tokens.to_string())?))
}

/// fal's operations have no `operationId`, without which it takes nothing: they are given one.
fn progenitor(document: &str) -> Outcome<String> {
    let mut document: Value = serde_json::from_str(document)?;
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    let operations = paths.flat_map(|(_, path)| path.as_object_mut().into_iter().flatten());
    for (at, (_, operation)) in operations.enumerate() {
        if let Some(operation) = operation.as_object_mut() {
            let id = operation.entry("operationId");
            id.or_insert_with(|| format!("operation_{at}").into());
        }
    }
    let spec: openapiv3::OpenAPI = serde_json::from_value(document)?;
    let mut generator = progenitor_impl::Generator::default();
    let made = generator.generate_tokens(&spec);
    printed(made.map_err(|error| error.to_string())?)
}

/// The schemas alone, as JSON Schema definitions.
fn typify(document: &str) -> Outcome<String> {
    let text = document.replace("#/components/schemas/", "#/definitions/");
    let document: Value = serde_json::from_str(&text)?;
    let schema = json!({ "definitions": document["components"]["schemas"] });
    let mut space = typify_impl::TypeSpace::new(&typify_impl::TypeSpaceSettings::default());
    let added = space.add_root_schema(serde_json::from_value(schema)?);
    added.map_err(|error| error.to_string())?;
    printed(space.to_stream())
}

fn read(folder: &Path) -> Outcome<Vec<String>> {
    let mut folders = vec![folder.to_path_buf()];
    let mut documents = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "json") {
                documents.push(fs::read_to_string(&path)?);
            }
        }
    }
    Ok(documents)
}
