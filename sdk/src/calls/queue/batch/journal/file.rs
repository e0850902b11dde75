//! A journal in a file: a line of JSON for each event, which is written to the disk before the
//! program continues.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use super::lines::{ItemLines, count_accepted, line, read};
use super::lock::{HolderNote, lock_file};
use super::{Claim, Event, History, Journal, JournalFuture};
use crate::services::local_file::spawn_blocking;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::lock::lock;

/// A journal in a file, which [`Batch::journal`](crate::Batch::journal) keeps. It has a line
/// of JSON for each event, which is written to the disk before the program continues.
///
/// While the journal is open, the operating system locks the file: a second batch with the same
/// journal, in this or another process, fails. A file with `.lock` added to the journal's name
/// says which process uses it. The journal contains request ids and outputs, but no key.
#[derive(Debug)]
pub struct FileJournal {
    path: PathBuf,
    opened: OnceLock<Arc<Opened>>,
}

#[derive(Debug)]
struct Opened {
    path: PathBuf,
    // Declared before the file: the note is removed before the lock ends.
    _holder: HolderNote,
    file: Mutex<File>,
    inputs: Vec<String>,
    claims: Mutex<std::vec::IntoIter<History>>,
}

impl FileJournal {
    /// Creates a journal at this path. The file is created when a batch opens the journal.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            opened: OnceLock::new(),
        }
    }

    fn opened(&self) -> Result<Arc<Opened>> {
        let opened = self.opened.get().cloned();
        opened.ok_or_else(|| Error::new(ErrorKind::Usage, "the journal was not opened"))
    }
}

impl Journal for FileJournal {
    fn open<'a>(&'a self, inputs: &'a [String]) -> JournalFuture<'a, ()> {
        Box::pin(async move {
            let (path, inputs) = (self.path.clone(), inputs.to_vec());
            let opened = spawn_blocking(move || Opened::new(path, inputs)).await?;
            let is_first = self.opened.set(Arc::new(opened)).is_ok();
            let again = || Error::new(ErrorKind::Usage, "the journal has already been opened");
            is_first.then_some(()).ok_or_else(|| again().into())
        })
    }

    fn claim(&self) -> JournalFuture<'_, Option<Claim>> {
        Box::pin(async move {
            let opened = self.opened()?;
            let mut claims = lock(&opened.claims);
            let index = opened.inputs.len() - claims.len();
            Ok(claims.next().map(|history| Claim::new(index, history)))
        })
    }

    fn record<'a>(&'a self, index: usize, event: Event<'a>) -> JournalFuture<'a, ()> {
        Box::pin(async move {
            let opened = self.opened()?;
            let Some(line) = line(index, &opened.inputs, event) else {
                return Ok(());
            };
            let line = format!("{line}\n");
            let append = move || {
                let written = append(&lock(&opened.file), line.as_bytes());
                written.map_err(|source| failure(&opened.path, source))
            };
            Ok(spawn_blocking(append).await?)
        })
    }

    fn unfinished(&self) -> JournalFuture<'_, Vec<Claim>> {
        Box::pin(async move {
            let opened = self.opened()?;
            let history = spawn_blocking(move || {
                let file = lock(&opened.file);
                opened_history(&opened.path, &file, opened.inputs.len())
            });
            let claims = history.await?.into_iter().enumerate();
            let claims = claims.map(|(index, item)| Claim::new(index, item.history));
            Ok(claims
                .filter(|claim| claim.history.is_unfinished())
                .collect())
        })
    }
}

impl Opened {
    /// Opens the file, or creates it if it does not exist, locks it and reads the history of
    /// each input.
    fn new(path: PathBuf, inputs: Vec<String>) -> Result<Self> {
        let file = open(&path).map_err(|source| failure(&path, source))?;
        let holder = lock_file(&file, &path)?;
        let items = opened_history(&path, &file, inputs.len())?;
        check_same_inputs(&inputs, &items)?;
        let claims: Vec<History> = items.into_iter().map(|item| item.history).collect();
        Ok(Self {
            path,
            _holder: holder,
            file: Mutex::new(file),
            inputs,
            claims: Mutex::new(claims.into_iter()),
        })
    }
}

