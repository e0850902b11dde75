//! The files that the account's serverless apps share.

use bytes::Bytes;
use reqwest::Method;
use serde_json::json;

use super::Platform;
use super::call::ApiCall;
use super::form::Form;
use crate::contract::media::Media;
use crate::object;
use crate::transport::error::Result;

object! {
    /// A file or a folder that the account's serverless apps share: see [`Platform::app_files`].
    pub struct AppFile {
        /// The whole path of the file or folder.
        pub path: required String;
        /// The last part of the path.
        pub name: required String;
        /// When the file or folder was created, in RFC 3339.
        pub created_time: required String;
        /// When the file or folder was last changed, in RFC 3339.
        pub updated_time: required String;
        /// Whether this is a file and not a folder.
        pub is_file: required bool;
        /// The size in bytes; 0 for a folder.
        pub size: required f64;
        /// The SHA-256 digest of the content, if it is known.
        pub checksum_sha256: optional String;
        /// The MD5 digest of the content, if it is known.
        pub checksum_md5: optional String;
    }
}

/// The parts of a path between its slashes.
fn parts(path: &str) -> Vec<&str> {
    path.trim_matches('/').split('/').collect()
}

impl Platform {
    /// Returns the files and folders in a folder of the account's serverless apps, given its
    /// path. The path of the topmost folder is `""`.
    ///
    /// # Errors
    /// When there is no such folder, or the platform refuses the request.
    pub async fn app_files(&self, folder: impl AsRef<str>) -> Result<Vec<AppFile>> {
        let call = ApiCall::get(&self.http, "serverless/files/list");
        match folder.as_ref().trim_matches('/') {
            "" => call.send().await,
            folder => call.path_segments(&parts(folder))?.send().await,
        }
    }

    /// Returns the content of a file that the account's serverless apps share, given its
    /// path.
    ///
    /// # Errors
    /// When there is no such file, it is larger than
    /// [`Limits::output`](crate::Limits::output), or the platform refuses the request.
    pub async fn app_file(&self, path: impl AsRef<str>) -> Result<Bytes> {
        let call = ApiCall::get(&self.http, "serverless/files/file");
        let reply = call.path_segments(&parts(path.as_ref()))?.reply().await?;
        Ok(reply.body)
    }

    /// Stores a file for the account's serverless apps at a path. The file is a
    /// [`Media::path`], which is read while it is sent, [`Media::bytes`], or a
    /// [`Media::url`], from which the platform fetches the file itself.
    ///
    /// # Errors
    /// When the file cannot be read or fetched, when it is a [`Media::reader`], which cannot
    /// be sent here, and when the platform refuses the request.
    pub async fn set_app_file(&self, path: impl AsRef<str>, file: impl Into<Media>) -> Result<()> {
        let (path, file) = (parts(path.as_ref()), file.into());
        let call = match file.as_url() {
            Some(url) => {
                let call = ApiCall::new(&self.http, Method::POST, "serverless/files/file/url");
                call.path_segments(&path)?.json(&json!({"url": url}))
            }
            None => {
                let call = ApiCall::new(&self.http, Method::POST, "serverless/files/file/local");
                let mut form = Form::default();
                form.file("file_upload".to_owned(), file);
                call.path_segments(&path)?.form(form.encode().await?)
            }
        };
        call.send_discarding_output().await
    }
}
