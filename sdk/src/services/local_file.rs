//! Local files, which are checked before anything is sent.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::services::media_type;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::runtime;

/// A file that can be read, with its size, time and type when it was inspected.
#[derive(Debug, Clone)]
pub(crate) struct LocalFile {
    pub(crate) path: Arc<Path>,
    pub(crate) length: u64,
    modified: Option<SystemTime>,
    /// The media type, from the name or the first bytes of the file.
    pub(crate) content_type: &'static str,
}

/// Reads the size, the modification time and the type of a file.
///
/// # Errors
/// When the file does not exist, cannot be read, or is a directory or a device.
pub(crate) async fn inspect(path: PathBuf) -> Result<LocalFile> {
    spawn_blocking(move || inspect_now(path)).await
}

/// Runs blocking work on files on a thread where it does not block other tasks.
///
/// # Errors
/// When the work fails or panics, and when the runtime is shutting down.
pub(crate) async fn spawn_blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    runtime::current()?;
    joined(tokio::task::spawn_blocking(work)).await
}

/// Waits for work on files that was started earlier.
///
/// # Errors
/// The same as for [`spawn_blocking`].
pub(crate) async fn joined<T>(work: JoinHandle<Result<T>>) -> Result<T> {
    work.await.unwrap_or_else(|stopped| {
        let message = "work on a file stopped: it panicked, or the program is ending";
        Err(Error::new(ErrorKind::Io, message).with_source(stopped))
    })
}

fn inspect_now(path: PathBuf) -> Result<LocalFile> {
    let metadata = std::fs::metadata(&path).map_err(|source| io("read", &path, source))?;
    let shown = path.display();
    if metadata.is_dir() {
        let message = format!("{shown} is a directory, and only files can be uploaded");
        return Err(Error::new(ErrorKind::Io, message));
    }
    if !metadata.is_file() {
        let message = format!("{shown} is not a regular file");
        return Err(Error::new(ErrorKind::Io, message)
            .with_hint("upload anything else with `storage().upload_reader(…)`"));
    }
    let mut file = File::open(&path).map_err(|source| io("read", &path, source))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let content_type = match media_type::of_name(&name) {
        Some(known) => known,
        None => by_content(&mut file).map_err(|source| io("read", &path, source))?,
    };
    Ok(LocalFile {
        length: metadata.len(),
        modified: metadata.modified().ok(),
        content_type,
        path: path.into(),
    })
}

fn by_content(file: &mut File) -> io::Result<&'static str> {
    let mut head = Vec::new();
    file.take(16).read_to_end(&mut head)?;
    Ok(media_type::of_bytes(&head).unwrap_or(media_type::UNKNOWN))
}

impl LocalFile {
    /// The name of the file without its folders.
    pub(crate) fn name(&self) -> Option<String> {
        let name = self.path.file_name()?;
        Some(name.to_string_lossy().into_owned())
    }

    /// A value that differs between files, and between versions of a file.
    pub(crate) fn identity(&self) -> Value {
        let modified = self
            .modified
            .and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
        json!({
            "path": self.path.display().to_string(),
            "length": self.length,
            "modified": modified.map(|since| format!("{since:?}")),
        })
    }

    /// # Errors
    /// When the file has changed since it was inspected, so that its parts would not fit
    /// together.
    pub(crate) async fn check_unchanged(&self) -> Result<()> {
        let now = inspect(self.path.to_path_buf()).await?;
        if (now.length, now.modified) == (self.length, self.modified) {
            return Ok(());
        }
        let message = format!("{} was changed while it was uploaded", self.path.display());
        Err(Error::new(ErrorKind::Io, message).with_hint("upload it again"))
    }

    /// Whether the other file has the same content, byte for byte.
    pub(crate) fn same_content(&self, other: &Self) -> io::Result<bool> {
        if self.length != other.length {
            return Ok(false);
        }
        if self.path == other.path {
            return Ok(true);
        }
        let (mut mine, mut its) = (File::open(&self.path)?, File::open(&other.path)?);
        let mut blocks = (Vec::new(), Vec::new());
        loop {
            const BLOCK: u64 = 64 << 10;
            blocks.0.clear();
            blocks.1.clear();
            (&mut mine).take(BLOCK).read_to_end(&mut blocks.0)?;
            (&mut its).take(BLOCK).read_to_end(&mut blocks.1)?;
            if blocks.0 != blocks.1 {
                return Ok(false);
            }
            if blocks.0.is_empty() {
                return Ok(true);
            }
        }
    }
}

/// The error for a failed operation on a local file.
pub(crate) fn io(what: &str, path: &Path, source: io::Error) -> Error {
    let message = format!("cannot {what} {}: {source}", path.display());
    let error = Error::new(ErrorKind::Io, message);
    let error = match source.kind() {
        io::ErrorKind::NotFound if path.is_relative() => {
            error.with_hint("relative paths start at the program's working directory")
        }
        io::ErrorKind::PermissionDenied => error.with_hint("check the file's permissions"),
        _ => error,
    };
    error.with_source(source)
}
