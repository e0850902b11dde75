//! The endpoints that are served, and the scripts that their jobs follow.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock, RwLockReadGuard},
};

use serde_json::Value;

use super::{
    catalog::Catalog,
    endpoint::Endpoint,
    price::{Price, Prices},
};
use crate::{
    error::Error,
    script::Script,
    sync::{read, write},
};

/// The scripts of endpoints.
#[derive(Debug, Default)]
pub(crate) struct Scripts {
    pub(crate) default: Script,
    pub(crate) by_endpoint: HashMap<String, Script>,
}

/// The models of a running server.
pub(crate) struct Models {
    catalog: RwLock<Catalog>,
    scripts: RwLock<Scripts>,
    prices: Prices,
}

impl Models {
    pub(crate) fn new(catalog: Catalog, scripts: Scripts, prices: Prices) -> Self {
        Self {
            catalog: RwLock::new(catalog),
            scripts: RwLock::new(scripts),
            prices,
        }
    }

    pub(crate) fn catalog(&self) -> RwLockReadGuard<'_, Catalog> {
        read(&self.catalog)
    }

    pub(crate) fn endpoint(&self, id: &str) -> Option<Arc<Endpoint>> {
        self.catalog().get(id)
    }

    /// The endpoint called `id`, if it has a document or a script.
    pub(crate) fn known(&self, id: &str) -> Option<Arc<Endpoint>> {
        self.catalog().known(id)
    }

    pub(crate) fn has_app(&self, app: &str) -> bool {
        self.catalog().has_app(app)
    }

    /// Adds a document, whose endpoint is served from now on.
    pub(crate) fn add_document(&self, document: &Value) -> Result<(), Error> {
        write(&self.catalog).add_value(document)
    }

    /// Sets the script of an endpoint, which is served from now on if it was not.
    pub(crate) fn set_script(&self, endpoint: &str, script: Script) {
        write(&self.catalog).add_bare(endpoint);
        let mut scripts = write(&self.scripts);
        scripts.by_endpoint.insert(endpoint.to_owned(), script);
    }

    /// Sets the script of endpoints that have none.
    pub(crate) fn set_default_script(&self, script: Script) {
        write(&self.scripts).default = script;
    }

    /// The script of a request: `requested`, completed by the endpoint's script, completed by the default.
    pub(crate) fn script(&self, endpoint: &str, requested: Script) -> Script {
        let scripts = read(&self.scripts);
        let own = scripts.by_endpoint.get(endpoint).cloned();
        requested
            .over(own.unwrap_or_default())
            .over(scripts.default.clone())
    }

    pub(crate) fn price(&self, endpoint: &str) -> Price {
        self.prices.get(endpoint).cloned().unwrap_or_default()
    }
}
