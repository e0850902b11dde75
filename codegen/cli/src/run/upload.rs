//! The files of an input, which are uploaded before it is submitted.

use fal_sdk::Client;
use serde_json::Value;
use std::path::PathBuf;

/// The placeholder for the URL of a file that is not uploaded yet, so that the input can be checked.
pub(crate) const PENDING: &str = "https://fal.media/files/to-be-uploaded";

/// A file to upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LocalFile {
    /// The position of the file's URL in the input, as a JSON pointer.
    pub(crate) pointer: String,
    /// The path of the file.
    pub(crate) path: PathBuf,
}

impl LocalFile {
    /// Puts a URL into the file's position in an input.
    pub(crate) fn set_url(&self, input: &mut Value, url: impl Into<Value>) {
        if let Some(place) = input.pointer_mut(&self.pointer) {
            *place = url.into();
        }
    }
}

/// Uploads the files, and puts their URLs into the input. Each upload is announced as one line.
pub(crate) async fn upload(
    client: &Client,
    mut input: Value,
    files: &[LocalFile],
    announce: impl Fn(String),
) -> fal_sdk::Result<Value> {
    for file in files {
        announce(format!("uploading {}", file.path.display()));
        let uploaded = client.storage().upload_file(&file.path).await?;
        file.set_url(&mut input, uploaded.url);
    }
    Ok(input)
}
