//! Edits the manifest of a crate, and keeps its comments and its order.

use super::origin::{Origin, tokio};
use crate::Error;
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use toml_edit::{DocumentMut, Item, Table, Value};

/// A manifest that has been read.
#[derive(Debug)]
pub(super) struct Manifest {
    path: PathBuf,
    document: DocumentMut,
}

impl Manifest {
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => {
                Error::new(format!("{} is not UTF-8 text", path.display()))
            }
            _ => Error::file("read", path, &error),
        })?;
        let document: DocumentMut = text.parse().map_err(|error| {
            Error::new(format!("{} is not a manifest: {error}", path.display()))
                .help("correct it: cargo cannot read it either")
        })?;
        let manifest = Self {
            path: path.to_owned(),
            document,
        };
        manifest.check()?;
        Ok(manifest)
    }

    /// Refuses a manifest without a package.
    fn check(&self) -> Result<(), Error> {
        if self
            .document
            .get("package")
            .is_some_and(Item::is_table_like)
        {
            return Ok(());
        }
        let what = format!("{} has no [package]", self.path.display());
        let Some(workspace) = self.document.get("workspace") else {
            return Err(Error::new(what).help("give the manifest of a crate"));
        };
        let members: Vec<&str> = workspace
            .get("members")
            .and_then(Item::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let which = match members.as_slice() {
            [] => String::new(),
            members => format!(": {}", members.join(", ")),
        };
        Err(
            Error::new(format!("{what}: it is the root of a workspace")).help(format!(
                "change to the folder of the member that calls the model{which}"
            )),
        )
    }

    /// The path of the build script below the crate; `None` if the manifest switches it off.
    pub(super) fn build_script(&self) -> Option<String> {
        let build = self
            .document
            .get("package")
            .and_then(|package| package.get("build"));
        match build.and_then(Item::as_value) {
            Some(Value::String(path)) => Some(path.value().clone()),
            Some(Value::Boolean(is_on)) if !is_on.value() => None,
            _ => Some("build.rs".to_owned()),
        }
    }

    /// The text of the manifest with the dependencies that generated types and a program that calls them need.
    pub(super) fn completed(&self, origin: &Origin) -> Result<String, Error> {
        let mut document = self.document.clone();
        let wanted = [
            ("dependencies", "fal-sdk", origin.dependency("sdk")),
            ("dependencies", "tokio", tokio()),
            (
                "build-dependencies",
                "fal-codegen",
                origin.dependency("codegen"),
            ),
        ];
        for (section, name, dependency) in wanted {
            let table = document.entry(section).or_insert(Item::Table(Table::new()));
            let table = table.as_table_like_mut().ok_or_else(|| {
                Error::new(format!(
                    "{}: `{section}` is not a table",
                    self.path.display()
                ))
                .help("correct it: cargo cannot read it either")
            })?;
            if !table.contains_key(name) {
                table.insert(name, Item::Value(dependency));
            }
        }
        Ok(document.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::{Manifest, Origin};
    use std::fs;

    fn completed(text: &str) -> Result<String, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Cargo.toml");
        fs::write(&path, text).unwrap();
        let manifest = Manifest::read(&path).map_err(|error| error.to_string())?;
        let text = manifest.completed(&Origin::Registry);
        text.map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_missing_is_added_and_everything_else_stays() {
        let text =
            "# mine\n[package]\nname = \"app\" # app\n\n[dependencies]\n# why\nserde = \"1\"\n";
        let expected = "# mine\n[package]\nname = \"app\" # app\n\n[dependencies]\n# why\nserde = \"1\"\nfal-sdk = \"0.1\"\n\
                        tokio = { version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }\n\n[build-dependencies]\nfal-codegen = \"0.1\"\n";
        assert_eq!(completed(text).unwrap(), expected);
        assert_eq!(
            completed(expected).unwrap(),
            expected,
            "nothing is added twice"
        );
        let without = completed("[package]\nname = \"app\"\n").unwrap();
        assert!(
            without.contains("[dependencies]\nfal-sdk = \"0.1\""),
            "{without}"
        );
    }

    #[test]
    fn dependencies_of_the_users_own_form_are_left_alone() {
        let text = "[package]\nname = \"app\"\n[dependencies.fal-sdk]\nworkspace = true\n[dependencies.tokio]\nversion = \"1.40\"\n\
                    [build-dependencies]\nfal-codegen.workspace = true\n";
        assert_eq!(completed(text).unwrap(), text);
    }

    #[test]
    fn what_is_not_the_manifest_of_a_crate_is_refused() {
        let workspace = completed("[workspace]\nmembers = [\"app\", \"lib\"]\n").unwrap_err();
        assert!(workspace.contains("app, lib"), "{workspace}");
        for text in [
            "[package",
            "",
            "dependencies = 1\n[package]\nname = \"a\"\n",
        ] {
            let error = completed(text).unwrap_err();
            assert!(
                error.contains("Cargo.toml") && error.contains("help:"),
                "{error}"
            );
        }
    }
}
