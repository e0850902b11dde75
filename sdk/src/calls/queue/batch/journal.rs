//! The journal of a batch: a line of JSON for each event, on the disk before the
//! program goes on.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

use crate::calls::queue::record::Record;
use crate::contract::wire::Decode;
use crate::services::local_file::off_thread;
use crate::transport::error::{Error, ErrorKind, Result};

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
        off_thread(move || {
            let (file, text) = open(&path).map_err(|source| failure(&path, source))?;
            let past = read(&text, count).map_err(|why| malformed(&path, &why))?;
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
        off_thread(move || {
            let file = journal.file.lock().unwrap_or_else(PoisonError::into_inner);
            append(&journal.path, &file, line.as_bytes())
                .map_err(|source| failure(&journal.path, source))
        })
        .await
    }
}

/// Writes a line, whole or not at all, as far as that is in our hands.
fn append(path: &Path, mut file: &File, line: &[u8]) -> io::Result<()> {
    let end = file.metadata()?.len();
    let written = file.write_all(line).and_then(|()| file.sync_data());
    if written.is_err() {
        // A piece of it would make the whole journal unreadable.
        let _ = cut(path, end);
    }
    written
}

fn cut(path: &Path, length: u64) -> io::Result<()> {
    OpenOptions::new().write(true).open(path)?.set_len(length)
}

fn line(index: usize, event: &Event<'_>) -> Value {
    match event {
        Event::Intent(input) => json!({"item": index, "event": "intent", "input": input}),
        Event::Accepted(record) => json!({"item": index, "event": "accepted", "job": record}),
        Event::Refused => json!({"item": index, "event": "refused"}),
        Event::Done(output) => json!({"item": index, "event": "done", "output": output}),
    }
}

/// Opens a journal to be added to, and reads its whole lines. One without an end
/// was cut by the program's own end, perhaps inside a character. It is added to
/// wherever its end is by then: a batch that was let go may still be writing.
fn open(path: &Path) -> io::Result<(File, Vec<u8>)> {
    let is_new = !path.exists();
    let mut file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .open(path)?;
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    let whole = text.iter().rposition(|byte| *byte == b'\n');
    let whole = whole.map_or(0, |end| end + 1);
    if whole < text.len() {
        cut(path, whole as u64)?;
        text.truncate(whole);
    }
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
fn read(text: &[u8], count: usize) -> Result<Vec<Past>, String> {
    let mut past: Vec<Past> = (0..count).map(|_| Past::default()).collect();
    let lines = text.split(|byte| *byte == b'\n');
    for (number, line) in lines.enumerate().filter(|(_, line)| !line.is_empty()) {
        let at = |why: String| format!("line {}: {why}", number + 1);
        let value: Value = serde_json::from_slice(line).map_err(|error| at(error.to_string()))?;
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
        let past = read(text.as_bytes(), 4).unwrap();
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
            assert!(read(line.as_bytes(), 1).is_err(), "{line}");
        }
    }

    /// Two batches of one program, of which the first was dropped: what it still
    /// writes stands beside what the second one writes.
    #[tokio::test]
    async fn nobody_writes_over_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let (dropped, _) = Journal::open(path.clone(), 2).await.unwrap();
        let (second, _) = Journal::open(path.clone(), 2).await.unwrap();
        let (dropped, second) = (dropped.unwrap(), second.unwrap());
        let record = Record::decode(&serde_json::from_str(JOB).unwrap()).unwrap();
        second.note(1, Event::Intent("b")).await.unwrap();
        dropped.note(0, Event::Accepted(&record)).await.unwrap();
        second.note(1, Event::Refused).await.unwrap();
        let (_, past) = Journal::open(path, 2).await.unwrap();
        assert!(past[0].job.is_some() && past[1].fingerprint.is_some());
    }

    #[tokio::test]
    async fn a_line_that_was_cut_inside_a_character_is_no_harm() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let whole = "{\"item\":0,\"event\":\"intent\",\"input\":\"a\"}\n";
        let cut = "{\"item\":0,\"event\":\"done\",\"output\":\"\u{e9}";
        let cut = &cut.as_bytes()[..cut.len() - 1];
        std::fs::write(&path, [whole.as_bytes(), cut].concat()).unwrap();
        let (_, past) = Journal::open(path.clone(), 1).await.unwrap();
        assert!(past[0].is_open);
        assert_eq!(std::fs::read(path).unwrap(), whole.as_bytes());
    }
}
