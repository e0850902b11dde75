//! Connections that most programs never need.

use std::sync::OnceLock;

use crate::transport::error::Result;

/// A set of connections that is set up when it is first used.
pub(super) struct LazyClient {
    client: OnceLock<reqwest::Client>,
    build: Box<dyn Fn() -> Result<reqwest::Client> + Send + Sync>,
}

impl LazyClient {
    pub(super) fn new(build: impl Fn() -> Result<reqwest::Client> + Send + Sync + 'static) -> Self {
        Self {
            client: OnceLock::new(),
            build: Box::new(build),
        }
    }

    pub(super) fn get(&self) -> Result<&reqwest::Client> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let made = (self.build)()?;
        Ok(self.client.get_or_init(|| made))
    }
}
