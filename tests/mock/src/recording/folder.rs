//! The folder of a recording: a JSON file for each request with its reply, numbered in the order of the requests, and a file
//! beside it for a reply that is not text.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::exchange::Exchange;
#[cfg(feature = "record")]
use super::{address, exchange::RecordedRequest};
use crate::error::Error;
#[cfg(feature = "record")]
use crate::protocol::host::Host;

/// The folder of a recording.
#[derive(Debug, Clone)]
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    /// Creates the folder for a recording.
    ///
    /// # Errors
    ///
    /// If the folder has a recording already, or cannot be created.
    #[cfg(feature = "record")]
    pub(super) fn create(path: &Path) -> Result<Self, Error> {
        let failed = |source| Error::recording(path, source);
        fs::create_dir_all(path).map_err(failed)?;
        let folder = Self(path.to_owned());
        match folder.files()?.is_empty() {
            true => Ok(folder),
            false => Err(failed(io::Error::new(
                io::ErrorKind::AlreadyExists,
                "the folder has a recording already; remove it, or give another folder",
            ))),
        }
    }

    /// Writes an exchange, and the bytes of its reply beside it.
    #[cfg(feature = "record")]
    pub(super) fn write(
        &self,
        name: &str,
        exchange: &Exchange,
        bytes: Option<&[u8]>,
    ) -> io::Result<()> {
        if let (Some(super::body::RecordedBody::File(file)), Some(bytes)) =
            (&exchange.reply.body, bytes)
        {
            fs::write(self.0.join(file), bytes)?;
        }
        let mut text = serde_json::to_string_pretty(exchange)?;
        text.push('\n');
        fs::write(self.0.join(format!("{name}.json")), text)
    }

    /// Reads a recording.
    ///
    /// # Errors
    ///
    /// If the folder has no recording, or a file in it cannot be read.
    pub(super) fn read(path: &Path) -> Result<Vec<Exchange>, Error> {
        let folder = Self(path.to_owned());
        let files = folder.files()?;
        if files.is_empty() {
            let source = io::Error::new(io::ErrorKind::NotFound, "the folder has no recording");
            return Err(Error::recording(path, source));
        }
        let read = |file: &PathBuf| {
            let failed = |source| Error::recording(file, source);
            let text = fs::read(file).map_err(failed)?;
            serde_json::from_slice(&text).map_err(|error| failed(error.into()))
        };
        files.iter().map(read).collect()
    }

    /// The files of exchanges, in order.
    fn files(&self) -> Result<Vec<PathBuf>, Error> {
        let failed = |source| Error::recording(&self.0, source);
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.0).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            files.extend(
                path.extension()
                    .is_some_and(|ending| ending == "json")
                    .then_some(path),
            );
        }
        files.sort();
        Ok(files)
    }
}

/// The name of an exchange's files, without extension: its number, and the method, the host and the path of the request.
#[cfg(feature = "record")]
pub(super) fn name(number: u64, request: &RecordedRequest) -> String {
    const LONGEST: usize = 80;
    let host = address::host(&request.url).map_or("other", Host::prefix);
    let words = format!("{} {host} {}", request.method, address::path(&request.url));
    let parts = words.split(|letter: char| !letter.is_ascii_alphanumeric());
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    let mut words = parts.join("-").to_ascii_lowercase();
    words.truncate(LONGEST);
    format!("{number:04}-{}", words.trim_end_matches('-'))
}
