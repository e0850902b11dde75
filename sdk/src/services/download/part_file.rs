//! A file that has a temporary name until it is complete.

use std::fs::File;
use std::io::{self, IoSlice, Seek, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use tokio::task::{self, JoinHandle};

use super::sink::Sink;
use crate::services::local_file;
use crate::transport::error::{Error, ErrorKind, Result};

/// How many bytes are collected before they are written, so that not every piece that
/// arrives is handed to another thread.
const BLOCK: usize = 1 << 20;

/// After how many bytes the file is synced to the disk while more bytes arrive. A single
/// sync at the end would take long for a large file.
const SYNC_INTERVAL: usize = 16 << 20;

/// A file in the folder of its target. When dropped, it is removed unless it was
/// [kept](Self::keep).
pub(super) struct PartFile {
    state: State,
    part: PathBuf,
    path: PathBuf,
    waiting: Vec<Bytes>,
    waiting_size: usize,
    /// How many bytes were written since the last sync began.
    unsynced: usize,
    syncing: Option<JoinHandle<Result<()>>>,
}

enum State {
    Open(File),
    /// A block is being written while the next one is collected.
    Writing(JoinHandle<Result<File>>),
    Closed,
}

impl PartFile {
    pub(super) async fn create(path: PathBuf) -> Result<Self> {
        if path.file_name().is_none() {
            let message = format!("{} is not the path of a file", path.display());
            return Err(Error::new(ErrorKind::Io, message));
        }
        let (file, part, path) = local_file::spawn_blocking(move || {
            let path = target_of(path)?;
            // Without the file's own name, which may have the maximum length already.
            let part = path.with_file_name(format!(".{:016x}.part", fastrand::u64(..)));
            let created = File::create_new(&part);
            let file = created.map_err(|source| local_file::io("write", &path, source))?;
            Ok((file, part, path))
        })
        .await?;
        Ok(Self {
            state: State::Open(file),
            part,
            path,
            waiting: Vec::new(),
            waiting_size: 0,
            unsynced: 0,
            syncing: None,
        })
    }

    /// Gives the file its name.
    pub(super) async fn keep(mut self) -> Result<()> {
        let file = self.file().await?;
        if let Some(syncing) = self.syncing.take() {
            local_file::joined(syncing).await?;
        }
        let (part, path) = (self.part.clone(), self.path.clone());
        local_file::spawn_blocking(move || {
            check_replaceable(&path)?;
            // The name must not reach the disk before the content does.
            let done = file.sync_all();
            done.and_then(|()| std::fs::rename(&part, &path))
                .map_err(|source| local_file::io("write", &path, source))
        })
        .await?;
        self.part = PathBuf::new();
        Ok(())
    }

    /// Takes the file, once the last block is written.
    async fn file(&mut self) -> Result<File> {
        match std::mem::replace(&mut self.state, State::Closed) {
            State::Open(file) => Ok(file),
            State::Writing(writing) => local_file::joined(writing).await,
            State::Closed => Err(Error::new(ErrorKind::Io, "the file was closed")),
        }
    }

    /// Starts to write what is waiting.
    async fn write(&mut self) -> Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        self.unsynced += std::mem::take(&mut self.waiting_size);
        let mut file = self.file().await?;
        if self.unsynced >= SYNC_INTERVAL {
            self.sync(&file).await?;
        }
        let path = self.path.clone();
        self.state = State::Writing(task::spawn_blocking(move || {
            let written = write_all(&mut file, &waiting);
            written.map_err(|source| local_file::io("write", &path, source))?;
            Ok(file)
        }));
        Ok(())
    }

    /// Starts to sync what is written, once the last sync has ended.
    async fn sync(&mut self, file: &File) -> Result<()> {
        if let Some(syncing) = self.syncing.take() {
            local_file::joined(syncing).await?;
        }
        self.unsynced = 0;
        let path = self.path.clone();
        let failed = move |source| local_file::io("write", &path, source);
        let clone = file.try_clone().map_err(&failed)?;
        self.syncing = Some(task::spawn_blocking(move || {
            clone.sync_data().map_err(failed)
        }));
        Ok(())
    }
}

/// Writes all pieces, with as many in one system call as the system accepts.
fn write_all(file: &mut File, pieces: &[Bytes]) -> io::Result<()> {
    // A write of no bytes cannot be distinguished from a full disk.
    let pieces = pieces.iter().filter(|piece| !piece.is_empty());
    let mut slices: Vec<IoSlice<'_>> = pieces.map(|piece| IoSlice::new(piece)).collect();
    let mut left = slices.as_mut_slice();
    while !left.is_empty() {
        match file.write_vectored(left) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => IoSlice::advance_slices(&mut left, written),
            Err(source) if source.kind() == io::ErrorKind::Interrupted => {}
            Err(source) => return Err(source),
        }
    }
    Ok(())
}

/// The path of the file that is to be written. For a symbolic link, it is the link's target.
///
/// # Errors
/// When something at the path must not be replaced.
fn target_of(path: PathBuf) -> Result<PathBuf> {
    check_replaceable(&path)?;
    match path.is_symlink() {
        false => Ok(path),
        true => path
            .canonicalize()
            .map_err(|source| local_file::io("write", &path, source)),
    }
}

/// # Errors
/// When something other than a regular file is at the path. Replacing a device can break a
/// system.
fn check_replaceable(path: &Path) -> Result<()> {
    let Ok(there) = std::fs::metadata(path) else {
        return Ok(());
    };
    let shown = path.display();
    if there.is_file() {
        return Ok(());
    }
    if there.is_dir() {
        let message = format!("{shown} is a directory");
        return Err(Error::new(ErrorKind::Io, message));
    }
    let message = format!("{shown} is not a regular file, and was left alone");
    Err(Error::new(ErrorKind::Io, message)
        .with_hint("`Download::write_to` writes into whatever can be opened"))
}

impl Sink for PartFile {
    async fn put(&mut self, bytes: Bytes) -> Result<()> {
        self.waiting_size += bytes.len();
        self.waiting.push(bytes);
        match self.waiting_size >= BLOCK {
            true => self.write().await,
            false => Ok(()),
        }
    }

    async fn restart(&mut self) -> Result<()> {
        self.waiting.clear();
        self.waiting_size = 0;
        self.unsynced = 0;
        let mut file = self.file().await?;
        let path = self.path.clone();
        let file = local_file::spawn_blocking(move || {
            let emptied = file.set_len(0).and_then(|()| file.rewind());
            emptied.map_err(|source| local_file::io("write", &path, source))?;
            Ok(file)
        });
        self.state = State::Open(file.await?);
        Ok(())
    }

    async fn finish(&mut self) -> Result<()> {
        if !self.waiting.is_empty() {
            self.write().await?;
        }
        self.state = State::Open(self.file().await?);
        Ok(())
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if self.part != Path::new("") {
            self.state = State::Closed;
            // If a write that is still under way prevents this, the file stays.
            let _ = std::fs::remove_file(&self.part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// More pieces than a system writes at once, empty ones among them.
    #[test]
    fn all_pieces_are_written_in_order() {
        let pieces: Vec<Bytes> = (0..5_000_u32)
            .map(|number| match number % 3 {
                0 => Bytes::new(),
                _ => Bytes::from(number.to_string()),
            })
            .collect();
        let mut file = tempfile::NamedTempFile::new().unwrap();
        write_all(file.as_file_mut(), &pieces).unwrap();
        write_all(file.as_file_mut(), &[Bytes::new()]).unwrap();
        assert_eq!(std::fs::read(file.path()).unwrap(), pieces.concat());
    }
}
