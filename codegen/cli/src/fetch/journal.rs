//! The journal of the documents that a run has stored, so that a run that was killed is continued and not repeated.
//!
//! The journal is a file beside the lock file, with a line for each document, and is removed when the run ends. A journal of
//! another selection, of other servers, or of more than six hours ago is ignored. A line counts only if the file on disk has
//! its digest.

use super::options::{Options, Selection};
use crate::{
    Error,
    schemas::{
        Store,
        lock::{Entry, sha256},
    },
};
use fal_codegen::source::EndpointId;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

const NAME: &str = ".fetch-journal";
/// Documents that were fetched longer ago are fetched again.
const MAX_AGE: Duration = Duration::from_secs(6 * 60 * 60);

/// The journal of the present run.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
}

#[derive(Serialize, Deserialize)]
struct Line {
    id: String,
    entry: Entry,
}

impl Journal {
    /// Opens the journal, and returns the documents that an interrupted run of the same selection has stored.
    pub fn open(
        options: &Options,
        store: &Store,
    ) -> Result<(Self, BTreeMap<EndpointId, Entry>), Error> {
        let path = store.layout().lock_folder().join(NAME);
        let head = head(options);
        let done = resume(&path, &head, store).unwrap_or_default();
        let failed = |error: io::Error| Error::file("write", &path, &error);
        let file = if done.is_empty() {
            let mut file = File::create(&path).map_err(failed)?;
            writeln!(file, "{head}").map_err(failed)?;
            file
        } else {
            let mut file = File::options().append(true).open(&path).map_err(failed)?;
            // The last line may be incomplete.
            writeln!(file).map_err(failed)?;
            file
        };
        Ok((Self { path, file }, done))
    }

    /// Records documents that are on disk.
    pub fn note<'a>(
        &mut self,
        entries: impl Iterator<Item = (&'a EndpointId, &'a Entry)>,
    ) -> Result<(), Error> {
        let mut text = String::new();
        for (id, entry) in entries {
            let line = Line {
                id: id.as_str().to_owned(),
                entry: entry.clone(),
            };
            // An entry that cannot be written as JSON would only be fetched again.
            text.extend(serde_json::to_string(&line).ok());
            text.push('\n');
        }
        let written = self.file.write_all(text.as_bytes());
        written.map_err(|error| Error::file("write", &self.path, &error))
    }

    /// Removes the journal at the end of the run.
    pub fn finish(self) -> Result<(), Error> {
        drop(self.file);
        fs::remove_file(&self.path).map_err(|error| Error::file("remove", &self.path, &error))
    }
}

fn head(options: &Options) -> String {
    let selection = match &options.selection {
        Selection::Ids(ids) => ids
            .iter()
            .map(EndpointId::as_str)
            .collect::<Vec<_>>()
            .join(" "),
        Selection::Category(category) => format!("--category {category:?}"),
        Selection::All => "--all".to_owned(),
    };
    format!(
        "fetch {selection} from {} and {}",
        options.api_url, options.openapi_url
    )
}

fn resume(path: &Path, head: &str, store: &Store) -> Option<BTreeMap<EndpointId, Entry>> {
    let age = fs::metadata(path).ok()?.modified().ok()?.elapsed().ok()?;
    let text = fs::read_to_string(path).ok()?;
    let mut lines = text.lines();
    if age > MAX_AGE || lines.next() != Some(head) {
        return None;
    }
    let entries = lines.filter_map(|line| {
        let Line { id, entry } = serde_json::from_str(line).ok()?;
        Some((EndpointId::parse(&id).ok()?, entry))
    });
    let is_on_disk = |(id, entry): &(EndpointId, Entry)| {
        let bytes = store.read(id).ok().flatten();
        bytes.is_some_and(|bytes| sha256(&bytes) == entry.sha256)
    };
    Some(entries.filter(is_on_disk).collect())
}
