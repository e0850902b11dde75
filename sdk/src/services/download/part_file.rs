//! A file that has a temporary name until it is complete.

use std::fs::File;
use std::io::{Seek, Write};
use std::mem;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use tokio::task::{self, JoinHandle};

use super::sink::Sink;
use crate::services::local_file;
use crate::transport::error::{Error, ErrorKind, Result};

/// How many bytes are collected before they are written, so that not every piece that
/// arrives is handed to another thread. They are copied: for as long as pieces are kept, the
/// HTTP library has to read into new memory, which costs more.
const BLOCK: usize = 1 << 20;

/// After how many bytes the file is synced to the disk while more bytes arrive. A single
/// sync at the end would take long for a large file.
const SYNC_INTERVAL: usize = 16 << 20;

/// How many bytes may be written while a sync is under way before it is waited for. A sync of
/// twice as many bytes takes much less than twice as long, so fast downloads make larger ones.
const MOST_UNSYNCED: usize = 4 * SYNC_INTERVAL;

/// A file in the folder of its target. When dropped, it is removed unless it was
/// [kept](Self::keep).
pub(super) struct PartFile {
    state: State,
    part: PathBuf,
    path: PathBuf,
    /// The bytes that are collected to be written.
    collected: Vec<u8>,
    /// How many bytes were written since the last sync began.
    unsynced: usize,
    syncing: Option<JoinHandle<Result<()>>>,
}

enum State {
    /// The file, and an empty buffer for the block after the one that is collected.
    Open(File, Vec<u8>),
    /// A block is being written while the next one is collected.
    Writing(JoinHandle<Result<(File, Vec<u8>)>>),
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
            state: State::Open(file, Vec::new()),
            part,
            path,
            collected: Vec::new(),
            unsynced: 0,
            syncing: None,
        })
    }

    /// Gives the file its name.
    pub(super) async fn keep(mut self) -> Result<()> {
        let (file, _) = self.open().await?;
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

    /// Takes the file and the buffer of the last block, once that is written.
    async fn open(&mut self) -> Result<(File, Vec<u8>)> {
        match mem::replace(&mut self.state, State::Closed) {
            State::Open(file, buffer) => Ok((file, buffer)),
            State::Writing(writing) => local_file::joined(writing).await,
            State::Closed => Err(Error::new(ErrorKind::Io, "the file was closed")),
        }
    }

    /// Starts to write what was collected.
    async fn write(&mut self) -> Result<()> {
        let (mut file, buffer) = self.open().await?;
        let mut block = mem::replace(&mut self.collected, buffer);
        if self.unsynced >= SYNC_INTERVAL {
            self.sync(&file).await?;
        }
        self.unsynced += block.len();
        let path = self.path.clone();
        self.state = State::Writing(task::spawn_blocking(move || {
            let written = file.write_all(&block);
            written.map_err(|source| local_file::io("write", &path, source))?;
            block.clear();
            Ok((file, block))
        }));
        Ok(())
    }

    /// Starts to sync what is written, once the last sync has ended, which is waited for only
    /// if much was written since it began.
    async fn sync(&mut self, file: &File) -> Result<()> {
        let may_wait = self.unsynced < MOST_UNSYNCED;
        let is_under_way = |syncing: &JoinHandle<_>| !syncing.is_finished();
        if may_wait && self.syncing.as_ref().is_some_and(is_under_way) {
            return Ok(());
        }
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
    async fn put(&mut self, mut bytes: Bytes) -> Result<()> {
        while !bytes.is_empty() {
            let room = BLOCK - self.collected.len();
            let fitting = bytes.split_to(room.min(bytes.len()));
            self.collected.extend_from_slice(&fitting);
            if self.collected.len() == BLOCK {
                self.write().await?;
            }
        }
        Ok(())
    }

    async fn restart(&mut self) -> Result<()> {
        self.collected.clear();
        self.unsynced = 0;
        let (mut file, buffer) = self.open().await?;
        let path = self.path.clone();
        let file = local_file::spawn_blocking(move || {
            let emptied = file.set_len(0).and_then(|()| file.rewind());
            emptied.map_err(|source| local_file::io("write", &path, source))?;
            Ok(file)
        });
        self.state = State::Open(file.await?, buffer);
        Ok(())
    }

    async fn finish(&mut self) -> Result<()> {
        if !self.collected.is_empty() {
            self.write().await?;
        }
        let (file, buffer) = self.open().await?;
        self.state = State::Open(file, buffer);
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

    #[tokio::test]
    async fn pieces_of_any_size_are_written_in_order_and_not_kept() {
        let pieces: Vec<Bytes> = [5, 0, BLOCK - 5, 400_000, BLOCK, 3 * BLOCK + 1, 7]
            .into_iter()
            .enumerate()
            .map(|(index, length)| vec![index as u8; length].into())
            .collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("film.mp4");
        let mut file = PartFile::create(path.clone()).await.unwrap();
        file.put("from an attempt before".into()).await.unwrap();
        file.restart().await.unwrap();
        for piece in &pieces {
            file.put(piece.clone()).await.unwrap();
            assert!(piece.is_empty() || piece.is_unique());
        }
        file.finish().await.unwrap();
        file.keep().await.unwrap();
        assert!(std::fs::read(&path).unwrap() == pieces.concat());
    }
}
