//! Moves prepared files to their places in the checkout, in such a way that the next run can finish a run that was killed.

use super::{digests, staging::FOLDER};
use cargo_fal::{Error, files, schemas::lock::sha256};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs,
    path::{Component, Path, PathBuf},
};

/// The new content of files, by path; `None` means that the file is removed.
pub(super) type Files = BTreeMap<String, Option<Vec<u8>>>;

/// The name of the manifest. Once this file exists, the changes will be made, by this run or the next one.
const MANIFEST: &str = "manifest.json";

/// One file that changes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    path: String,
    /// The digest before the change; `null` means that there was no file.
    was: Option<String>,
    /// The digest after the change; `null` means that the file is removed.
    becomes: Option<String>,
}

/// Writes the files into the checkout, and removes the folder in which they were prepared.
pub(super) fn commit(root: &Path, files: &Files) -> Result<(), Error> {
    decide(root, files)?;
    apply(root)
}

/// Finishes the changes of an earlier run that was killed. Returns whether there were any.
///
/// # Errors
///
/// If a file was changed by another program meanwhile, or cannot be written.
pub fn finish(root: &Path) -> Result<bool, Error> {
    let decided = root.join(FOLDER).join(MANIFEST).exists();
    if decided {
        apply(root)?;
    }
    Ok(decided)
}

/// Writes every new text into the folder of the sync, and then the manifest.
fn decide(root: &Path, files: &Files) -> Result<(), Error> {
    let folder = root.join(FOLDER);
    let mut steps = Vec::with_capacity(files.len());
    for (path, text) in files {
        if let Some(text) = text {
            files::write(&prepared(root, path), text)?;
        }
        steps.push(Step {
            path: path.clone(),
            was: digests::of_file(&root.join(path))?,
            becomes: text.as_deref().map(sha256),
        });
    }
    let text = serde_json::to_vec(&steps)
        .map_err(|error| Error::new(format!("the manifest cannot be written as JSON: {error}")))?;
    files::write(&folder.join(MANIFEST), &text)
}

fn prepared(root: &Path, path: &str) -> PathBuf {
    root.join(FOLDER).join("files").join(path)
}

/// Changes the files, and removes the folder of the sync.
fn apply(root: &Path) -> Result<(), Error> {
    for step in steps(root)? {
        take(root, &step)?;
    }
    let folder = root.join(FOLDER);
    // The manifest is removed first: without it, the next run ignores the rest of the folder.
    files::remove(&folder, Path::new(MANIFEST))?;
    files::remove_folder(&folder)
}

/// Reads the manifest.
fn steps(root: &Path) -> Result<Vec<Step>, Error> {
    let folder = root.join(FOLDER);
    let manifest = folder.join(MANIFEST);
    let bytes = files::read(&manifest)?.unwrap_or_default();
    serde_json::from_slice(&bytes).map_err(|error| {
        Error::new(format!("{}: {error}", manifest.display()))
            .help(format!("remove {} and sync again", folder.display()))
    })
}

/// Changes one file, unless it was already changed.
fn take(root: &Path, step: &Step) -> Result<(), Error> {
    let inside = Path::new(&step.path)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if !inside {
        return Err(Error::new(format!(
            "{MANIFEST} names `{}`, which is outside the checkout",
            step.path
        ))
        .help(format!("remove {FOLDER} and sync again")));
    }
    let path = root.join(&step.path);
    let is = digests::of_file(&path)?;
    if is == step.becomes {
        return Ok(());
    }
    if is != step.was {
        return Err(Error::new(format!(
            "{} was changed while a sync was under way",
            path.display()
        ))
        .help(format!(
            "restore it from git, or remove {FOLDER} to abandon the sync, and sync again"
        )));
    }
    if step.becomes.is_none() {
        return files::remove(root, Path::new(&step.path));
    }
    let ready = prepared(root, &step.path);
    if digests::of_file(&ready)? != step.becomes {
        return Err(Error::new(format!(
            "{} was changed after it was prepared",
            ready.display()
        ))
        .help(format!(
            "restore the files of the checkout from git, remove {FOLDER}, and sync again"
        )));
    }
    // The file is moved and not copied, so that a run that is killed leaves no incomplete file.
    let folder = path.parent().unwrap_or(root);
    fs::create_dir_all(folder)
        .and_then(|()| fs::rename(&ready, &path))
        .map_err(|error| Error::file("write", &path, &error))
}

#[cfg(test)]
mod tests {
    use super::{Files, commit, decide, finish, steps, take};
    use std::fs;

    fn tree() -> (tempfile::TempDir, Files) {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("old/deep")).unwrap();
        fs::write(root.path().join("old/deep/gone"), "1").unwrap();
        fs::write(root.path().join("kept"), "1").unwrap();
        let files = [
            ("old/deep/gone", None),
            ("kept", Some("2")),
            ("new/a", Some("3")),
            ("new/b", Some("4")),
        ];
        let files =
            files.map(|(path, text)| (path.to_owned(), text.map(|text| text.as_bytes().to_vec())));
        (root, files.into())
    }

    fn assert_done(root: &std::path::Path) {
        let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
        assert_eq!(
            [read("kept"), read("new/a"), read("new/b")],
            ["2", "3", "4"]
        );
        assert!(!root.join("old").exists() && !root.join(".sync").exists());
    }

    /// Changes only the first files, as a run does that is killed then.
    fn take_first(root: &std::path::Path, count: usize) {
        for step in steps(root).unwrap().iter().take(count) {
            take(root, step).unwrap();
        }
    }

    #[test]
    fn a_commit_makes_the_tree_as_decided() {
        let (root, files) = tree();
        commit(root.path(), &files).unwrap();
        assert_done(root.path());
        assert!(!finish(root.path()).unwrap(), "nothing is left to do");
    }

    #[test]
    fn cut_short_after_any_step_it_is_finished() {
        for count in 0..=4 {
            let (root, files) = tree();
            decide(root.path(), &files).unwrap();
            take_first(root.path(), count);
            assert!(finish(root.path()).unwrap());
            assert_done(root.path());
        }
    }

    #[test]
    fn cut_short_while_tidying_up_it_is_finished() {
        let (root, files) = tree();
        decide(root.path(), &files).unwrap();
        take_first(root.path(), 4);
        fs::remove_dir_all(root.path().join(".sync/files")).unwrap();
        assert!(finish(root.path()).unwrap());
        assert_done(root.path());
    }

    #[test]
    fn what_somebody_else_changed_is_not_overwritten() {
        let (root, files) = tree();
        decide(root.path(), &files).unwrap();
        fs::write(root.path().join("kept"), "mine").unwrap();
        let error = finish(root.path()).unwrap_err().to_string();
        assert!(error.contains("kept was changed"), "{error}");
        assert_eq!(
            fs::read_to_string(root.path().join("kept")).unwrap(),
            "mine"
        );
    }

    #[test]
    fn a_manifest_cannot_lead_out_of_the_tree() {
        let (root, _) = tree();
        fs::create_dir(root.path().join(".sync")).unwrap();
        let manifest = r#"[{"path":"../out","was":null,"becomes":null}]"#;
        fs::write(root.path().join(".sync/manifest.json"), manifest).unwrap();
        assert!(
            finish(root.path())
                .unwrap_err()
                .to_string()
                .contains("outside the checkout")
        );
    }
}
