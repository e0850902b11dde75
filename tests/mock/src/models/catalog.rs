//! The catalog of endpoints.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value;

use super::endpoint::Endpoint;
use crate::{error::Error, protocol::app_id};

/// Every endpoint by id, in the order in which pages list them.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    endpoints: BTreeMap<String, Arc<Endpoint>>,
    /// The endpoints whose documents the platform API fails to expand.
    pub(crate) failed_expansions: Vec<String>,
    /// Whether an unknown id is served as a bare endpoint.
    pub(crate) any: bool,
}

impl Catalog {
    pub(crate) fn add(&mut self, endpoint: Endpoint) {
        self.endpoints
            .insert(endpoint.id.clone(), Arc::new(endpoint));
    }

    pub(crate) fn add_value(&mut self, document: &Value) -> Result<(), Error> {
        let endpoint = Endpoint::from_document(document.to_string().into());
        self.add(endpoint.map_err(|reason| Error::Document { reason })?);
        Ok(())
    }

    pub(crate) fn add_bare(&mut self, id: &str) {
        if !self.endpoints.contains_key(id) {
            self.add(Endpoint::bare(id));
        }
    }

    /// The endpoint called `id`, if it was added.
    pub(crate) fn known(&self, id: &str) -> Option<Arc<Endpoint>> {
        self.endpoints.get(id).cloned()
    }

    /// The endpoint called `id`. If every id is served, an unknown one is a bare endpoint.
    pub(crate) fn get(&self, id: &str) -> Option<Arc<Endpoint>> {
        self.known(id).or_else(|| {
            (self.any && app_id::parse(id).is_some()).then(|| Arc::new(Endpoint::bare(id)))
        })
    }

    /// Whether some endpoint belongs to `app`, the first part of its id.
    pub(crate) fn has_app(&self, app: &str) -> bool {
        let mut from = self
            .endpoints
            .range(app.to_owned()..)
            .map(|(id, _)| id)
            .take_while(|id| id.starts_with(app));
        self.any || from.any(|id| app_id::parse(id).is_some_and(|id| id.app == app))
    }

    /// Every endpoint, in order of their ids.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Endpoint>> {
        self.endpoints.values()
    }
}
