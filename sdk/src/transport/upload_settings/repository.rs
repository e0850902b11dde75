//! Where files are stored, and in which order repositories are tried.

use std::str::FromStr;

use crate::transport::error::{Error, Result};
use crate::transport::named_enum::named_enum;

// The names are for error messages.
named_enum! {
    /// A place where files are stored, and the way in which they are uploaded to it.
    #[derive(Default)]
    pub enum Repository {
        /// fal's file store, with a token that several files share, so that a small file takes
        /// one request. It is called `fal_v3` in fal's Python client.
        #[default]
        Cdn = "the file store",
        /// fal's file store, with a signed URL for each file, as fal's JavaScript client
        /// uploads. It is the only repository that works through a
        /// [proxy](crate::ClientBuilder::proxy).
        Signed = "the file store (signed URL)",
        /// A storage bucket, with a signed URL for each file. It is called `fal` in
        /// fal's Python client, and does not depend on the file store.
        Bucket = "the storage bucket",
    }
}

impl Repository {
    /// The size in bytes above which files are sent in parts; the same as in fal's own
    /// clients.
    pub(crate) fn multipart_above(self) -> u64 {
        match self {
            Self::Cdn | Self::Bucket => 100 << 20,
            Self::Signed => 90 << 20,
        }
    }
}

/// Parses the names that fal's Python client uses: `fal_v3` or its older name `cdn` for
/// [`Repository::Cdn`], `fal` for [`Repository::Bucket`].
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

/// The repositories to try: the first choice and then the others, each once.
pub(crate) fn order(first: Repository, others: &[Repository]) -> Vec<Repository> {
    let mut order = vec![first];
    for other in others {
        if !order.contains(other) {
            order.push(*other);
        }
    }
    order
}
