//! The journal of a batch: a line of JSON for each event, on the disk before the
//! program goes on.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

use crate::error::{Error, ErrorKind, Result};
use crate::queue::record::Record;
use crate::wire::Decode;

/// What happened to an input.
pub(super) enum Event<'a> {
    /// It is about to be submitted.
    Intent(&'a str),
    /// The queue took it.
    Accepted(&'a Record),
    /// The queue did not take it.
    Refused,
    /// Its output is here.
    Done(&'a Value),
}

/// What a journal says about an input.
#[derive(Debug, Default)]
pub(super) struct Past {
    pub(super) fingerprint: Option<String>,
    /// A submit began, and nothing says what became of it.
    pub(super) is_open: bool,
    pub(super) job: Option<Record>,
    pub(super) output: Option<Value>,
}

/// An open journal.
#[derive(Clone)]
pub(super) struct Journal {
    path: Arc<Path>,
    file: Arc<Mutex<File>>,
}

impl Journal {
    /// Opens the journal at `path`, made if it is not there, and reads what it
    /// says about `count` inputs.
    pub(super) async fn open(path: PathBuf, count: usize) -> Result<(Option<Self>, Vec<Past>)> {
        blocking(move || {
            let failed = |source| failure(&path, source);
            let (mut file, text) = open(&path).map_err(failed)?;
            let whole = text.rfind('\n').map_or(0, |end| end + 1);
            // A line without an end was cut by the program's own.
            file.set_len(whole as u64)
                .and_then(|()| file.seek(SeekFrom::End(0)))
                .map_err(failed)?;
            let past = read(&text[..whole], count).map_err(|why| malformed(&path, &why))?;
            let journal = Self {
                path: path.into(),
                file: Arc::new(Mutex::new(file)),
            };
            Ok((Some(journal), past))
        })
        .await
    }

    /// Writes an event; it is on the disk when this returns.
    pub(super) async fn note(&self, index: usize, event: Event<'_>) -> Result<()> {
        let mut line = line(index, &event).to_string();
        line.push('\n');
        let journal = self.clone();
        blocking(move || {
            let mut file = journal.file.lock().unwrap_or_else(PoisonError::into_inner);
            append(&mut file, line.as_bytes()).map_err(|source| failure(&journal.path, source))
        })
        .await
    }
}

/// Writes a line, whole or not at all, as far as that is in our hands.
fn append(file: &mut File, line: &[u8]) -> io::Result<()> {
    let end = file.stream_position()?;
    let written = file.write_all(line).and_then(|()| file.sync_data());
    if written.is_err() {
        // A piece of it would make the whole journal unreadable.
        let _ = file.set_len(end);
        let _ = file.seek(SeekFrom::Start(end));
    }
    written
}

fn line(index: usize, event: &Event<'_>) -> Value {
    match event {
        Event::Intent(input) => json!({"item": index, "event": "intent", "input": input}),
        Event::Accepted(record) => json!({"item": index, "event": "accepted", "job": record}),
        Event::Refused => json!({"item": index, "event": "refused"}),
        Event::Done(output) => json!({"item": index, "event": "done", "output": output}),
    }
}

fn open(path: &Path) -> io::Result<(File, String)> {
    let is_new = !path.exists();
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    if is_new {
        file.sync_all()?;
        sync_folder(path);
    }
    Ok((file, text))
}

/// Has the file's name on the disk too, where the system can.
fn sync_folder(path: &Path) {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if let Ok(folder) = File::open(folder) {
        // Some systems have no such thing; then the name is written when it is.
        let _ = folder.sync_all();
    }
}

/// Reads the lines of a journal.
fn read(text: &str, count: usize) -> Result<Vec<Past>, String> {
    let mut past: Vec<Past> = (0..count).map(|_| Past::default()).collect();
    for (number, line) in text.lines().enumerate() {
        let at = |why: String| format!("line {}: {why}", number + 1);
        let value: Value = serde_json::from_str(line).map_err(|error| at(error.to_string()))?;
        let index = value.get("item").and_then(Value::as_u64);
        let item = index
            .and_then(|index| past.get_mut(usize::try_from(index).ok()?))
            .ok_or_else(|| at(format!("it refers to none of the {count} inputs")))?;
        item.take(value).map_err(at)?;
    }
    Ok(past)
}

impl Past {
    fn take(&mut self, mut value: Value) -> Result<(), String> {
        match value.get("event").and_then(Value::as_str) {
            Some("intent") => {
                self.is_open = true;
                self.fingerprint = value
                    .get("input")
                    .and_then(Value::as_str)
                    .map(str::to_owned);
            }
            Some("accepted") => {
                let job = Record::decode(value.get("job").unwrap_or(&Value::Null));
                self.job = Some(job.map_err(|error| error.to_string())?);
                self.is_open = false;
            }
            Some("refused") => self.is_open = false,
            Some("done") => self.output = value.get_mut("output").map(Value::take),
            // Of a newer version, perhaps: what it means for the money is not known.
            other => return Err(format!("{other:?} is not an event")),
        }
        Ok(())
    }
}

fn failure(path: &Path, source: io::Error) -> Error {
    let message = format!("the journal {}: {source}", path.display());
    Error::new(ErrorKind::Io, message).with_source(source)
}

fn malformed(path: &Path, why: &str) -> Error {
    let message = format!("the journal {} cannot be read: {why}", path.display());
    Error::new(ErrorKind::Io, message)
        .with_hint("nothing was submitted; fix the line, or start a new journal")
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|source| {
            let message = "the task that writes the journal was aborted";
            Err(Error::new(ErrorKind::Io, message).with_source(source))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOB: &str = r#"{"endpoint":"acme/x","request_id":"r-1"}"#;

    #[test]
    fn the_last_word_on_each_input_counts() {
        let text = format!(
            "{}\n{}\n{}\n{}\n{}\n",
            r#"{"item":0,"event":"intent","input":"a"}"#,
            r#"{"item":1,"event":"intent","input":"b"}"#,
            format_args!(r#"{{"item":0,"event":"accepted","job":{JOB}}}"#),
            r#"{"item":2,"event":"intent","input":"c"}"#,
            r#"{"item":2,"event":"refused"}"#,
        );
        let past = read(&text, 4).unwrap();
        assert_eq!(
            past[0].job.as_ref().map(|job| &*job.request_id),
            Some("r-1")
        );
        assert!(!past[0].is_open && past[1].is_open && !past[2].is_open);
        assert_eq!(past[1].fingerprint.as_deref(), Some("b"));
        assert!(past[3].fingerprint.is_none());
    }

    #[test]
    fn what_cannot_be_understood_stops_everything() {
        for line in [
            "no json",
            r#"{"item":9,"event":"intent","input":"a"}"#,
            r#"{"item":0,"event":"of another version"}"#,
            r#"{"item":0,"event":"accepted","job":{"endpoint":"acme/x","request_id":"../x"}}"#,
        ] {
            assert!(read(line, 1).is_err(), "{line}");
        }
    }
}
