//! Uploads to the file store with a token.
//!
//! Source: <https://fal.ai/docs/documentation/model-apis/fal-cdn>, and fal's
//! Python client.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use reqwest::header::{CONTENT_LENGTH, HeaderValue};
use reqwest::{Method, StatusCode, Url};
use serde_json::{Value, json};

use super::etags::{self, Etags};
use super::file_headers::FileHeaders;
use super::reply;
use super::request;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::body::Outgoing;
use crate::transport::http::tokens::Token;
use crate::transport::http::{Host, Http, Operation, Reply, Request};
use crate::transport::timestamp;

/// An upload in parts that was started.
#[derive(Clone)]
pub(super) struct Multipart {
    access_url: String,
    parts: Url,
}

/// Sends a whole file.
pub(super) async fn whole(http: &Http, headers: &FileHeaders, body: &Outgoing) -> Result<String> {
    let build = |token: &Token| {
        let url = store(http, token, "files/upload");
        let request = request(Method::POST, url).outgoing(body.clone());
        headers.named(headers.typed(request))
    };
    let reply = send(http, build).await?;
    let value = reply::json(&reply, Operation::Upload)?;
    reply::text(&reply, &value, "access_url", Operation::Upload)
}

/// Starts an upload in parts.
pub(super) async fn begin(http: &Http, headers: &FileHeaders) -> Result<Multipart> {
    let build = |token: &Token| {
        let url = store(http, token, "files/upload/multipart");
        let request = request(Method::POST, url).header(CONTENT_LENGTH, HeaderValue::from(0));
        headers.named(headers.typed(request))
    };
    let reply = send(http, build).await?;
    let value = reply::json(&reply, Operation::Upload)?;
    let access_url = reply::text(&reply, &value, "access_url", Operation::Upload)?;
    let id = reply::text(&reply, &value, "uploadId", Operation::Upload)?;
    let parts = Url::parse(&access_url)
        .ok()
        .and_then(|url| below(url, &["multipart", &id]))
        .ok_or_else(|| {
            let message = "the file store's reply has no usable address for the parts";
            Error::new(ErrorKind::Decode, message).with_reply(&reply)
        })?;
    Ok(Multipart { access_url, parts })
}

impl Multipart {
    pub(super) fn to_json(&self) -> Value {
        json!({"access_url": self.access_url, "parts": self.parts.as_str()})
    }

    /// Reads the JSON of [`to_json`](Self::to_json). A token is sent to the URLs only if they
    /// are fal's or the client's own.
    pub(super) fn of_json(value: &Value) -> Option<Self> {
        Some(Self {
            access_url: value.get("access_url")?.as_str()?.to_owned(),
            parts: Url::parse(value.get("parts")?.as_str()?).ok()?,
        })
    }

    pub(super) async fn part(
        &self,
        http: &Http,
        headers: &FileHeaders,
        number: u32,
        body: &Outgoing,
    ) -> Result<String> {
        let url = self.url(&number.to_string())?;
        let build =
            |_: &Token| headers.typed(request(Method::PUT, url.clone()).outgoing(body.clone()));
        let reply = send(http, build).await?;
        etags::etag(&reply, number)
    }

    pub(super) async fn complete(&self, http: &Http, etags: &Etags) -> Result<String> {
        let url = self.url("complete")?;
        let body = Bytes::from(etags::listed(etags).to_string());
        let build = |_: &Token| request(Method::POST, url.clone()).json(body.clone());
        let reply = send(http, build).await?;
        reply::success(&reply, Operation::Upload)?;
        Ok(self.access_url.clone())
    }

    fn url(&self, last: &str) -> Result<Url> {
        below(self.parts.clone(), &[last]).ok_or_else(|| {
            Error::new(
                ErrorKind::Decode,
                "the address for the parts cannot have a path",
            )
        })
    }
}

