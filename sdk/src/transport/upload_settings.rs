//! How files are uploaded, unless an upload has settings of its own.

mod repository;

pub use repository::Repository;
pub(crate) use repository::order;

use crate::transport::chaining_setters::chaining_setters;
use crate::transport::lifecycle::Lifecycle;

/// How files are uploaded, both by [`Client::storage`](crate::Client::storage) and as
/// [`Media`](crate::Media) in inputs.
///
/// ```
/// let uploads = fal_sdk::UploadSettings::default().files_at_once(2);
/// let builder = fal_sdk::Client::builder().uploads(uploads);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UploadSettings {
    /// Where files are stored. Default: [`Repository::Cdn`]; through a proxy
    /// [`Repository::Signed`].
    pub repository: Option<Repository>,
    /// Where files are stored if `repository` fails; these are tried in order. Default:
    /// [`Repository::Bucket`]; through a proxy, none.
    pub fallback: Option<Vec<Repository>>,
    /// How long files are kept and who may read them. Default: the account's
    /// setting.
    pub lifecycle: Option<Lifecycle>,
    /// The size in bytes above which a file is sent in parts. Default: 100 MiB; for
    /// [`Repository::Signed`], 90 MiB.
    pub multipart_above: Option<u64>,
    /// The size of a part in bytes. A part has at least 5 MiB, and more in a file that
    /// would have more than 10,000 parts. Default: 10 MiB.
    pub part_size: u64,
    /// The largest number of parts of a file that are sent at once, each over a connection of
    /// its own. Default: 8. An upload starts with two, and adds more while that makes it
    /// faster. The parts of a reader are held in memory, so no more of them are sent at once
    /// than fit into 32 MiB.
    pub parts_at_once: usize,
    /// How many files of an input are uploaded at once. Default: 4.
    pub files_at_once: usize,
    /// The size of the largest file that is accepted, in bytes. Default: 10 GiB.
    pub max_size: u64,
}

impl Default for UploadSettings {
    fn default() -> Self {
        Self {
            repository: None,
            fallback: None,
            lifecycle: None,
            multipart_above: None,
            part_size: 10 << 20,
            parts_at_once: 8,
            files_at_once: 4,
            max_size: 10 << 30,
        }
    }
}

impl UploadSettings {
    /// The size of a part of a file of `length` bytes.
    pub(crate) fn part_size_for(&self, length: u64) -> u64 {
        const SMALLEST: u64 = 5 << 20;
        const MOST_PARTS: u64 = 10_000;
        self.part_size
            .max(SMALLEST)
            .max(length.div_ceil(MOST_PARTS))
    }

    /// How many parts of this size are sent at once when they come from a reader.
    pub(crate) fn buffered_parts(&self, part_size: u64) -> usize {
        const MEMORY: u64 = 32 << 20;
        let fitting = usize::try_from(MEMORY / part_size.max(1)).unwrap_or(1);
        self.parts_at_once.min(fitting).max(1)
    }
}

chaining_setters! {
    UploadSettings {
        repository: option Repository,
        fallback: option Vec<Repository>,
        lifecycle: option Lifecycle,
        multipart_above: option u64,
        part_size: plain u64,
        parts_at_once: plain usize,
        files_at_once: plain usize,
        max_size: plain u64,
    }
}