fn opened_history(path: &Path, file: &File, count: usize) -> Result<Vec<ItemLines>> {
    let text = whole_lines(file).map_err(|source| failure(path, source))?;
    read(&text, count).map_err(|why| malformed(path, &text, &why))
}

/// Checks that the journal was started with these inputs.
///
/// # Errors
/// When it was started with other inputs, since it would hand out the wrong outputs.
fn check_same_inputs(inputs: &[String], items: &[ItemLines]) -> Result<()> {
    for (index, (input, past)) in inputs.iter().zip(items).enumerate() {
        let recorded = past.input.as_ref().unwrap_or(input);
        if recorded != input {
            let paid = items.iter().filter(|item| item.history.was_accepted());
            let message = format!(
                "the journal was started with a different input at index {index}{}",
                already_paid(paid.count())
            );
            return Err(Error::new(ErrorKind::Usage, message).with_hint(
                "pass the same inputs and extras in the same order, or use another journal",
            ));
        }
    }
    Ok(())
}

/// Appends a complete line or nothing, as far as this process can ensure that.
fn append(mut file: &File, line: &[u8]) -> io::Result<()> {
    let end = file.seek(SeekFrom::End(0))?;
    let written = file.write_all(line).and_then(|()| file.sync_data());
    if written.is_err() {
        // A part of the line would make the whole journal unreadable.
        let _ = file.set_len(end);
    }
    written
}

/// Opens a journal to be read and appended to.
fn open(path: &Path) -> io::Result<File> {
    let is_new = !path.exists();
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)?;
    if is_new {
        file.sync_all()?;
        sync_folder(path);
    }
    Ok(file)
}

/// Reads all complete lines. If the last line has no line feed, the program ended while it
/// was written, perhaps inside a character: it is removed.
fn whole_lines(mut file: &File) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut text)?;
    let whole = text.iter().rposition(|byte| *byte == b'\n');
    let whole = whole.map_or(0, |end| end + 1);
    if whole < text.len() {
        file.set_len(whole as u64)?;
        text.truncate(whole);
    }
    Ok(text)
}

/// Writes the folder's entry for the file to the disk too, if the system supports that.
fn sync_folder(path: &Path) {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if let Ok(folder) = File::open(folder) {
        // Some systems do not support it, and write the entry later.
        let _ = folder.sync_all();
    }
}

fn failure(path: &Path, source: io::Error) -> Error {
    let message = format!(
        "the journal {} cannot be read or written: {source}",
        path.display()
    );
    Error::new(ErrorKind::Io, message).with_source(source)
}

/// Says how many paid jobs a user would lose by starting a new journal.
fn already_paid(jobs: usize) -> String {
    match jobs {
        0 => String::new(),
        jobs => format!("; jobs in it that are already paid for: {jobs}"),
    }
}

fn malformed(path: &Path, text: &[u8], why: &str) -> Error {
    let message = format!(
        "the journal {} cannot be read: {why}{}",
        path.display(),
        already_paid(count_accepted(text))
    );
    Error::new(ErrorKind::Io, message)
        .with_hint("nothing was submitted; fix the line, or start a new journal")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_line_that_was_cut_inside_a_character_is_no_harm() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let whole = "{\"item\":0,\"event\":\"intent\",\"input\":\"a\"}\n";
        let cut = "{\"item\":0,\"event\":\"done\",\"output\":\"\u{e9}";
        let cut = &cut.as_bytes()[..cut.len() - 1];
        std::fs::write(&path, [whole.as_bytes(), cut].concat()).unwrap();
        let journal = FileJournal::new(&path);
        journal.open(&["a".to_owned()]).await.unwrap();
        assert!(journal.claim().await.unwrap().unwrap().history.is_open);
        assert_eq!(std::fs::read(path).unwrap(), whole.as_bytes());
    }
}
