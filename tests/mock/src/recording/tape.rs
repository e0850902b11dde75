//! A recording in progress: removes secrets from each exchange, and writes it.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use serde_json::Value;

use super::{
    address::{self, Upstream},
    body::{Kind, RecordedBody},
    exchange::{Exchange, RecordedReply, RecordedRequest},
    folder::{self, Folder},
    redact::Redactor,
};
use crate::sync::lock;

/// A recording in progress.
#[derive(Debug)]
pub(super) struct Tape {
    folder: Folder,
    pub(super) root: String,
    pub(super) upstream: Upstream,
    pub(super) client: reqwest::Client,
    pub(super) redactor: Redactor,
    /// The servers that replies have named. Requests are passed on only to these and to fal.
    named: Mutex<BTreeSet<String>>,
    problems: Mutex<Vec<String>>,
    count: AtomicU64,
}

impl Tape {
    pub(super) fn new(
        folder: Folder,
        root: String,
        upstream: Upstream,
        client: reqwest::Client,
    ) -> Self {
        Self {
            folder,
            root,
            upstream,
            client,
            redactor: Redactor::default(),
            named: Mutex::default(),
            problems: Mutex::default(),
            count: AtomicU64::default(),
        }
    }

    /// The number of the next exchange, from 1 on.
    pub(super) fn next_number(&self) -> u64 {
        self.count.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(super) fn problems(&self) -> Vec<String> {
        lock(&self.problems).clone()
    }

    /// A value of a reply in two forms: as it is recorded, and as the program gets it.
    pub(super) fn exchange_addresses(&self, mut value: Value, url: &str) -> (Value, Value) {
        address::make_real(&mut value, &self.upstream, &self.root);
        let mut named = lock(&self.named);
        address::collect_servers(&value, &mut named);
        drop(named);
        let mut local = value.clone();
        if !address::keeps_addresses(url) {
            address::make_local(&mut local, &self.root);
        }
        self.redactor.value(&mut value, url);
        (value, local)
    }

    pub(super) fn redact(&self, text: &str) -> String {
        self.redactor.text(text)
    }

    pub(super) fn was_named(&self, url: &str) -> bool {
        let named = lock(&self.named);
        address::authority(url).is_some_and(|authority| named.contains(authority))
    }

    pub(super) fn problem(&self, problem: String) {
        let mut problems = lock(&self.problems);
        problems.push(problem);
    }

    /// Writes an exchange. The body of a reply that is not text is written to a file beside it.
    pub(super) fn write(&self, entry: Entry, body: Option<RecordedBody>, bytes: Option<&[u8]>) {
        let name = folder::name(entry.number, &entry.request);
        let body = match bytes {
            Some([]) => None,
            Some(_) => Some(RecordedBody::File(format!("{name}.{}", entry.ending()))),
            None => body,
        };
        let exchange = Exchange {
            request: entry.request,
            reply: RecordedReply {
                status: entry.status,
                headers: serde_json::from_value(entry.headers).unwrap_or_default(),
                body,
            },
        };
        if let Err(error) = self.folder.write(&name, &exchange, bytes) {
            self.problem(format!("{name}: cannot be written: {error}"));
        }
    }
}

/// An exchange whose reply is being received.
#[derive(Debug)]
pub(super) struct Entry {
    number: u64,
    request: RecordedRequest,
    /// The URL of fal, with its secrets.
    pub(super) url: String,
    pub(super) status: u16,
    pub(super) headers: Value,
    pub(super) kind: Kind,
    pub(super) content_type: String,
}

impl Entry {
    pub(super) fn new(number: u64, request: RecordedRequest, url: String) -> Self {
        Self {
            number,
            request,
            url,
            status: 0,
            headers: Value::Null,
            kind: Kind::Bytes,
            content_type: String::new(),
        }
    }

    /// The extension of the body's file, such as `png`.
    fn ending(&self) -> &str {
        let media_type = self.content_type.split(';').next().unwrap_or_default();
        let subtype = media_type.rsplit('/').next().unwrap_or_default().trim();
        let is_plain =
            !subtype.is_empty() && subtype.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_plain { subtype } else { "bin" }
    }
}
