//! A row of the table: what is done, what is expected, and what is seen.

use fal_mock::MockServer;
use fal_sdk::{BoxFuture, Error};
use fal_tests::sample::KEY;
use serde::{Deserialize, Serialize};

/// One fault that one operation meets over one transport.
pub struct Row {
    /// The part of the table that the row belongs to.
    pub section: &'static str,
    /// The fault.
    pub fault: String,
    /// What meets it.
    pub operation: &'static str,
    /// What is expected to be seen.
    pub expected: Expected,
    /// Does it, when it is polled.
    pub run: BoxFuture<Observation>,
}

impl Row {
    /// The row's name in messages.
    pub fn name(&self) -> String {
        format!("{} × {}", self.fault, self.operation)
    }
}

/// What a row has to show. Times are not expected, only reported.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// `output`, or the kind of the error.
    pub outcome: String,
    /// Part of the error's words.
    pub words: &'static str,
    /// How many requests ask for paid work.
    pub submits: u64,
    /// How many jobs are made.
    pub jobs: u64,
}

/// What was seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// `output`, or the kind of the error.
    pub outcome: String,
    /// How many requests that ask for paid work the server counted.
    pub submits: u64,
    /// How many jobs and direct calls the server carried out.
    pub jobs: u64,
    /// How many of them nobody asked for.
    pub duplicated: u64,
    /// Of how many the caller has neither the output, nor the reply, nor the id, nor
    /// word that the outcome is unknown.
    pub lost: u64,
    /// How long it took, from the start of the server on.
    pub seconds: f64,
    /// What the error says; empty if there is none.
    pub words: String,
    /// The promises of every call that were broken.
    pub broken: Vec<String>,
}

impl Observation {
    /// Adds a promise that only this row makes.
    #[must_use]
    pub fn promise(mut self, is_kept: bool, promise: &str) -> Self {
        if !is_kept {
            self.broken.push(promise.to_owned());
        }
        self
    }
}

impl Expected {
    /// A call that succeeds with one submit and one job.
    pub fn output() -> Self {
        Self {
            outcome: "output".to_owned(),
            words: "",
            submits: 1,
            jobs: 1,
        }
    }

    /// A call that fails with this kind and these words, after one submit and with
    /// one job.
    pub fn error(kind: fal_sdk::ErrorKind, words: &'static str) -> Self {
        Self {
            outcome: format!("{kind:?}"),
            words,
            ..Self::output()
        }
    }

    /// Changes the number of requests and of jobs.
    #[must_use]
    pub fn counts(mut self, submits: u64, jobs: u64) -> Self {
        (self.submits, self.jobs) = (submits, jobs);
        self
    }

    /// How an observation differs from this: a line for each difference.
    pub fn differences(&self, seen: &Observation) -> Vec<String> {
        let mut lines = seen.broken.clone();
        let mut compare = |what: &str, expected: &str, seen: &str| {
            if expected != seen {
                lines.push(format!("{what}: expected {expected}, saw {seen}"));
            }
        };
        let outcome = match self.outcome == seen.outcome {
            true => seen.outcome.clone(),
            false => format!("{} ({})", seen.outcome, seen.words),
        };
        compare("outcome", &self.outcome, &outcome);
        compare(
            "submits",
            &self.submits.to_string(),
            &seen.submits.to_string(),
        );
        compare("jobs", &self.jobs.to_string(), &seen.jobs.to_string());
        compare("duplicated", "0", &seen.duplicated.to_string());
        compare("lost", "0", &seen.lost.to_string());
        if !seen.words.contains(self.words) {
            lines.push(format!(
                "words: expected {:?} in {:?}",
                self.words, seen.words
            ));
        }
        lines
    }
}

/// The promise that an error of a call whose job is made does not say that the call may
/// be repeated.
pub const PAID_TWICE: &str = "it invites to pay twice";

/// What every call promises, whatever happens.
pub struct Promises {
    jobs: Vec<String>,
    made: bool,
    /// Of how many paid jobs the caller knows.
    pub accounted: u64,
    /// The promises that were broken.
    pub broken: Vec<String>,
}

impl Promises {
    /// Of calls of this server.
    pub fn new(server: &MockServer) -> Self {
        let jobs = server.jobs().into_iter().map(|job| job.request_id);
        let jobs: Vec<String> = jobs.collect();
        Self {
            made: !jobs.is_empty(),
            jobs,
            accounted: 0,
            broken: Vec::new(),
        }
    }

    /// Looks at one outcome.
    pub fn check<T>(&mut self, outcome: &Result<T, Error>) {
        let Err(error) = outcome else {
            self.accounted += 1;
            return;
        };
        let is_known = error.request_id().is_some() || error.raw_body().is_some();
        self.accounted += u64::from(is_known || error.is_outcome_unknown());
        let mut promise = |is_kept: bool, what: &str| {
            if !is_kept {
                self.broken.push(format!("{what}: {error:?}"));
            }
        };
        let id = error.request_id().filter(|_| self.made);
        let is_of_job = id.is_none_or(|id| self.jobs.iter().any(|job| job == id));
        promise(is_of_job, "the error's id is not a job's");
        let is_safe = !self.made || !error.is_retryable() || error.is_job_failed();
        promise(is_safe, PAID_TWICE);
        let secret = KEY.split_once(':').map_or(KEY, |(_, secret)| secret);
        for shown in [error.to_string(), format!("{error:#?}")] {
            promise(!shown.contains(secret), "the key is shown");
            let harmful = |letter: char| {
                (letter.is_control() && letter != '\n') || "\u{202e}\u{202c}".contains(letter)
            };
            promise(!shown.contains(harmful), "terminals would obey it");
            promise(!shown.contains("token=abc"), "a URL's token is shown");
        }
    }
}
