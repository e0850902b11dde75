//! The client: one per key, cheap to clone, shared by all calls.

mod builder;

use std::fmt;

pub use builder::ClientBuilder;

use crate::error::Result;
use crate::http::Http;

/// A client of fal's servers.
///
/// It holds the connections and what calls share; clones share them too, so make
/// one and clone it wherever it is needed. Calls need a running tokio runtime.
///
/// ```no_run
/// # async fn example() -> fal_sdk::Result<()> {
/// let fal = fal_sdk::Client::from_env()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) http: Http,
}

impl Client {
    /// A client with the key of the environment (`FAL_KEY`, or `FAL_KEY_ID` and
    /// `FAL_KEY_SECRET`). If `FAL_BASE_URL` is set, all services are below that
    /// address, as with [`ClientBuilder::base_url`]: a program can be pointed at
    /// a local server without a change.
    ///
    /// # Errors
    /// When no key is set, or it is malformed, or the address is none.
    pub fn from_env() -> Result<Self> {
        let builder = Self::builder().credentials(crate::Credentials::from_env()?);
        match std::env::var("FAL_BASE_URL") {
            Ok(url) if !url.is_empty() => builder.base_url(url),
            _ => builder,
        }
        .build()
    }

    /// A client with a key and the defaults for everything else.
    ///
    /// # Errors
    /// When the key is malformed.
    pub fn new(key: impl Into<String>) -> Result<Self> {
        Self::builder().key(key).build()
    }

    /// A client set up piece by piece.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }
}

/// Shows neither the key nor what the transport holds.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = self.http.settings();
        f.debug_struct("Client")
            .field("hosts", &settings.hosts)
            .field("credentials", &settings.credentials)
            .field("timeouts", &settings.timeouts)
            .finish_non_exhaustive()
    }
}
