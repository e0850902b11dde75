//! Where files are stored, and in which order repositories are tried.

use std::str::FromStr;

use crate::transport::error::{Error, Result};

/// A way to store a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Repository {
    /// fal's file store, with a token: one request for each file once the token
    /// is known. It is called `fal_v3` in fal's Python client.
    #[default]
    Cdn,
    /// fal's file store, with a signed URL for each file, as fal's JavaScript
    /// client uploads. No other repository works through a proxy.
    Signed,
    /// A storage bucket, with a signed URL for each file. It is called `fal` in
    /// fal's Python client, and does not depend on the file store.
    Bucket,
}

impl Repository {
    /// The name for error messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cdn => "the file store",
            Self::Signed => "the file store (signed URL)",
            Self::Bucket => "the storage bucket",
        }
    }

    /// The size in bytes above which files are sent in parts, as fal's own
    /// clients have it.
    pub(crate) fn multipart_above(self) -> u64 {
        match self {
            Self::Cdn | Self::Bucket => 100 << 20,
            Self::Signed => 90 << 20,
        }
    }
}

/// Parses the names of fal's Python client: `fal_v3` (and its older name `cdn`),
/// `fal`.
impl FromStr for Repository {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "fal_v3" | "cdn" => Ok(Self::Cdn),
            "fal" => Ok(Self::Bucket),
            _ => Err(Error::configuration(format!(
                "{name:?} is not a repository: it must be fal_v3 or fal"
            ))),
        }
    }
}

/// The first choice and then the others, each once.
pub(crate) fn order(first: Repository, others: &[Repository]) -> Vec<Repository> {
    let mut order = vec![first];
    for other in others {
        if !order.contains(other) {
            order.push(*other);
        }
    }
    order
}
