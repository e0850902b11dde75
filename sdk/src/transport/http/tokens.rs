//! Tokens that are derived from the key and used until they expire.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::header::HeaderValue;
use tokio::sync::Mutex;

use crate::transport::error::Result;

/// A token, as the value of an `Authorization` header.
pub(crate) struct Token {
    pub(crate) authorization: HeaderValue,
    /// The address that the token is valid for, if the server named one.
    pub(crate) base: Option<String>,
    until: Instant,
}

impl Token {
    /// A token that is valid for `life`. It is replaced somewhat earlier, so that it does
    /// not expire while a request is under way.
    pub(crate) fn new(authorization: HeaderValue, base: Option<String>, life: Duration) -> Self {
        const LEEWAY: Duration = Duration::from_secs(300);
        let usable = life - LEEWAY.min(life / 10);
        let now = Instant::now();
        Self {
            authorization,
            base,
            // A longer time could be too long for the clock.
            until: now + usable.min(Duration::from_secs(365 * 86_400)),
        }
    }
}

/// The last token. When it has expired, one caller fetches another while the rest
/// wait.
#[derive(Default)]
pub(crate) struct TokenCache(Mutex<Option<Arc<Token>>>);

impl TokenCache {
    pub(crate) async fn get(
        &self,
        fetch: impl Future<Output = Result<Token>>,
    ) -> Result<Arc<Token>> {
        let mut kept = self.0.lock().await;
        if let Some(token) = kept.as_ref().filter(|token| token.until > Instant::now()) {
            return Ok(Arc::clone(token));
        }
        let token = Arc::new(fetch.await?);
        *kept = Some(Arc::clone(&token));
        Ok(token)
    }

    /// Forgets a token that a server refused, unless it was replaced already.
    pub(crate) async fn forget(&self, refused: &Arc<Token>) {
        let mut kept = self.0.lock().await;
        if kept
            .as_ref()
            .is_some_and(|token| Arc::ptr_eq(token, refused))
        {
            *kept = None;
        }
    }
}
