//! The URL that a request is sent to, and the headers that authenticate it.

use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};

use super::{Http, Request};
use crate::transport::error::{Error, Result};

impl Http {
    /// The URL and the headers of a request: its own URL and the key, or the URL of the
    /// proxy that adds the key.
    pub(super) async fn address(&self, request: &Request) -> Result<(Url, HeaderMap)> {
        let mut headers = request.all_headers();
        if !request.with_key {
            self.check_token(request)?;
            return Ok((Url::clone(&request.url), headers));
        }
        let authorization = self.authorization(&request.url).await?;
        if let Some(proxy) = &self.0.settings.proxy {
            let url = proxy.route(&request.url, &mut headers)?;
            return Ok((url, headers));
        }
        if let Some(value) = authorization {
            headers.insert(AUTHORIZATION, value);
        }
        Ok((Url::clone(&request.url), headers))
    }

    /// Returns the value of the `Authorization` header.
    ///
    /// # Errors
    /// When the URL is not on one of the client's hosts.
    async fn authorization(&self, url: &Url) -> Result<Option<HeaderValue>> {
        if !self.0.settings.hosts.own(url) {
            let host = url.host_str().unwrap_or("nowhere");
            return Err(Error::configuration(format!(
                "the key is not sent to {host}: it is not one of the client's hosts"
            )));
        }
        self.0.settings.credentials.authorization().await
    }

    /// Refuses to send a token, which is derived from the key, to a host that may not get
    /// it.
    fn check_token(&self, request: &Request) -> Result<()> {
        let has_token = request.headers.contains_key(AUTHORIZATION);
        match has_token && !self.0.settings.hosts.takes_tokens(&request.url) {
            true => Err(Error::configuration(format!(
                "the token is not sent to {}: it is not one of the client's hosts",
                request.url.host_str().unwrap_or("nowhere"),
            ))),
            false => Ok(()),
        }
    }
}
