//! Files that clients uploaded, and uploads in progress.

mod access;
mod parts;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use serde_json::Value;

pub(crate) use access::{Acl, Decision};
pub(crate) use parts::{Part, PartsError};

use super::info::FileInfo;
use crate::{
    http::body::{ReceivedBody, join},
    sync::lock,
};

/// A file on the CDN, in the pieces in which it was received.
#[derive(Debug, Clone)]
pub(crate) struct StoredFile {
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) etag: String,
    pub(crate) length: u64,
    pub(crate) pieces: Vec<Bytes>,
    /// The lifecycle header of the upload.
    pub(crate) lifecycle: Option<Value>,
    pub(crate) acl: Acl,
}

impl StoredFile {
    fn info(&self, path: &str) -> FileInfo {
        FileInfo {
            path: path.to_owned(),
            name: self.name.clone(),
            content_type: self.content_type.clone(),
            length: self.length,
            lifecycle: self.lifecycle.clone(),
            content: join(&self.pieces),
        }
    }
}

/// An upload in progress.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    /// The path of the file, below `/files/`.
    pub(crate) path: String,
    pub(crate) name: String,
    pub(crate) content_type: String,
    /// The signature in the query of its signed URLs; empty for uploads that need a CDN token.
    pub(crate) signature: String,
    /// Whether a request with both a key and the signature is refused.
    pub(crate) signed_alone: bool,
    pub(crate) lifecycle: Option<Value>,
    pub(crate) parts: HashMap<u32, Part>,
}

/// The store of files and uploads. The pieces of files are shared and never copied.
#[derive(Debug, Default)]
pub(crate) struct Files {
    files: Mutex<Inner>,
    uploads: Mutex<HashMap<String, Upload>>,
}

#[derive(Debug, Default)]
struct Inner {
    by_path: HashMap<String, Arc<StoredFile>>,
    /// The paths, in the order in which the uploads completed.
    order: Vec<String>,
    settings: Option<Value>,
    /// For each signature, the path of the file that it allows to read, whatever the access rules are.
    signed: HashMap<String, String>,
}

impl Files {
    pub(crate) fn begin(&self, id: &str, upload: Upload) {
        lock(&self.uploads).insert(id.to_owned(), upload);
    }

    pub(crate) fn upload(&self, id: &str) -> Option<Upload> {
        lock(&self.uploads).get(id).cloned()
    }

    /// Stores a part and returns its entity tag, or `None` if there is no such upload.
    pub(crate) fn add_part(&self, id: &str, number: u32, received: ReceivedBody) -> Option<String> {
        let part = Part::new(received);
        let etag = part.etag.clone();
        lock(&self.uploads).get_mut(id)?.parts.insert(number, part);
        Some(etag)
    }

    /// Completes an upload. `listed` has to name every part, in order, with its entity tag.
    pub(crate) fn complete(&self, id: &str, listed: &Value) -> Result<Arc<StoredFile>, PartsError> {
        let upload = self.upload(id).ok_or(PartsError::NoUpload)?;
        let received = parts::join(&upload.parts, listed)?;
        lock(&self.uploads).remove(id);
        Ok(self.finish(upload, received))
    }

    /// Stores the file of an upload whose content is complete.
    pub(crate) fn finish(&self, upload: Upload, received: ReceivedBody) -> Arc<StoredFile> {
        let file = Arc::new(StoredFile {
            name: upload.name,
            content_type: upload.content_type,
            etag: received.etag(),
            length: received.length,
            pieces: received.pieces,
            acl: Acl::initial(upload.lifecycle.as_ref()),
            lifecycle: upload.lifecycle,
        });
        let mut files = lock(&self.files);
        if files
            .by_path
            .insert(upload.path.clone(), Arc::clone(&file))
            .is_none()
        {
            files.order.push(upload.path);
        }
        file
    }

    pub(crate) fn file(&self, path: &str) -> Option<Arc<StoredFile>> {
        lock(&self.files).by_path.get(path).cloned()
    }

    /// Every file, in the order in which the uploads completed.
    pub(crate) fn infos(&self) -> Vec<FileInfo> {
        let files = lock(&self.files);
        let info = |path: &String| Some(files.by_path.get(path)?.info(path));
        files.order.iter().filter_map(info).collect()
    }

    /// Sets the access rules of a file. Returns `false` if there is no such file.
    pub(crate) fn set_acl(&self, path: &str, acl: Acl) -> bool {
        let mut files = lock(&self.files);
        let changed = files
            .by_path
            .get_mut(path)
            .map(|file| Arc::make_mut(file).acl = acl);
        changed.is_some()
    }

    pub(crate) fn remove(&self, path: &str) -> bool {
        let mut files = lock(&self.files);
        files.order.retain(|known| known != path);
        files.by_path.remove(path).is_some()
    }

    pub(crate) fn sign(&self, path: &str, signature: &str) {
        lock(&self.files)
            .signed
            .insert(signature.to_owned(), path.to_owned());
    }

    pub(crate) fn is_signed(&self, path: &str, signature: &str) -> bool {
        lock(&self.files)
            .signed
            .get(signature)
            .is_some_and(|known| known == path)
    }

    /// The account's default lifecycle.
    pub(crate) fn settings(&self) -> Option<Value> {
        lock(&self.files).settings.clone()
    }

    pub(crate) fn set_settings(&self, settings: Value) {
        lock(&self.files).settings = Some(settings);
    }

    pub(crate) fn reset(&self) {
        *lock(&self.files) = Inner::default();
        lock(&self.uploads).clear();
    }
}
