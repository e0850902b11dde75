//! What fal offers besides calling models: storing files, and the platform API; and
//! the files that go there or come from there.

pub mod download;
#[cfg(feature = "jsonschema")]
pub(crate) mod input_check;
pub(crate) mod input_media;
pub(crate) mod local_file;
pub(crate) mod media_type;
pub mod platform;
pub(crate) mod progress;
pub mod storage;
