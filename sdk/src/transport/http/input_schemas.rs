//! The input schemas that a client has fetched, by endpoint.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::contract::input_schema::InputSchema;
use crate::transport::error::{Error, Result};
use crate::transport::lock::lock;

/// How long a failed fetch is not repeated, so that not every call waits for a catalog that
/// is down.
const FAILURE_LIFE: Duration = Duration::from_secs(60);

/// A schema, or the error with which fetching it failed.
pub(crate) type FetchedSchema = Result<Arc<InputSchema>, Arc<Error>>;

#[derive(Default)]
struct Entry {
    /// Held while the schema is fetched, so that other calls wait for it.
    fetching: Arc<tokio::sync::Mutex<()>>,
    fetched: Option<(FetchedSchema, Instant)>,
}

/// The input schemas that a client has fetched. A schema is kept for as long as the client,
/// a failure for a minute.
#[derive(Default)]
pub(crate) struct InputSchemas(Mutex<HashMap<Arc<str>, Entry>>);

impl InputSchemas {
    /// The schema of an endpoint, or the failure to fetch it, if it is kept.
    pub(crate) fn known(&self, endpoint: &str) -> Option<FetchedSchema> {
        let entries = lock(&self.0);
        let (fetched, at) = entries.get(endpoint)?.fetched.as_ref()?;
        let counts = fetched.is_ok() || at.elapsed() < FAILURE_LIFE;
        counts.then(|| fetched.clone())
    }

    /// Returns the schema of an endpoint. One caller fetches it while the others wait.
    pub(crate) async fn get(
        &self,
        endpoint: &Arc<str>,
        fetch: impl Future<Output = Result<InputSchema>>,
    ) -> FetchedSchema {
        let fetching = Arc::clone(&self.entry(endpoint, |entry| entry.fetching.clone()));
        let _fetching = fetching.lock().await;
        if let Some(known) = self.known(endpoint) {
            return known;
        }
        let fetched = fetch.await.map(Arc::new).map_err(Arc::new);
        self.entry(endpoint, |entry| {
            entry.fetched = Some((fetched.clone(), Instant::now()));
        });
        fetched
    }

    fn entry<T>(&self, endpoint: &Arc<str>, with: impl FnOnce(&mut Entry) -> T) -> T {
        let mut entries = lock(&self.0);
        with(entries.entry(Arc::clone(endpoint)).or_default())
    }
}
