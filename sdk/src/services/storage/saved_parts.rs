//! The parts of an upload that are stored, kept in a local file so that another process can
//! continue the upload.
//!
//! The first line describes the upload and its destination; each further line is a part. The
//! file contains no key, no token and no signature.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use super::cdn::Multipart;
use super::etags::Etags;
use crate::services::local_file::{self, spawn_blocking};
use crate::transport::error::Result;

/// A file with the stored parts of one upload.
#[derive(Clone)]
pub(super) struct SavedParts {
    path: Arc<Path>,
    /// What is uploaded: parts of another file, or with other options, cannot be used.
    subject: Arc<Value>,
}

impl SavedParts {
    pub(super) fn new(path: &Path, subject: Value) -> Self {
        Self {
            path: path.into(),
            subject: Arc::new(subject),
        }
    }

    /// Reads an upload of the same subject, if the file has one that can be continued.
    ///
    /// # Errors
    /// When the file exists and cannot be read.
    pub(super) async fn load(&self) -> Result<Option<(Multipart, Etags)>> {
        let saved = self.clone();
        spawn_blocking(move || match fs::read(&saved.path) {
            Ok(text) => Ok(read(&text, &saved.subject)),
            Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(local_file::io("read", &saved.path, source)),
        })
        .await
    }

    /// Writes the first line of the file, for an upload without stored parts.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) async fn start(&self, upload: &Multipart) -> Result<()> {
        let line = json!({"subject": *self.subject, "upload": upload.to_json()});
        let saved = self.clone();
        spawn_blocking(move || {
            fs::write(&saved.path, format!("{line}\n"))
                .map_err(|source| local_file::io("write", &saved.path, source))
        })
        .await
    }

    /// Adds a stored part. If that fails, the only consequence is that the part is sent
    /// again.
    pub(super) async fn add(&self, number: u32, etag: &str) {
        let line = json!({"part": number, "etag": etag});
        let saved = self.clone();
        let added = spawn_blocking(move || {
            let file = OpenOptions::new().append(true).open(&saved.path);
            file.and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()))
                .map_err(|source| local_file::io("write", &saved.path, source))
        });
        let _ = added.await;
    }

    /// Removes the file, which is not needed once the upload is complete.
    pub(super) async fn remove(&self) {
        let path = Arc::clone(&self.path);
        let removed = spawn_blocking(move || {
            fs::remove_file(&path).map_err(|source| local_file::io("remove", &path, source))
        });
        let _ = removed.await;
    }
}

/// Reads the lines up to the first one that is incomplete.
fn read(text: &[u8], subject: &Value) -> Option<(Multipart, Etags)> {
    let mut lines = text
        .split_inclusive(|byte| *byte == b'\n')
        .map_while(|line| serde_json::from_slice::<Value>(line.strip_suffix(b"\n")?).ok());
    let head = lines.next()?;
    if head.get("subject")? != subject {
        return None;
    }
    let upload = Multipart::of_json(head.get("upload")?)?;
    let part = |line: Value| {
        let number = u32::try_from(line.get("part")?.as_u64()?).ok()?;
        Some((number, line.get("etag")?.as_str()?.to_owned()))
    };
    Some((upload, lines.map_while(part).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_lines_about_the_same_subject_count() {
        let upload = json!({"access_url": "https://a/f", "parts": "https://a/f/multipart/1"});
        let head = json!({"subject": {"length": 9}, "upload": upload}).to_string();
        let text = format!(
            "{head}\n{}\n{}\n",
            r#"{"part":1,"etag":"\"a\""}"#, r#"{"part":3,"etag":"c"}"#
        );
        let subject = json!({"length": 9});
        let tags = |text: &str| read(text.as_bytes(), &subject).map(|(_, etags)| etags);
        let all = tags(&text).unwrap();
        assert_eq!(all, [(1, "\"a\"".to_owned()), (3, "c".to_owned())].into());
        assert_eq!(
            tags(&text[..text.len() - 1]).unwrap().len(),
            1,
            "cut at its end"
        );
        assert_eq!(tags(&format!("{head}\n")).unwrap().len(), 0);
        assert!(tags(&head).is_none() && tags("").is_none() && tags("null\n").is_none());
        assert!(read(text.as_bytes(), &json!({"length": 8})).is_none());
    }
}
