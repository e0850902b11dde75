//! A reader as media: it can be read once, and its clones share it.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::AsyncRead;

/// A reader of any type.
pub(crate) type BoxReader = Pin<Box<dyn AsyncRead + Send>>;

/// A reader whose content is uploaded, and what the caller said about it.
#[derive(Clone)]
pub(crate) struct Reader {
    /// `None` once the reader was taken.
    shared: Arc<Mutex<Option<BoxReader>>>,
    pub(crate) content_type: String,
    pub(crate) file_name: Option<String>,
    pub(crate) length: Option<u64>,
}

impl Reader {
    pub(crate) fn new(reader: impl AsyncRead + Send + 'static, content_type: String) -> Self {
        Self {
            shared: Arc::new(Mutex::new(Some(Box::pin(reader)))),
            content_type,
            file_name: None,
            length: None,
        }
    }

    /// Takes the reader out, for the one time that it can be read.
    pub(crate) fn take(&self) -> Option<BoxReader> {
        self.locked().take()
    }

    pub(crate) fn is_unread(&self) -> bool {
        self.locked().is_some()
    }

    /// Whether both are clones of one reader.
    pub(crate) fn is_clone_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    fn locked(&self) -> MutexGuard<'_, Option<BoxReader>> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PartialEq for Reader {
    fn eq(&self, other: &Self) -> bool {
        self.is_clone_of(other)
            && self.content_type == other.content_type
            && self.file_name == other.file_name
            && self.length == other.length
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "reader of {}", self.content_type)?;
        if let Some(name) = &self.file_name {
            write!(f, ", {name}")?;
        }
        match self.length {
            Some(length) => write!(f, ", {length} bytes"),
            None => Ok(()),
        }
    }
}
