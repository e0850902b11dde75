//! Generators over the same documents.

use super::{Bound, Caller, Column, Context, Goal, PEAK, Row, SECONDS, Section, column};
use crate::{Outcome, repository};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const EACH: Column = column("ms_each", "ms per document");

/// The documents of the repository, of which there are too few for a goal.
const OWN_DOCUMENTS: &str = "schemas/openapi";

pub fn measure(context: &Context<'_>) -> Outcome<Vec<Section>> {
    let folder = documents();
    let tools = context.tools;
    let ours = tools.role("fal-codegen", "generate", false);
    let peers = tools.generators.iter().flat_map(|program| {
        ["progenitor", "typify"].map(|task| (Caller::new(task, program, "generate", false), task))
    });
    let mut callers: Vec<(Caller, &str)> = vec![(ours, "generate")];
    callers.extend(peers);
    let mut rows: Vec<Row> = callers
        .iter()
        .map(|(caller, _)| {
            Row::new(
                &caller.name,
                (caller.name != "fal-codegen").then_some("fal-codegen"),
            )
        })
        .collect();
    for _ in 0..context.full_or_quick(3, 1) {
        for ((caller, task), row) in callers.iter().zip(&mut rows) {
            if row.failure.is_some() {
                continue;
            }
            eprintln!("  {}", caller.name);
            match caller.work(task, json!({ "folder": folder })) {
                Ok(figures) => {
                    let why = figures.get("first_refusal").and_then(Value::as_str);
                    row.note = why.map(|why| format!("the first document that it refused: {why}"));
                    row.rounds.push(figures);
                }
                Err(why) if *task == "generate" => return Err(why.into()),
                Err(why) => row.failure = Some(why),
            }
        }
    }
    let about = "The same OpenAPI documents, fal-codegen's all at once, with sharing between them, the others' one at a time. \
                 `taken` counts what ended without an error and is Rust's grammar; whether it compiles is asked of ours by \
                 `cargo xtask verify` and of the others not at all. typify sees the schemas alone; for progenitor, which \
                 takes nothing without, operations are given an `operationId`. A generator that refuses documents early \
                 spends little time on them.";
    let columns = [
        column("documents", "documents"),
        column("taken", "taken"),
        EACH,
        SECONDS,
        column("parse_seconds", "parsing alone, s"),
        column("lines_each", "lines per document"),
        PEAK,
    ];
    let title = "Generating Rust";
    let mut section = Section::new(title, about, &columns, rows).ratio_of(EACH);
    if is_catalog(&folder) {
        section = section.goal(&["fal-codegen"], Goal::of(SECONDS, Bound::AtMost(0.45)));
    }
    Ok(vec![section])
}

/// Whether the documents are a catalog, for which there are goals.
pub fn is_catalog(folder: &Path) -> bool {
    !folder.ends_with(OWN_DOCUMENTS)
}

/// A catalog beside the repository where there is one, else the repository's own documents.
pub fn documents() -> PathBuf {
    let beside = repository().join("../shared/corpus/current");
    match beside.is_dir() {
        true => beside,
        false => repository().join(OWN_DOCUMENTS),
    }
}
