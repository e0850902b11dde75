//! A file under another name until it is whole.

use std::io::Write;
use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::fetch::Sink;
use crate::services::local_file;
use crate::transport::error::{Error, ErrorKind, Result};

/// How much is gathered before it is written, so that not every piece of a
/// connection takes a way to another thread.
const BLOCK: usize = 1 << 20;

/// The file beside its place. Dropped, it is removed unless it was [kept](Self::keep).
pub(super) struct PartFile {
    file: Option<std::fs::File>,
    part: PathBuf,
    path: PathBuf,
    waiting: Vec<Bytes>,
    size: usize,
}

impl PartFile {
    pub(super) async fn create(path: PathBuf) -> Result<Self> {
        if path.file_name().is_none() {
            let message = format!("{} names no file", path.display());
            return Err(Error::new(ErrorKind::Io, message));
        }
        // Without the file's own name, which may be as long as names can be.
        let part = path.with_file_name(format!(".{:016x}.part", fastrand::u64(..)));
        let (at, target) = (part.clone(), path.clone());
        let file = local_file::off_thread(move || {
            if target.is_dir() {
                let message = format!("{} is a directory", target.display());
                return Err(Error::new(ErrorKind::Io, message));
            }
            std::fs::File::create_new(&at)
                .map_err(|source| local_file::io("write", &target, source))
        })
        .await?;
        Ok(Self {
            file: Some(file),
            part,
            path,
            waiting: Vec::new(),
            size: 0,
        })
    }

    /// Gives the file its name.
    pub(super) async fn keep(mut self) -> Result<()> {
        let file = self.file.take();
        let (part, path) = (self.part.clone(), self.path.clone());
        local_file::off_thread(move || {
            // A rename is only as good as what is behind the name.
            let done = file.map_or(Ok(()), |file| file.sync_all());
            done.and_then(|()| std::fs::rename(&part, &path))
                .map_err(|source| local_file::io("write", &path, source))
        })
        .await?;
        self.part = PathBuf::new();
        Ok(())
    }

    async fn work<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut std::fs::File) -> std::io::Result<T> + Send + 'static,
    ) -> Result<T> {
        let Some(mut file) = self.file.take() else {
            return Err(Error::new(ErrorKind::Io, "the file was closed"));
        };
        let path = self.path.clone();
        let (file, done) = local_file::off_thread(move || {
            let done = work(&mut file).map_err(|source| local_file::io("write", &path, source))?;
            Ok((file, done))
        })
        .await?;
        self.file = Some(file);
        Ok(done)
    }

    async fn write(&mut self) -> Result<()> {
        self.size = 0;
        let waiting = std::mem::take(&mut self.waiting);
        if waiting.is_empty() {
            return Ok(());
        }
        self.work(move |file| waiting.iter().try_for_each(|bytes| file.write_all(bytes)))
            .await
    }
}

impl Sink for PartFile {
    async fn put(&mut self, bytes: Bytes) -> Result<()> {
        self.size += bytes.len();
        self.waiting.push(bytes);
        match self.size >= BLOCK {
            true => self.write().await,
            false => Ok(()),
        }
    }

    async fn restart(&mut self) -> Result<()> {
        self.waiting.clear();
        self.size = 0;
        self.work(|file| {
            file.set_len(0)?;
            std::io::Seek::rewind(file)
        })
        .await
    }

    async fn finish(&mut self) -> Result<()> {
        self.write().await
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if self.part != Path::new("") {
            drop(self.file.take());
            // It is there unless a write that is still under way keeps it.
            let _ = std::fs::remove_file(&self.part);
        }
    }
}
