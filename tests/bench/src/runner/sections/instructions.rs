//! Instructions, which noise does not touch: counted by valgrind, and kept over the versions.

use super::{Bound, Context, Goal, Row, Section, column, generators};
use crate::{Error, Outcome, runner::caller::Caller, runner::server::Server};
use serde_json::{Value, json};
use std::{fs, path::Path};

/// The figure that [`history`](crate::runner::history) keeps.
pub const EACH: super::Column = column("instructions", "instructions each");

const GENERATOR: &str = "a document by fal-codegen";

/// The goal for each document of a catalog: 3.5 thousand million instructions for 977 of them.
const PER_DOCUMENT: f64 = 3.58e6;

/// Calls with which a process is counted: the difference is that of the calls, without start and end.
const CALLS: [u64; 2] = [64, 1_088];

/// One section, or none without valgrind.
pub fn measure(context: &Context<'_>) -> Outcome<Vec<Section>> {
    if !context.tools.valgrind {
        return Ok(Vec::new());
    }
    let server = context.server(&json!({}))?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("counted");
    let mut rows = Vec::new();
    for at_once in [1, 64] {
        for secure in [false, true] {
            let tls = if secure { ", TLS" } else { "" };
            let name = |caller: &str| format!("a run by {caller}{tls}, {at_once} at once");
            let bare = name("bare reqwest");
            for (role, name, against) in [
                ("bare", bare.clone(), None),
                ("sdk", name("fal-sdk"), Some(bare.as_str())),
            ] {
                eprintln!("  {name}");
                let caller = context.tools.role(&name, role, secure).counted(&file);
                let mut row = Row::new(&name, against);
                row.rounds
                    .push(figure(per_call(&caller, &server, at_once, &file)?));
                rows.push(row);
            }
        }
    }
    rows.push(generator(context, &file)?);
    let sdk: Vec<String> = rows
        .iter()
        .filter(|row| row.against.is_some())
        .map(|row| row.caller.clone())
        .collect();
    let sdk: Vec<&str> = sdk.iter().map(String::as_str).collect();
    let about = "Instructions in user space, kernel excluded, which other programs on the machine do not touch: of a direct run, \
                 and of the generator for a document, reading and parsing included. `instructions.csv` has those of earlier versions.";
    let mut section = Section::new("Instructions", about, &[EACH], rows)
        .ratio_of(EACH)
        .goal(&sdk, Goal::of_ratio(EACH, Bound::AtMost(1.08)));
    if generators::is_catalog(&generators::documents()) {
        section = section.goal(&[GENERATOR], Goal::of(EACH, Bound::AtMost(PER_DOCUMENT)));
    }
    Ok(vec![section])
}

fn figure(instructions: f64) -> super::Figures {
    super::Figures::from_iter([(EACH.key.to_owned(), instructions.into())])
}

fn per_call(caller: &Caller, server: &Server<'_>, at_once: u64, file: &Path) -> Outcome<f64> {
    let mut counts = [0.0; 2];
    for (count, calls) in counts.iter_mut().zip(CALLS) {
        caller.call(server, "run", json!({ "calls": calls, "at_once": at_once }))?;
        *count = counted(file)?;
    }
    Ok((counts[1] - counts[0]) / (CALLS[1] - CALLS[0]) as f64)
}

fn generator(context: &Context<'_>, file: &Path) -> Outcome<Row> {
    let folder = generators::documents();
    let mut row = Row::new(GENERATOR, None);
    eprintln!("  {}", row.caller);
    let caller = context
        .tools
        .role("generate", "generate", false)
        .counted(file);
    let figures = caller.work("generate", json!({ "folder": folder }))?;
    let documents = figures
        .get("documents")
        .and_then(Value::as_f64)
        .unwrap_or(1.0);
    row.note = Some(format!("the mean of {documents} documents"));
    row.rounds.push(figure(counted(file)? / documents));
    Ok(row)
}

/// What valgrind says that it counted.
fn counted(file: &Path) -> Outcome<f64> {
    let text = fs::read_to_string(file)?;
    let line = text.lines().find_map(|line| line.split_once("Collected :"));
    let (_, count) =
        line.ok_or_else(|| Error::from(format!("valgrind counted nothing: {text}")))?;
    Ok(count.trim().parse()?)
}
