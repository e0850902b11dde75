//! Tokens for handshakes, which are valid for one app and for a short time.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::Method;
use serde_json::{Value, json};

use crate::transport::endpoint_id::EndpointId;
use crate::transport::error::{BoxError, Error, ErrorKind, Result};
use crate::transport::http::{Host, Http, Operation, Request};

type Provided = Pin<Box<dyn Future<Output = Result<String, BoxError>> + Send>>;

/// The sources of tokens.
#[derive(Clone)]
pub(super) enum Source {
    /// fal issues them, with this lifetime.
    Fal(Duration),
    Provider(Arc<dyn Fn(String) -> Provided + Send + Sync>),
}

impl Source {
    pub(super) fn provider<F, Fut, E>(provider: F) -> Self
    where
        F: Fn(String) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<String, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        Self::Provider(Arc::new(move |app| {
            let token = provider(app);
            Box::pin(async move { token.await.map_err(Into::into) })
        }))
    }
}

/// The token of a connection, kept for the next handshake.
pub(super) struct Tokens {
    source: Source,
    kept: Option<(String, Option<Instant>)>,
}

impl Tokens {
    pub(super) fn new(source: Source) -> Self {
        Self { source, kept: None }
    }

    /// A token for the app at `path`.
    pub(super) async fn get(
        &mut self,
        http: &Http,
        app: &EndpointId,
        path: &str,
    ) -> Result<String> {
        if let Some((token, until)) = &self.kept
            && until.is_none_or(|until| Instant::now() < until)
        {
            return Ok(token.clone());
        }
        let (token, until) = match &self.source {
            Source::Fal(life) => {
                let asked = Instant::now();
                let token = fetch(http, app, *life).await?;
                (token, asked.checked_add(refresh_after(*life)))
            }
            Source::Provider(provider) => {
                let token = provider(path.to_owned()).await.map_err(|source| {
                    Error::configuration(format!("the token provider failed: {source}"))
                        .with_source(source)
                })?;
                (token, None)
            }
        };
        self.kept = Some((token.clone(), until));
        Ok(token)
    }

    pub(super) fn forget(&mut self) {
        self.kept = None;
    }
}

/// Returns the time after which a token is replaced. It is shorter than the token's lifetime,
/// so that the token does not expire on its way to the server.
pub(super) fn refresh_after(life: Duration) -> Duration {
    life - life / 10
}

async fn fetch(http: &Http, app: &EndpointId, life: Duration) -> Result<String> {
    let body = json!({
        "allowed_apps": [app.alias()],
        "token_expiration": life.as_secs().max(1),
    });
    let url = http.url(Host::Rest, "tokens/");
    let request = Request::new(Operation::Token, Method::POST, url)
        .json(Bytes::from(body.to_string()))
        .timeout(http.settings().timeouts.request);
    let reply = http.send(&request).await?;
    if !reply.status.is_success() {
        return Err(reply.error(Operation::Token));
    }
    // The body is not kept in an error, because it can contain the token.
    let value: Option<Value> = serde_json::from_slice(&reply.body).ok();
    value.as_ref().and_then(read).ok_or_else(|| {
        let message = "the reply to the token request has no token";
        Error::new(ErrorKind::Decode, message).with_reply(&reply)
    })
}

/// Reads a token from a string, or from the member `token` of an object. Older proxies call
/// the member `detail`.
pub(super) fn read(reply: &Value) -> Option<String> {
    let text = match reply {
        Value::String(token) => token,
        Value::Object(members) => ["token", "detail"]
            .iter()
            .find_map(|name| members.get(*name)?.as_str())?,
        _ => return None,
    };
    (!text.is_empty()).then(|| text.to_owned())
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fal(_) => "Source(fal)",
            Self::Provider(_) => "Source(provider)",
        })
    }
}
