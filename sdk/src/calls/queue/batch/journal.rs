//! The journal of a batch: a line of JSON for each event, on the disk before the
//! program goes on.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value, json};

use super::lock::{HolderNote, lock};
use crate::calls::queue::record::Record;
use crate::contract::wire::Decode;
use crate::services::local_file::spawn_blocking;
use crate::transport::error::{Error, ErrorKind, Result};

/// What happened to an input.
pub(super) enum Event<'a> {
    /// The input with this fingerprint is about to be submitted.
    Intent(&'a str),
    /// The queue accepted the input as this job.
    Accepted(&'a Record),
    /// The queue refused the input: there is no job.
    Refused,
    /// There may be a job; this message says why that is not known.
    Unknown(&'a str),
    /// The output was received.
    Done(&'a Finished),
}

/// An output, and what is known about the request that made it.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) output: Value,
    pub(super) billable_units: Option<f64>,
    pub(super) metrics: Map<String, Value>,
}

/// What a journal says about an input.
#[derive(Debug, Default)]
pub(super) struct ItemHistory {
    pub(super) fingerprint: Option<String>,
    /// A submit request began, and it is not known whether there is a job.
    pub(super) is_open: bool,
    /// Why it is not known, if the run that sent the request could tell.
    pub(super) unknown: Option<String>,
    pub(super) job: Option<Record>,
    pub(super) finished: Option<Finished>,
}

/// An open journal, locked until the last clone is dropped.
#[derive(Clone)]
pub(super) struct Journal(Arc<Inner>);

struct Inner {
    path: PathBuf,
    // Removed before the file is closed and the lock ends.
    _holder: HolderNote,
    file: Mutex<File>,
}

impl Journal {
    /// Opens the journal at `path`, which is created if it does not exist, locks it and
    /// reads what it says about `count` inputs.
    pub(super) async fn open(
        path: PathBuf,
        count: usize,
    ) -> Result<(Option<Self>, Vec<ItemHistory>)> {
        spawn_blocking(move || {
            let file = open(&path).map_err(|source| failure(&path, source))?;
            let holder = lock(&file, &path)?;
            let text = whole_lines(&file).map_err(|source| failure(&path, source))?;
            let history = read(&text, count).map_err(|why| malformed(&path, &text, &why))?;
            let inner = Inner {
                path,
                _holder: holder,
                file: Mutex::new(file),
            };
            Ok((Some(Self(Arc::new(inner))), history))
        })
        .await
    }

    /// Appends an event. It is on the disk when this returns.
    pub(super) async fn append(&self, index: usize, event: Event<'_>) -> Result<()> {
        let mut line = line(index, &event).to_string();
        line.push('\n');
        let journal = self.clone();
        spawn_blocking(move || {
            let Inner { path, file, .. } = &*journal.0;
            let file = file.lock().unwrap_or_else(PoisonError::into_inner);
            append(&file, line.as_bytes()).map_err(|source| failure(path, source))
        })
        .await
    }
}

/// Appends a line completely or not at all, as far as this process can ensure that.
fn append(mut file: &File, line: &[u8]) -> io::Result<()> {
    let end = file.seek(SeekFrom::End(0))?;
    let written = file.write_all(line).and_then(|()| file.sync_data());
    if written.is_err() {
        // A piece of it would make the whole journal unreadable.
        let _ = file.set_len(end);
    }
    written
}

fn line(index: usize, event: &Event<'_>) -> Value {
    match event {
        Event::Intent(input) => json!({"item": index, "event": "intent", "input": input}),
        Event::Accepted(record) => json!({"item": index, "event": "accepted", "job": record}),
        Event::Refused => json!({"item": index, "event": "refused"}),
        Event::Unknown(words) => json!({"item": index, "event": "unknown", "error": words}),
        Event::Done(finished) => done(index, finished),
    }
}

fn done(index: usize, finished: &Finished) -> Value {
    let mut line = json!({"item": index, "event": "done", "output": finished.output});
    if let Some(units) = finished.billable_units {
        line["billable_units"] = units.into();
    }
    if !finished.metrics.is_empty() {
        line["metrics"] = finished.metrics.clone().into();
    }
    line
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

/// Reads the whole lines. A last line without an end was cut when the program ended,
/// perhaps inside a character, and is removed.
fn whole_lines(mut file: &File) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    let whole = text.iter().rposition(|byte| *byte == b'\n');
    let whole = whole.map_or(0, |end| end + 1);
    if whole < text.len() {
        file.set_len(whole as u64)?;
        text.truncate(whole);
    }
    Ok(text)
}

/// Writes the name of the file to the disk too, where the system can do that.
fn sync_folder(path: &Path) {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if let Ok(folder) = File::open(folder) {
        // Some systems cannot, and write the name in their own time.
        let _ = folder.sync_all();
    }
}

/// Reads the lines of a journal.
fn read(text: &[u8], count: usize) -> Result<Vec<ItemHistory>, String> {
    let mut history: Vec<ItemHistory> = (0..count).map(|_| ItemHistory::default()).collect();
    let lines = text.split(|byte| *byte == b'\n');
    for (number, line) in lines.enumerate().filter(|(_, line)| !line.is_empty()) {
        let at = |why: String| format!("line {}: {why}", number + 1);
        let value: Value = serde_json::from_slice(line).map_err(|error| at(error.to_string()))?;
        let index = value.get("item").and_then(Value::as_u64);
        let item = index
            .and_then(|index| history.get_mut(usize::try_from(index).ok()?))
            .ok_or_else(|| at(format!("it refers to none of the {count} inputs")))?;
        item.apply(value).map_err(at)?;
    }
    Ok(history)
}

impl ItemHistory {
    /// Whether the input was accepted as a job, which was paid for unless it failed.
    pub(super) fn was_accepted(&self) -> bool {
        self.job.is_some() || self.finished.is_some()
    }

    fn apply(&mut self, mut value: Value) -> Result<(), String> {
        match value.get("event").and_then(Value::as_str) {
            Some("intent") => {
                // An earlier job of the input, if there was one, is given up.
                *self = Self {
                    is_open: true,
                    fingerprint: text(&value, "input"),
                    ..Self::default()
                };
            }
            Some("accepted") => {
                let job = Record::decode(value.get("job").unwrap_or(&Value::Null));
                self.job = Some(job.map_err(|error| error.to_string())?);
                self.is_open = false;
            }
            Some("refused") => self.is_open = false,
            Some("unknown") => self.unknown = text(&value, "error"),
            Some("done") => {
                let output = value.get_mut("output").map(Value::take);
                self.finished = output.map(|output| Finished {
                    output,
                    billable_units: value.get("billable_units").and_then(Value::as_f64),
                    metrics: match value.get_mut("metrics").map(Value::take) {
                        Some(Value::Object(metrics)) => metrics,
                        _ => Map::new(),
                    },
                });
            }
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

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// Describes what a user loses by starting a new journal.
pub(super) fn already_paid(jobs: usize) -> String {
    match jobs {
        0 => String::new(),
        jobs => format!("; jobs in it that are already paid for: {jobs}"),
    }
}

/// Counts the inputs that the readable lines of a journal record as accepted.
fn count_accepted(text: &[u8]) -> usize {
    let lines = text.split(|byte| *byte == b'\n');
    let accepted = lines.filter_map(|line| {
        let value: Value = serde_json::from_slice(line).ok()?;
        let is_accepted = value.get("event")?.as_str()? == "accepted";
        is_accepted.then(|| value.get("item")?.as_u64()).flatten()
    });
    accepted.collect::<BTreeSet<u64>>().len()
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

    /// Whoever submits again gives the earlier job up, whatever comes of it.
    #[test]
    fn a_new_submit_takes_the_place_of_an_earlier_job() {
        let accepted = format!(r#"{{"item":0,"event":"accepted","job":{JOB}}}"#);
        let intent = r#"{"item":0,"event":"intent","input":"a"}"#;
        let unknown = r#"{"item":0,"event":"unknown","error":"reset"}"#;
        let history = |lines: &[&str]| read(lines.join("\n").as_bytes(), 1).unwrap().remove(0);
        let past = history(&[intent, &accepted, intent]);
        assert!(past.is_open && past.job.is_none());
        let past = history(&[intent, &accepted, intent, unknown]);
        assert_eq!(past.unknown.as_deref(), Some("reset"));
        let past = history(&[intent, unknown, intent, &accepted]);
        assert!(!past.is_open && past.unknown.is_none() && past.was_accepted());
    }

    #[test]
    fn what_is_recorded_is_read_again() {
        let finished = Finished {
            output: json!({"seed": 1}),
            billable_units: Some(2.5),
            metrics: Map::from_iter([("inference_time".to_owned(), json!(0.5))]),
        };
        let text = line(0, &Event::Done(&finished)).to_string();
        let read_back = read(text.as_bytes(), 1)
            .unwrap()
            .remove(0)
            .finished
            .unwrap();
        assert_eq!(read_back.output, finished.output);
        assert_eq!(read_back.billable_units, Some(2.5));
        assert_eq!(read_back.metrics, finished.metrics);
        // As earlier versions wrote it.
        let bare = r#"{"item":0,"event":"done","output":{"seed":1}}"#;
        let read_back = read(bare.as_bytes(), 1)
            .unwrap()
            .remove(0)
            .finished
            .unwrap();
        assert_eq!(read_back.output, finished.output);
        assert!(read_back.billable_units.is_none() && read_back.metrics.is_empty());
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
