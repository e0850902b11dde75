//! Finds the local files that a language model names, and checks that they may be uploaded.

use crate::{Error, run::upload::LocalFile};
use fal_codegen::source::push_pointer;
use reqwest::Url;
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The scheme of the URLs by which a language model names local files.
const SCHEME: &str = "file:";

/// The folders that the user allowed, with symbolic links resolved.
#[derive(Debug, Clone)]
pub(super) struct Folders(Vec<PathBuf>);

impl Folders {
    /// # Errors
    ///
    /// If one of them is not a folder.
    pub(super) fn new(folders: &[PathBuf]) -> Result<Self, Error> {
        let resolve = |folder: &PathBuf| {
            let resolved =
                fs::canonicalize(folder).map_err(|error| Error::file("read", folder, &error))?;
            match resolved.is_dir() {
                true => Ok(resolved),
                false => Err(
                    Error::new(format!("{} is not a folder", folder.display())).help(
                        "give --allow a folder: files in it, and in folders in it, can be uploaded",
                    ),
                ),
            }
        };
        folders
            .iter()
            .map(resolve)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// A sentence about how files are named, for the description of a tool.
    pub(super) fn describe(&self) -> String {
        match self.0.as_slice() {
            [] => "Local files cannot be used: give URLs of files.".to_owned(),
            folders => {
                let names: Vec<_> = folders.iter().map(|it| it.display().to_string()).collect();
                format!(
                    "In place of the URL of a file, a local file can be given as file:///path. Only files in these folders are allowed: {}.",
                    names.join(", ")
                )
            }
        }
    }

    /// The local files that an input names.
    ///
    /// # Errors
    ///
    /// If one of them cannot be read, or is outside the folders.
    pub(super) fn find(&self, input: &Value) -> Result<Vec<LocalFile>, String> {
        let mut files = Vec::new();
        self.collect(input, String::new(), &mut files)?;
        Ok(files)
    }

    fn collect(
        &self,
        value: &Value,
        pointer: String,
        files: &mut Vec<LocalFile>,
    ) -> Result<(), String> {
        match value {
            Value::String(text) if is_local(text) => {
                let path = self
                    .resolve(text)
                    .map_err(|why| format!("{pointer}: {why}"))?;
                files.push(LocalFile { pointer, path });
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.collect(item, format!("{pointer}/{index}"), files)?;
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    self.collect(member, push_pointer(&pointer, name), files)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The path that a `file:` URL names, with symbolic links resolved. A file outside the folders is refused with the same text
    /// whether or not it exists.
    fn resolve(&self, url: &str) -> Result<PathBuf, String> {
        let path = Url::parse(url).ok().and_then(|url| url.to_file_path().ok());
        let path = path.ok_or_else(|| format!("{url:?} is not the URL of a local file"))?;
        if self.0.is_empty() {
            return Err(
                "local files are not uploaded: the user allowed no folder (--allow)".to_owned(),
            );
        }
        let outside = || {
            format!(
                "{} is in none of the folders that the user allowed",
                path.display()
            )
        };
        let resolved = fs::canonicalize(&path);
        let is_allowed = |path: &Path| self.0.iter().any(|folder| path.starts_with(folder));
        match resolved {
            Ok(resolved) if is_allowed(&resolved) => match resolved.is_file() {
                true => Ok(resolved),
                false => Err(format!("{} is not a file", path.display())),
            },
            // The error must not show which files exist outside the folders.
            Err(error) if is_allowed(&path) && !has_parents(&path) => {
                Err(format!("{} cannot be read: {error}", path.display()))
            }
            _ => Err(outside()),
        }
    }
}

fn has_parents(path: &Path) -> bool {
    path.components()
        .any(|part| part == std::path::Component::ParentDir)
}

fn is_local(text: &str) -> bool {
    text.get(..SCHEME.len())
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCHEME))
}

#[cfg(test)]
mod tests {
    use super::Folders;
    use serde_json::json;
    use std::fs;

    #[test]
    fn only_files_of_allowed_folders_are_found() {
        let root = tempfile::tempdir().unwrap();
        let (inside, outside) = (root.path().join("in"), root.path().join("out"));
        fs::create_dir_all(inside.join("deep")).unwrap();
        fs::create_dir_all(&outside).unwrap();
        fs::create_dir_all(root.path().join("in-too")).unwrap();
        for file in ["in/a b.png", "in/deep/c.png", "out/secret", "in-too/d.png"] {
            fs::write(root.path().join(file), "").unwrap();
        }
        let folders = Folders::new(std::slice::from_ref(&inside)).unwrap();
        let url = |path: &str| format!("file://{}/{path}", root.path().display());
        let input = json!({
            "prompt": "/etc/passwd", "image_url": url("in/a%20b.png"),
            "list/": [{"url": url("in/deep/../deep/c.png").to_uppercase()}, "https://example.com"],
        });
        // A path in capitals is another one.
        assert!(folders.find(&input).is_err());
        let input = json!({"image_url": url("in/a%20b.png"), "list/": [{"url": url("in/deep/c.png")}], "prompt": "/etc/passwd"});
        let files = folders.find(&input).unwrap();
        let mut pointers: Vec<_> = files.iter().map(|file| file.pointer.as_str()).collect();
        pointers.sort_unstable();
        assert_eq!(pointers, ["/image_url", "/list~1/0/url"]);
        let mut sent = input;
        for file in &files {
            file.set_url(&mut sent, "https://fal.media/x");
        }
        assert!(!sent.to_string().contains("file:"), "{sent}");

        for bad in [
            "out/secret",
            "in-too/d.png",
            "in/../out/secret",
            "out/missing",
            "in/deep",
            "in/%2e%2e/out/secret",
        ] {
            let error = folders.find(&json!([url(bad)])).unwrap_err();
            let expected = if bad == "in/deep" {
                "is not a file"
            } else {
                "is in none of the folders"
            };
            assert!(
                error.starts_with("/0: ") && error.contains(expected),
                "{bad}: {error}"
            );
        }
        let error = folders.find(&json!(url("in/missing.png"))).unwrap_err();
        assert!(error.contains("cannot be read"), "{error}");
        let error = folders.find(&json!("file://elsewhere/x")).unwrap_err();
        assert!(error.contains("is not the URL of a local file"), "{error}");
        let nothing = Folders::new(&[]).unwrap();
        let error = nothing.find(&json!(url("in/a%20b.png"))).unwrap_err();
        assert!(error.contains("--allow"), "{error}");
        assert!(Folders::new(&[root.path().join("nowhere")]).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_resolved() {
        let root = tempfile::tempdir().unwrap();
        let (inside, outside) = (root.path().join("in"), root.path().join("out"));
        fs::create_dir_all(&inside).unwrap();
        fs::create_dir_all(&outside).unwrap();
        fs::write(outside.join("secret"), "").unwrap();
        fs::write(inside.join("a.png"), "").unwrap();
        let link = |from: &str, to: &std::path::Path| {
            std::os::unix::fs::symlink(to, inside.join(from)).unwrap();
        };
        link("file", &outside.join("secret"));
        link("folder", &outside);
        link("good", &inside.join("a.png"));
        // A folder that is a link itself is allowed where it leads.
        std::os::unix::fs::symlink(&inside, root.path().join("link")).unwrap();
        let folders = Folders::new(&[root.path().join("link")]).unwrap();
        let found =
            |path: &str| folders.find(&json!(format!("file://{}/{path}", inside.display())));
        assert!(
            found("file")
                .unwrap_err()
                .contains("is in none of the folders")
        );
        assert!(
            found("folder/secret")
                .unwrap_err()
                .contains("is in none of the folders")
        );
        assert!(found("good").unwrap()[0].path.ends_with("in/a.png"));
    }
}