/// The URL with further segments, which are encoded.
fn below(mut url: Url, segments: &[&str]) -> Option<Url> {
    url.path_segments_mut()
        .ok()?
        .pop_if_empty()
        .extend(segments);
    Some(url)
}

/// The URL of a path at the file store. Its address is the one in the token's reply, if the
/// token may be sent there, otherwise the one that the client is configured with.
fn store(http: &Http, token: &Token, path: &str) -> Url {
    let named = token
        .base
        .as_deref()
        .and_then(|base| Url::parse(base).ok())
        .filter(|base| http.settings().hosts.takes_tokens(&joined(base, path)));
    match named {
        Some(base) => joined(&base, path),
        None => http.url(Host::Cdn, path),
    }
}

fn joined(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
    url
}

/// Sends a request with a token. If the token is refused, sends it once more with a new one.
async fn send(http: &Http, build: impl Fn(&Token) -> Request) -> Result<Reply> {
    let token = token(http).await?;
    let reply = http.send(&authorized(&build, &token)).await?;
    if reply.status != StatusCode::UNAUTHORIZED {
        return Ok(reply);
    }
    http.cdn_token().forget(&token).await;
    let token = self::token(http).await?;
    http.send(&authorized(&build, &token)).await
}

fn authorized(build: &impl Fn(&Token) -> Request, token: &Arc<Token>) -> Request {
    build(token).token(token.authorization.clone())
}

async fn token(http: &Http) -> Result<Arc<Token>> {
    http.cdn_token().get(fetch_token(http)).await
}

async fn fetch_token(http: &Http) -> Result<Token> {
    let mut url = http.url(Host::Rest, "storage/auth/token");
    url.query_pairs_mut()
        .append_pair("storage_type", "fal-cdn-v3");
    let request = Request::new(Operation::Token, Method::POST, url)
        .json(Bytes::from_static(b"{}"))
        .timeout(http.settings().timeouts.request);
    let reply = http.send(&request).await?;
    let value = reply::json(&reply, Operation::Token)?;
    let text = |name| reply::text(&reply, &value, name, Operation::Token);
    let kind = text("token_type").unwrap_or_else(|_| "Bearer".to_owned());
    let mut authorization = HeaderValue::try_from(format!("{kind} {}", text("token")?))
        .map_err(|_| Error::new(ErrorKind::Decode, "the token cannot be sent in a header"))?;
    authorization.set_sensitive(true);
    Ok(Token::new(
        authorization,
        text("base_url").ok(),
        life(&value),
    ))
}

/// How long the token is valid.
fn life(reply: &Value) -> Duration {
    const UNSAID: Duration = Duration::from_secs(600);
    let Some(end) = reply.get("expires_at").and_then(Value::as_str) else {
        return UNSAID;
    };
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    match timestamp::parse(end).and_then(|end| u64::try_from(end).ok()) {
        Some(end) => Duration::from_secs(end).saturating_sub(now),
        None => UNSAID,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::{cases, vectors};

    #[test]
    fn parts_have_urls_below_the_file() {
        let all = cases(&vectors("multipart.json"), "part_url");
        let case = all.iter().find(|case| case["client"] == "python").unwrap();
        let text = |name: &str| case[name].as_str().unwrap();
        let access_url = text("access_url").to_owned();
        let url = Url::parse(&access_url).unwrap();
        let parts = below(url, &["multipart", text("upload_id")]).unwrap();
        let upload = Multipart { access_url, parts };
        let number = case["part"].to_string();
        assert_eq!(upload.url(&number).unwrap().as_str(), text("expect"));
        assert_eq!(upload.url("complete").unwrap().as_str(), text("complete"));
    }

    #[test]
    fn the_list_of_parts() {
        let tags = [(1, "\"e1\"".to_owned()), (2, "\"e2\"".to_owned())].into();
        let expected = &vectors("multipart.json")["complete_body"];
        assert_eq!(&etags::listed(&tags), expected);
    }
}
