//! Packs the packages as they would be uploaded.

use crate::child::cargo;
use cargo_fal::Error;
use std::{fs, path::Path, process::Command};
use toml_edit::{DocumentMut, Item};

/// A package as it would be uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Packed {
    /// The name of the package.
    pub(super) name: String,
    /// The compressed size of the package.
    pub(super) bytes: u64,
}

/// The names of the packages of the checkout at `root` that are published: the members of the workspace that do not say
/// `publish = false`.
pub(super) fn published(root: &Path) -> Result<Vec<String>, Error> {
    let workspace = manifest(&root.join("Cargo.toml"))?;
    let members = workspace["workspace"]["members"].as_array();
    let members = members.into_iter().flatten();
    let mut names = Vec::new();
    for member in members.filter_map(|member| member.as_str()) {
        let manifest = manifest(&root.join(member).join("Cargo.toml"))?;
        let package = &manifest["package"];
        let is_published = package.get("publish").and_then(Item::as_bool) != Some(false);
        if let Some(name) = package["name"].as_str().filter(|_| is_published) {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

fn manifest(path: &Path) -> Result<DocumentMut, Error> {
    let text = fs::read_to_string(path).map_err(|error| Error::file("read", path, &error))?;
    text.parse().map_err(|error| {
        Error::new(format!("{}: {error}", path.display()))
            .help("take the file from version control")
    })
}

/// Packs the packages of the checkout at `root` with the given version. With `build`, each is also built from the packed files.
/// `target` is cargo's target folder.
pub(super) fn pack(
    root: &Path,
    target: &Path,
    version: &str,
    build: bool,
) -> Result<Vec<Packed>, Error> {
    let cargo = cargo();
    let mut command = Command::new(&cargo);
    command
        .args(["package", "--quiet", "--allow-dirty", "--manifest-path"])
        .arg(root.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target);
    if !build {
        command.arg("--no-verify");
    }
    let names = published(root)?;
    for name in &names {
        command.args(["--package", name]);
    }
    let status = command
        .status()
        .map_err(|error| Error::file("run", Path::new(&cargo), &error))?;
    if !status.success() {
        return Err(Error::new("the crates cannot be packed").help("cargo's output is above"));
    }
    let packed = names.into_iter().map(|name| {
        let file = target.join(format!("package/{name}-{version}.crate"));
        let data = fs::metadata(&file).map_err(|error| Error::file("read", &file, &error))?;
        let bytes = data.len();
        Ok(Packed { name, bytes })
    });
    packed.collect()
}

#[cfg(test)]
mod tests {
    use super::published;
    use crate::workspace::repository;

    #[test]
    fn what_is_published_is_what_the_manifests_say() {
        let names = published(&repository()).unwrap();
        for known in ["fal-codegen", "fal-sdk", "fal-mock", "cargo-fal"] {
            assert!(names.iter().any(|name| name == known), "{names:?}");
        }
        for unpublished in ["xtask", "fal-tests", "fal-verify"] {
            assert!(!names.iter().any(|name| name == unpublished), "{names:?}");
        }
    }
}
