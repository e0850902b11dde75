//! Decides whether a crate gets `fal-sdk` and `fal-codegen` from the registry or from a checkout.

use crate::Error;
use fal_codegen::IS_RELEASED;
use std::path::{Path, PathBuf};
use toml_edit::{Array, InlineTable, Value};

/// The source of `fal-sdk` and `fal-codegen`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The registry.
    Registry,
    /// A checkout of the repository.
    Checkout(PathBuf),
}

impl Origin {
    /// The given checkout. Without one: the registry or, before the first release, the checkout that this program was built
    /// from.
    ///
    /// # Errors
    ///
    /// If the given folder is not a checkout.
    pub fn find(checkout: Option<&Path>) -> Result<Self, Error> {
        let built_from = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folder = match checkout {
            Some(folder) => folder.to_owned(),
            None if IS_RELEASED => return Ok(Self::Registry),
            None => built_from(),
        };
        let real = folder.canonicalize().ok();
        let real = real.filter(|folder| folder.join("sdk/Cargo.toml").is_file());
        real.map(Self::Checkout).ok_or_else(|| {
            Error::new(format!(
                "{} is not a checkout of the repository of fal-sdk",
                folder.display()
            ))
            .help("clone the repository, and give the folder of the checkout with --sdk DIR")
        })
    }

    /// The value of a dependency on the crate of the repository that is in the folder `folder`.
    pub(super) fn dependency(&self, folder: &str) -> Value {
        match self {
            Self::Registry => minor(env!("CARGO_PKG_VERSION")).into(),
            Self::Checkout(checkout) => {
                let mut table = InlineTable::new();
                let path = checkout.join(folder).display().to_string();
                table.insert("path", path.into());
                table.into()
            }
        }
    }
}

/// The value of the dependency on tokio, for `#[tokio::main]`.
pub(super) fn tokio() -> Value {
    let features: Array = ["macros", "rt-multi-thread"].into_iter().collect();
    let mut table = InlineTable::new();
    table.insert("version", "1".into());
    table.insert("features", features.into());
    table.into()
}

/// The version without its last part: `0.1` of `0.1.3`.
fn minor(version: &str) -> String {
    version.splitn(3, '.').take(2).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::Origin;
    use std::path::Path;

    #[test]
    fn a_dependency_names_the_checkout_or_a_version() {
        let checkout = Origin::Checkout("/src/fal".into()).dependency("sdk");
        assert_eq!(checkout.to_string().trim(), r#"{ path = "/src/fal/sdk" }"#);
        assert_eq!(
            Origin::Registry.dependency("sdk").to_string().trim(),
            r#""0.1""#
        );
    }

    #[test]
    fn a_folder_that_is_no_checkout_is_refused() {
        let error = Origin::find(Some(Path::new("/no/such")))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("/no/such") && error.contains("--sdk"),
            "{error}"
        );
        assert!(Origin::find(None).is_ok(), "the tests run in a checkout");
    }
}
