//! A set of files that are changed together: all of them or none.

use crate::{Error, files, output::counted};
use similar::TextDiff;
use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

/// A set of files, each with its new text.
#[derive(Debug, Default)]
pub struct Changes {
    files: Vec<Change>,
}

#[derive(Debug)]
struct Change {
    root: PathBuf,
    path: PathBuf,
    shown: String,
    old: Option<Vec<u8>>,
    new: Vec<u8>,
}

impl Changes {
    /// Sets the new text of a file below `root`. A file that already has this text is not a change.
    ///
    /// # Errors
    ///
    /// If the file exists and cannot be read.
    pub fn set(&mut self, root: &Path, file: &Path, text: impl Into<Vec<u8>>) -> Result<(), Error> {
        let path = root.join(file);
        let (old, new) = (files::read(&path)?, text.into());
        if old.as_deref() != Some(&new) {
            let parts: Vec<_> = file.iter().map(|part| part.to_string_lossy()).collect();
            self.files.push(Change {
                shown: parts.join("/"),
                root: root.to_owned(),
                path,
                old,
                new,
            });
        }
        Ok(())
    }

    /// Whether every file already has its text, so that nothing would change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The changes as a unified diff. For JSON files, which are long, only the name and the number of lines are shown.
    #[must_use]
    pub fn diff(&self) -> String {
        let mut text = String::new();
        for change in &self.files {
            let sign = if change.old.is_some() { '~' } else { '+' };
            if change.shown.ends_with(".json") {
                let lines = change.new.iter().filter(|byte| **byte == b'\n').count();
                let _ = writeln!(text, "{sign} {} ({})", change.shown, counted(lines, "line"));
                continue;
            }
            let old = String::from_utf8_lossy(change.old.as_deref().unwrap_or_default());
            let new = String::from_utf8_lossy(&change.new);
            let diff = TextDiff::from_lines(&old, &new);
            let _ = write!(
                text,
                "{sign} {}\n{}",
                change.shown,
                diff.unified_diff().context_radius(2)
            );
        }
        text
    }

    /// Writes the files. If one cannot be written, the old texts of all files are restored.
    ///
    /// # Errors
    ///
    /// If a file cannot be written; no file has changed then.
    pub fn apply(&self) -> Result<(), Error> {
        for (index, change) in self.files.iter().enumerate() {
            if let Err(error) = files::write(&change.path, &change.new) {
                // For the file that failed, at most its folder was created.
                self.files[..=index].iter().for_each(Change::undo);
                return Err(error.nothing_changed());
            }
        }
        Ok(())
    }
}

impl Change {
    fn undo(&self) {
        // An error is ignored: the error that made this necessary is reported.
        let _ = match &self.old {
            Some(old) => files::write(&self.path, old),
            None => files::remove(&self.root, &self.path),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::Changes;
    use std::{fs, path::Path};

    #[test]
    fn all_files_are_written_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::write(root.join("a"), "old\n").unwrap();
        fs::write(root.join("same"), "same").unwrap();
        fs::write(root.join("file"), "").unwrap();
        let mut changes = Changes::default();
        changes.set(root, Path::new("a"), "new\n").unwrap();
        changes.set(root, Path::new("b/c.json"), "{}\n").unwrap();
        changes.set(root, Path::new("same"), "same").unwrap();
        let diff = changes.diff();
        assert!(
            diff.starts_with("~ a\n") && diff.contains("-old\n+new\n"),
            "{diff}"
        );
        assert!(diff.ends_with("+ b/c.json (1 line)\n"), "{diff}");
        // A folder cannot be created where a file exists.
        let mut doomed = Changes::default();
        doomed.set(root, Path::new("a"), "new\n").unwrap();
        doomed.set(root, Path::new("fresh"), "x").unwrap();
        doomed.set(root, Path::new("folder/below"), "x").unwrap();
        doomed.files.push(super::Change {
            root: root.to_owned(),
            path: root.join("file/below"),
            shown: String::new(),
            old: None,
            new: Vec::new(),
        });
        assert!(doomed.apply().is_err());
        assert_eq!(fs::read_to_string(root.join("a")).unwrap(), "old\n");
        assert!(!root.join("fresh").exists() && !root.join("folder").exists());
        changes.apply().unwrap();
        assert_eq!(fs::read_to_string(root.join("a")).unwrap(), "new\n");
        assert!(root.join("b/c.json").exists());
    }
}
