//! The generator over a folder of documents.

use std::{fs, path::Path};

use fal_codegen::{Options, Severity, Source, generate};
use serde_json::{Value, json};

use super::meter::{Meter, peak_mib};
use crate::Outcome;

pub fn measure(options: &Value) -> Outcome {
    let folder = options["folder"].as_str().ok_or("no folder")?;
    let reading = Meter::start();
    let sources = read(Path::new(folder))?;
    let read_seconds = reading.seconds();
    let parsing = Meter::start();
    for source in &sources {
        // What anybody has to do at least; a broken document is the generator's to judge.
        std::hint::black_box(serde_json::from_str::<Value>(&source.text).ok());
    }
    let parse_seconds = parsing.seconds();
    let meter = Meter::start();
    let outcome = generate(&sources, &Options::default());
    let (seconds, cpu) = (meter.seconds(), meter.cpu_seconds());
    let diagnostics = outcome.diagnostics.iter();
    let errors = diagnostics.filter(|said| matches!(said.severity, Severity::Error));
    let lines: usize = outcome
        .plan
        .files()
        .map(|(_, text)| text.lines().count())
        .sum();
    let taken = outcome.summary.generated;
    Ok(json!({
        "documents": sources.len(),
        "taken": taken,
        "errors": errors.count(),
        "read_seconds": read_seconds,
        "parse_seconds": parse_seconds,
        "seconds": seconds,
        "cpu_seconds": cpu,
        "ms_each": seconds * 1e3 / sources.len().max(1) as f64,
        "lines_each": lines as f64 / taken.max(1) as f64,
        "peak_mib": peak_mib(),
    }))
}

/// Every document below a folder.
fn read(folder: &Path) -> Outcome<Vec<Source>> {
    let mut folders = vec![folder.to_path_buf()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "json") {
                sources.push(Source::new(
                    path.display().to_string(),
                    fs::read_to_string(&path)?,
                ));
            }
        }
    }
    Ok(sources)
}
