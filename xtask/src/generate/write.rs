//! Comparing a plan with the tree, and making the tree as the plan says.

use super::Target;
use cargo_fal::{Error, files};
use fal_codegen::Plan;
use std::{collections::BTreeSet, fs, io, path::Path};

/// How the tree differs from a plan; paths are relative to the target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that are not there.
    pub added: Vec<String>,
    /// Files that hold something else.
    pub changed: Vec<String>,
    /// Files that belong to no endpoint any more.
    pub removed: Vec<String>,
}

impl Changes {
    /// Whether the tree is as the plan says.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }

    /// A line for each file: `+`, `~` or `-` and its path.
    #[must_use]
    pub fn lines(&self) -> String {
        let kinds = [
            ("+", &self.added),
            ("~", &self.changed),
            ("-", &self.removed),
        ];
        let lines = kinds
            .into_iter()
            .flat_map(|(sign, paths)| paths.iter().map(move |path| format!("{sign} {path}\n")));
        lines.collect()
    }
}

/// How the tree differs from the plan. A partial plan removes nothing.
///
/// # Errors
///
/// If a file cannot be read.
pub fn compare(plan: &Plan, target: &Target, partial: bool) -> Result<Changes, Error> {
    let mut changes = Changes::default();
    for (path, text) in plan.files() {
        match target.read(path) {
            Ok(Some(known)) if known == text => {}
            Ok(None) => changes.added.push(path.to_owned()),
            // What cannot be read as text is certainly not what was generated.
            Ok(Some(_)) | Err(_) => changes.changed.push(path.to_owned()),
        }
    }
    if !partial {
        changes.removed = orphans(plan, target)?;
    }
    Ok(changes)
}

/// Makes the tree as the plan says. Files that are as they must be are not touched; the ledger goes last, so that a
/// run that was cut short is done again.
///
/// # Errors
///
/// If a file cannot be written or removed.
pub fn apply(plan: &Plan, target: &Target, partial: bool) -> Result<Changes, Error> {
    let changes = compare(plan, target, partial)?;
    let mut paths: Vec<&String> = changes.added.iter().chain(&changes.changed).collect();
    paths.sort_by_key(|path| (path.contains("ledger/"), path.as_str()));
    for path in paths {
        let text = plan.get(path).unwrap_or_default();
        files::write_unsynced(&target.root.join(path), text.as_bytes())?;
    }
    for path in &changes.removed {
        files::remove(&target.root, Path::new(path))?;
    }
    Ok(changes)
}

/// Files among the generated modules that the plan does not have.
fn orphans(plan: &Plan, target: &Target) -> Result<Vec<String>, Error> {
    let modules = target.modules();
    let mut found = BTreeSet::new();
    walk(&target.root.join(&modules), &modules, &mut found)?;
    let known = |path: &String| plan.get(path).is_some();
    Ok(found.into_iter().filter(|path| !known(path)).collect())
}

fn walk(folder: &Path, shown: &str, found: &mut BTreeSet<String>) -> Result<(), Error> {
    let failed = |error: io::Error| Error::file("read the folder", folder, &error);
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(failed)?,
    };
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let shown = format!("{shown}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().map_err(failed)?.is_dir() {
            walk(&entry.path(), &shown, found)?;
        } else {
            found.insert(shown);
        }
    }
    Ok(())
}
