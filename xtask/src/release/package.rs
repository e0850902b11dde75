//! The packages as they would be uploaded.

use crate::child::cargo;
use cargo_fal::Error;
use std::{fs, path::Path, process::Command};

/// The packages of a release, in the order in which they are uploaded.
pub const PACKAGES: [&str; 5] = ["fal-codegen", "fal-sdk", "fal-mock", "fal-proxy", "cargo-fal"];

/// A package as it would be uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Packed {
    /// Its name.
    pub(super) name: &'static str,
    /// Its size, compressed.
    pub(super) bytes: u64,
}

/// Packs the packages of the checkout at `root` with the given version, and builds each from what is packed if `build` is
/// set. `target` is where cargo writes.
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
    for name in PACKAGES {
        command.args(["--package", name]);
    }
    let status = command
        .status()
        .map_err(|error| Error::file("run", Path::new(&cargo), &error))?;
    if !status.success() {
        return Err(Error::new("the crates cannot be packed").help("cargo's output is above"));
    }
    let packed = PACKAGES.into_iter().map(|name| {
        let file = target.join(format!("package/{name}-{version}.crate"));
        let data = fs::metadata(&file).map_err(|error| Error::file("read", &file, &error))?;
        let bytes = data.len();
        Ok(Packed { name, bytes })
    });
    packed.collect()
}
