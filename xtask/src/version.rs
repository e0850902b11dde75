//! Reads and writes the version in the manifests, and computes the next version.

use cargo_fal::{Error, diff::Bump};
use semver::Version;
use std::path::Path;
use toml_edit::{DocumentMut, Item, value};

/// The workspace's manifest.
pub(crate) struct Manifest {
    document: DocumentMut,
    /// The version in the manifest.
    pub(crate) version: Version,
}

impl Manifest {
    pub(crate) fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        let wrong = |what: String| {
            Error::new(format!("{}: {what}", path.display()))
                .help("set `[workspace.package] version`")
        };
        let document: DocumentMut = text.parse().map_err(|error| wrong(format!("{error}")))?;
        let stated = document
            .get("workspace")
            .and_then(|workspace| workspace.get("package")?.get("version")?.as_str())
            .map(Version::parse);
        match stated {
            Some(Ok(version)) => Ok(Self { document, version }),
            Some(Err(error)) => Err(wrong(error.to_string())),
            None => Err(wrong("there is no version".to_owned())),
        }
    }

    /// The text of the manifest with another version, also in the dependencies of members on each other.
    pub(crate) fn with_version(mut self, version: &Version) -> String {
        let old = self.version.to_string();
        self.document["workspace"]["package"]["version"] = value(version.to_string());
        let dependencies = self.document["workspace"]
            .get_mut("dependencies")
            .and_then(Item::as_table_like_mut);
        for (_, dependency) in dependencies.into_iter().flat_map(|table| table.iter_mut()) {
            let Some(dependency) = dependency.as_table_like_mut() else {
                continue;
            };
            let stated = dependency.get("version").and_then(Item::as_str) == Some(old.as_str());
            if stated && dependency.contains_key("path") {
                dependency.insert("version", value(version.to_string()));
            }
        }
        self.document.to_string()
    }
}

/// Cargo's lock file with another version of the workspace's members, which are the packages without a source.
pub(crate) fn lock_with_version(
    text: &str,
    old: &Version,
    version: &Version,
    path: &Path,
) -> Result<String, Error> {
    let mut document: DocumentMut = text.parse().map_err(|error| {
        Error::new(format!("{}: {error}", path.display()))
            .help("take the file from version control")
    })?;
    let packages = document
        .get_mut("package")
        .and_then(Item::as_array_of_tables_mut);
    for package in packages
        .into_iter()
        .flat_map(|packages| packages.iter_mut())
    {
        let stated =
            package.get("version").and_then(Item::as_str) == Some(old.to_string().as_str());
        if stated && !package.contains_key("source") {
            package["version"] = value(version.to_string());
        }
    }
    Ok(document.to_string())
}

/// The version after a change. It counts from the released version, so that several changes between two releases raise it only
/// once. Without a release, it stays the same.
pub(crate) fn next(current: &Version, released: Option<&Version>, bump: Bump) -> Version {
    match released {
        Some(released) => current.clone().max(bump.after(released)),
        None => current.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Manifest, lock_with_version, next};
    use cargo_fal::diff::Bump;
    use std::path::Path;

    const MANIFEST: &str = "[workspace.package]\nversion = \"0.1.0\"\n\n[workspace.dependencies]\na = { path = \"a\", version = \"0.1.0\" }\nb = \"0.1.0\"\nc = { version = \"0.1.0\" }\n";

    #[test]
    fn the_version_changes_where_members_state_it() {
        let manifest = Manifest::parse(MANIFEST, Path::new("Cargo.toml")).unwrap();
        let text = manifest.with_version(&"0.2.0".parse().unwrap());
        let expected = MANIFEST.replacen("\"0.1.0\"", "\"0.2.0\"", 2);
        assert_eq!(text, expected);
    }

    #[test]
    fn the_lock_file_follows_for_members_only() {
        let lock = "[[package]]\nname = \"a\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"b\"\nversion = \"0.1.0\"\nsource = \"registry\"\n";
        let (old, new) = ("0.1.0".parse().unwrap(), "0.2.0".parse().unwrap());
        let text = lock_with_version(lock, &old, &new, Path::new("Cargo.lock")).unwrap();
        assert_eq!(text, lock.replacen("0.1.0", "0.2.0", 1));
    }

    #[test]
    fn several_changes_between_two_releases_raise_the_version_once() {
        let version = |text: &str| text.parse().unwrap();
        let released = version("0.1.0");
        let first = next(&released, Some(&released), Bump::Major);
        assert_eq!(first, version("0.2.0"));
        assert_eq!(next(&first, Some(&released), Bump::Major), first);
        assert_eq!(next(&first, Some(&released), Bump::Patch), first);
        assert_eq!(
            next(&released, None, Bump::Major),
            released,
            "never released"
        );
    }

    #[test]
    fn a_manifest_without_a_version_says_so() {
        let error = Manifest::parse("[workspace]\n", Path::new("Cargo.toml"))
            .err()
            .unwrap();
        assert!(error.to_string().contains("no version"), "{error}");
    }
}
