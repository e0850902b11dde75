//! The stores of the server's data. They do not depend on each other, and no task waits while it holds a lock.

pub(crate) mod deliveries;
pub(crate) mod faults;
pub(crate) mod files;
pub(crate) mod info;
pub(crate) mod job;
pub(crate) mod jobs;
mod json;
pub(crate) mod keys;
pub(crate) mod records;
pub(crate) mod tokens;

use std::sync::Arc;

use deliveries::Deliveries;
use faults::Faults;
use files::Files;
use jobs::Jobs;
use keys::Keys;
use records::Records;
use tokens::Tokens;

/// All stores.
pub(crate) struct Stores {
    pub(crate) records: Records,
    pub(crate) jobs: Jobs,
    pub(crate) faults: Faults,
    pub(crate) files: Files,
    pub(crate) tokens: Tokens,
    pub(crate) keys: Keys,
    pub(crate) deliveries: Arc<Deliveries>,
}

impl Stores {
    /// Removes the records of what clients did, and the injected faults. Keys are kept.
    pub(crate) fn reset(&self) {
        self.records.reset();
        self.jobs.reset();
        self.files.reset();
        self.faults.clear();
        self.tokens.revoke();
        self.deliveries.reset();
    }
}
