//! The books: what was asked for, what the caller has, and what the server did.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

use fal_mock::MockServer;
use fal_sdk::Error;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What the caller has of one piece of work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Entry {
    /// The output.
    Output,
    /// The reply as it came, which could not be read.
    RawReply,
    /// The id of the job, which is still to be fetched.
    Known(String),
    /// Word that the outcome is unknown.
    Unknown,
    /// Word that nothing was started.
    Refused,
    /// The id of a job whose result could not be fetched in the end.
    Gone(String),
}

impl Entry {
    /// What an error of a call leaves the caller with.
    pub(super) fn of(error: &Error) -> Self {
        match error.request_id() {
            _ if error.is_outcome_unknown() => Self::Unknown,
            _ if error.raw_body().is_some() && error.is_decode() => Self::RawReply,
            // Of a refused submit, it is the id of the reply; the server knows no such job.
            Some(id) => Self::Known(id.to_owned()),
            None => Self::Refused,
        }
    }
}

/// What is counted at the end.
pub(super) struct Balance {
    pub(super) figures: Vec<(String, u64)>,
    pub(super) duplicated: u64,
    pub(super) lost: u64,
    pub(super) wrong: Vec<String>,
}

/// Entries by the name of the work, which is its prompt, and other figures.
#[derive(Debug, Default)]
pub(super) struct Books {
    entries: Mutex<BTreeMap<String, (&'static str, Entry)>>,
    /// The names by the ids of their jobs.
    names: Mutex<HashMap<String, String>>,
    figures: Mutex<BTreeMap<&'static str, u64>>,
    wrong: Mutex<Vec<String>>,
}

impl Books {
    /// Opens an entry: until more is known, the caller has nothing.
    pub(super) fn open(&self, name: &str, sort: &'static str) {
        let mut entries = self.entries.lock().expect("books");
        let nothing = Entry::Gone("the call did not end".to_owned());
        entries.insert(name.to_owned(), (sort, nothing));
    }

    /// Notes what the caller has of it.
    pub(super) fn note(&self, name: &str, entry: Entry) {
        if let Entry::Known(id) = &entry {
            let mut names = self.names.lock().expect("books");
            names.insert(id.clone(), name.to_owned());
        }
        let mut entries = self.entries.lock().expect("books");
        match entries.get_mut(name) {
            Some((_, noted)) => *noted = entry,
            None => self.complain(format!("{name}: nobody asked for it")),
        }
    }

    /// Notes that the output of a job arrived; false if nobody knows its id yet.
    pub(super) fn note_output(&self, request_id: &str) -> bool {
        let name = self.names.lock().expect("books").get(request_id).cloned();
        name.inspect(|name| self.note(name, Entry::Output))
            .is_some()
    }

    /// Notes that something was wrong.
    pub(super) fn complain(&self, line: String) {
        self.wrong.lock().expect("books").push(line);
    }

    /// Adds to a figure.
    pub(super) fn count(&self, figure: &'static str, more: u64) {
        *self
            .figures
            .lock()
            .expect("books")
            .entry(figure)
            .or_default() += more;
    }

    /// The work of which the caller has only the request id.
    pub(super) fn known(&self) -> Vec<(String, String)> {
        let entries = self.entries.lock().expect("books");
        let known = entries.iter().filter_map(|(name, (_, entry))| match entry {
            Entry::Known(id) => Some((name.clone(), id.clone())),
            _ => None,
        });
        known.collect()
    }

    /// Compares the books with what the server did.
    pub(super) fn balance(&self, server: &MockServer) -> Balance {
        let mut made: HashMap<String, u64> = HashMap::new();
        let jobs = server.jobs().into_iter().map(|job| job.input);
        let direct = server.direct_calls();
        let direct = direct.iter().map(|call| call.body.clone());
        for input in jobs.chain(direct) {
            *made.entry(prompt(&input)).or_default() += 1;
        }
        let mut wrong = self.wrong.lock().expect("books").clone();
        let (mut duplicated, mut lost) = (0, 0);
        let mut sorts: BTreeMap<String, u64> = BTreeMap::new();
        let entries = self.entries.lock().expect("books");
        for (name, (sort, entry)) in entries.iter() {
            *sorts.entry(format!("{sort}: asked for")).or_default() += 1;
            let jobs = made.remove(name).unwrap_or(0);
            *sorts.entry(format!("{sort}: paid")).or_default() += jobs;
            if jobs > 1 {
                duplicated += jobs - 1;
                wrong.push(format!("{name}: {jobs} jobs, {entry:?}"));
            }
            let what = match entry {
                Entry::Output | Entry::RawReply if jobs == 0 => {
                    wrong.push(format!("{name}: an output without a job"));
                    "output read"
                }
                Entry::Refused | Entry::Gone(_) if jobs > 0 => {
                    lost += 1;
                    wrong.push(format!("{name}: lost, {entry:?}"));
                    "lost"
                }
                Entry::Output => "output read",
                Entry::RawReply => "reply kept unread",
                Entry::Unknown if jobs > 0 => "outcome unknown, paid",
                Entry::Unknown => "outcome unknown, not paid",
                Entry::Refused => "refused",
                Entry::Known(_) | Entry::Gone(_) => "not accepted",
            };
            *sorts.entry(format!("{sort}: {what}")).or_default() += 1;
        }
        for (name, jobs) in made {
            duplicated += jobs;
            wrong.push(format!("{name}: {jobs} jobs that nobody asked for"));
        }
        let figures = self.figures.lock().expect("books").clone();
        let figures = figures
            .into_iter()
            .map(|(name, count)| (name.to_owned(), count));
        Balance {
            figures: sorts.into_iter().chain(figures).collect(),
            duplicated,
            lost,
            wrong,
        }
    }
}

fn prompt(input: &[u8]) -> String {
    let input: Value = serde_json::from_slice(input).unwrap_or_default();
    input["prompt"].as_str().unwrap_or("(no prompt)").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::{Setup, Transport};
    use fal_tests::sample::{SampleInput, script};

    /// Books that cannot show a loss would prove nothing.
    #[tokio::test]
    async fn what_is_wrong_is_found() {
        let setup = Setup::new(Transport::Http1, script()).await;
        let fal = setup.client();
        let books = Books::default();
        let cases = [
            ("twice", 2, Entry::Output),
            ("lost", 1, Entry::Refused),
            ("gone", 1, Entry::Gone("404".to_owned())),
            ("unknown", 1, Entry::Unknown),
            ("refused", 0, Entry::Refused),
            ("out of nothing", 0, Entry::Output),
        ];
        for (name, jobs, entry) in cases {
            books.open(name, "sort");
            for _ in 0..jobs {
                fal.run(SampleInput::new(name)).await.unwrap();
            }
            books.note(name, entry);
        }
        fal.submit(SampleInput::new("nobody's")).await.unwrap();
        let balance = books.balance(&setup.server);
        assert_eq!((balance.duplicated, balance.lost), (2, 2));
        assert_eq!(balance.wrong.len(), 5, "{:#?}", balance.wrong);
    }
}
