//! The connections that become websockets.

use std::sync::OnceLock;

use crate::transport::error::Result;

/// Connections of HTTP/1.1, which is what websockets begin with; set up when the
/// first one is made.
pub(super) struct Sockets {
    client: OnceLock<reqwest::Client>,
    build: Box<dyn Fn() -> Result<reqwest::Client> + Send + Sync>,
}

impl Sockets {
    pub(super) fn new(build: impl Fn() -> Result<reqwest::Client> + Send + Sync + 'static) -> Self {
        Self {
            client: OnceLock::new(),
            build: Box::new(build),
        }
    }

    pub(super) fn client(&self) -> Result<&reqwest::Client> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let made = (self.build)()?;
        Ok(self.client.get_or_init(|| made))
    }
}
