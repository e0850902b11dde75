//! Compares a plan with the files on disk, and writes the files of a plan.

use super::Target;
use cargo_fal::{Error, files};
use fal_codegen::Plan;
use std::{collections::BTreeSet, fs, io, path::Path};

/// The differences between the files on disk and a plan; paths are relative to the target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that are missing.
    pub added: Vec<String>,
    /// Files whose content differs.
    pub changed: Vec<String>,
    /// Files that no longer belong to an endpoint.
    pub removed: Vec<String>,
}

impl Changes {
    /// Whether the files on disk equal those of the plan.
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

/// Compares the files on disk with the plan. With `partial`, no file counts as removed.
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
            // A file that cannot be read as text differs from the generated one.
            Ok(Some(_)) | Err(_) => changes.changed.push(path.to_owned()),
        }
    }
    if !partial {
        changes.removed = orphans(plan, target)?;
    }
    Ok(changes)
}

/// Writes the files of the plan that differ. The ledger is written last, so that a run after an interrupted one still finds the
/// differences.
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

/// The files in the folder of generated modules that the plan does not have.
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
