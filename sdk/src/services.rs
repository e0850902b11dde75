//! The services of fal besides calling models: the storage of files and the platform API, and
//! the uploads and downloads of files.

pub mod download;
#[cfg(feature = "jsonschema")]
pub(crate) mod input_check;
pub(crate) mod input_media;
pub(crate) mod local_file;
pub(crate) mod media_type;
pub mod platform;
pub(crate) mod progress;
pub mod storage;
