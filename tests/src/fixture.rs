//! Fixtures of the generator: documents, the Rust that they become, and what is said about them.
//!
//! A case is a folder of `fixtures` with documents (`*.json`), the generated files (`expected/**`) and the diagnostics
//! (`diagnostics.txt`). `UPDATE=1 cargo test -p fal-tests --test fixtures` writes the last two.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use fal_codegen::{Options, Outcome, Runtime, Source, generate};

use crate::diff::diff;

/// The case whose modules stand behind cargo features, as those of `fal-sdk` do.
pub const GATED: &str = "gates";

/// The folder of all cases.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The names of all cases, sorted.
pub fn cases() -> Vec<String> {
    let folders = fs::read_dir(root())
        .expect("the folder of fixtures")
        .flatten();
    let mut names: Vec<String> = folders
        .filter(|folder| !sources_in(&folder.path()).is_empty())
        .map(|folder| folder.file_name().to_string_lossy().into_owned())
        .filter(|name| name != "vectors")
        .collect();
    names.sort();
    names
}

/// The documents of a case, by file name.
pub fn sources(case: &str) -> Vec<Source> {
    sources_in(&root().join(case))
}

fn sources_in(folder: &Path) -> Vec<Source> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut sources: Vec<Source> = files
        .map(|file| file.path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let text = fs::read_to_string(&path).expect("a readable document");
            Source::new(name.into_owned(), text)
        })
        .collect();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

/// How the cases are generated: for a crate beside `fal-sdk`.
pub fn options(case: &str) -> Options {
    Options {
        runtime: Runtime::Extern("fal_sdk".to_owned()),
        ungated: case != GATED,
        ..Options::default()
    }
}

/// What the documents of a case become.
pub fn outcome(case: &str) -> Outcome {
    generate(&sources(case), &options(case))
}

/// Holds the generated files and the diagnostics of a case against the expected ones, or writes them if `UPDATE` is
/// set.
///
/// # Panics
/// If anything differs; the message shows the lines.
pub fn check(case: &str) {
    let folder = root().join(case);
    let actual = files(&outcome(case));
    if std::env::var_os("UPDATE").is_some() {
        write(&folder, &actual);
    }
    let expected = read(&folder);
    let paths: std::collections::BTreeSet<&String> = actual.keys().chain(expected.keys()).collect();
    let differences: Vec<String> = paths
        .into_iter()
        .filter(|path| actual.get(*path) != expected.get(*path))
        .map(|path| {
            let text =
                |files: &BTreeMap<String, String>| files.get(path).cloned().unwrap_or_default();
            format!(
                "--- {case}/{path}\n{}",
                diff(&text(&expected), &text(&actual))
            )
        })
        .collect();
    assert!(
        differences.is_empty(),
        "{}\nIf the new text is right: UPDATE=1 cargo test -p fal-tests --test fixtures\n",
        differences.join("\n")
    );
}

/// Everything that a case expects, by its path in the folder of the case.
fn files(outcome: &Outcome) -> BTreeMap<String, String> {
    let rust = outcome.plan.files();
    let mut files: BTreeMap<String, String> = rust
        .map(|(path, text)| (format!("expected/{path}"), text.to_owned()))
        .collect();
    let said: Vec<String> = outcome
        .diagnostics
        .iter()
        .map(|said| format!("{said}\n"))
        .collect();
    let summary = &outcome.summary;
    let counts = format!(
        "{} documents, {} endpoints, {} fields, {} degraded\n",
        summary.documents, summary.generated, summary.fields, summary.degraded
    );
    files.insert("diagnostics.txt".to_owned(), said.concat() + &counts);
    files
}

fn read(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    walk(&folder.join("expected"), "expected", &mut files);
    if let Ok(text) = fs::read_to_string(folder.join("diagnostics.txt")) {
        files.insert("diagnostics.txt".to_owned(), text);
    }
    files
}

fn walk(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = format!("{prefix}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            walk(&entry.path(), &path, files);
        } else {
            let text = fs::read_to_string(entry.path()).expect("readable text");
            files.insert(path, text);
        }
    }
}

/// Writes the files of a case and removes those that are no longer expected.
fn write(folder: &Path, files: &BTreeMap<String, String>) {
    for orphan in read(folder)
        .keys()
        .filter(|path| !files.contains_key(*path))
    {
        fs::remove_file(folder.join(orphan)).expect("a removable file");
    }
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(folder)).expect("a folder");
        fs::write(path, text).expect("a writable file");
    }
}
