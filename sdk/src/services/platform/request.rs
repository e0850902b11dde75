//! Requests to any operation of the platform API.

use std::collections::VecDeque;
use std::future::{IntoFuture, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use percent_encoding::percent_decode_str;
use reqwest::Method;
use serde_json::Value;

use super::Platform;
use super::call::ApiCall;
use super::paging::{PageAndNext, PageRequest, Paging};
use crate::transport::box_future::BoxFuture;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::{Http, Operation};
use crate::transport::opaque::opaque;

/// A request to an operation of the platform API: returned by [`Platform::request`].
/// Awaiting it returns the JSON of the reply.
///
/// A request that only reads (`GET`, `HEAD`) is repeated as the client's policy says. Any
/// other is sent once, unless it is [`idempotent`](Self::idempotent).
#[must_use = "nothing is requested until this is awaited, or its pages or bytes are read"]
pub struct PlatformRequest {
    http: Http,
    method: Method,
    path: String,
    segments: Vec<String>,
    query: Vec<(String, String)>,
    body: Option<Value>,
    idempotent: bool,
}

impl PlatformRequest {
    /// Adds a segment to the path, such as an id. It is encoded.
    pub fn segment(mut self, segment: impl Into<String>) -> Self {
        self.segments.push(segment.into());
        self
    }

    /// Adds a parameter to the query. Called more than once with a name, it adds another
    /// value.
    pub fn query(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// Sets the body.
    pub fn json(mut self, body: impl Into<Value>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sends an idempotency key, for an operation that takes one, so that the request may be
    /// repeated: the platform carries it out once.
    pub fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// Sends the request, and returns the body of the reply as received.
    ///
    /// # Errors
    /// When the path is malformed, or the platform refuses the request or cannot be reached.
    pub fn bytes(self) -> BoxFuture<Result<Bytes>> {
        Box::pin(async move { Ok(self.call()?.reply().await?.body) })
    }

    /// Returns the pages of a list one after the other, each requested when it is needed.
    /// A page follows for as long as one names a cursor (`next_cursor`).
    pub fn pages(self) -> RawPages {
        RawPages {
            paging: Paging::new(self),
        }
    }

    /// Returns the items of all pages one after the other: those of the array `member`, such
    /// as `models` or `assets`.
    pub fn items(self, member: impl Into<String>) -> RawItems {
        RawItems {
            pages: self.pages(),
            member: member.into(),
            ready: VecDeque::new(),
        }
    }

    fn call(&self) -> Result<ApiCall> {
        let path = checked(&self.path)?;
        let segments: Vec<&str> = self.segments.iter().map(String::as_str).collect();
        let call = ApiCall::new(&self.http, self.method.clone(), path);
        let mut call = call.path_segments(&segments)?;
        for (name, value) in &self.query {
            call = call.query(name, value);
        }
        if let Some(body) = &self.body {
            call = call.json(body);
        }
        Ok(match (self.idempotent, self.method.is_safe()) {
            (true, _) => call.idempotent(),
            (false, true) => call,
            (false, false) => call.without_retries(),
        })
    }

    async fn send(&self) -> Result<Value> {
        let reply = self.call()?.reply().await?;
        match reply.body.is_empty() {
            true => Ok(Value::Null),
            false => reply.json(Operation::Platform),
        }
    }

    async fn page(mut self) -> Result<PageAndNext<Self>> {
        let page = self.send().await?;
        let cursor = page.get("next_cursor").and_then(Value::as_str);
        let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) else {
            return Ok((page, None));
        };
        let cursor = ("cursor".to_owned(), cursor.to_owned());
        if self.query.contains(&cursor) {
            let message = "the page of the platform gives its own cursor as that of the next page";
            return Err(Error::new(ErrorKind::Decode, message));
        }
        self.query.retain(|(name, _)| name != "cursor");
        self.query.push(cursor);
        Ok((page, Some(self)))
    }
}

/// The path below `/v1`, which must not lead elsewhere.
fn checked(path: &str) -> Result<&str> {
    let refuse = |why: &str| {
        Err(Error::configuration(format!(
            "{path:?} is not a path of the platform API: {why}"
        )))
    };
    let inner = path.strip_prefix('/').unwrap_or(path);
    if inner.contains(['?', '#']) {
        return refuse("parameters are added with `query`");
    }
    for segment in inner.split('/') {
        let decoded = percent_decode_str(segment).decode_utf8_lossy();
        if matches!(decoded.as_ref(), "" | "." | "..") || decoded.contains(['\\', '/']) {
            return refuse("write it as in `serverless/apps`, and add ids with `segment`");
        }
    }
    Ok(inner)
}

impl IntoFuture for PlatformRequest {
    type Output = Result<Value>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.send().await })
    }
}

/// The pages of a list as JSON: returned by [`PlatformRequest::pages`].
///
/// It is a [`Stream`]; [`next`](Self::next) reads it without further crates. An error is
/// the last item.
#[must_use = "pages are fetched by `next`"]
pub struct RawPages {
    paging: Paging<PlatformRequest>,
}

impl PageRequest for PlatformRequest {
    type Page = Value;

    fn fetch(self) -> BoxFuture<Result<PageAndNext<Self>>> {
        Box::pin(self.page())
    }
}

impl RawPages {
    /// Returns the next page, or `None` after the last.
    pub async fn next(&mut self) -> Option<Result<Value>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl Stream for RawPages {
    type Item = Result<Value>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.paging.poll_page(context)
    }
}

/// The items of a list as JSON: returned by [`PlatformRequest::items`].
///
/// It is a [`Stream`]; [`next`](Self::next) reads it without further crates. An error is
/// the last item.
#[must_use = "items are fetched by `next`"]
pub struct RawItems {
    pages: RawPages,
    member: String,
    ready: VecDeque<Value>,
}

impl RawItems {
    /// Returns the next item, or `None` after the last.
    pub async fn next(&mut self) -> Option<Result<Value>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl Stream for RawItems {
    type Item = Result<Value>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            let mut page = match Pin::new(&mut self.pages).poll_next(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(Some(Ok(page))) => page,
            };
            let this = &mut *self;
            match page.get_mut(&this.member).map(Value::take) {
                Some(Value::Array(items)) => this.ready = items.into(),
                _ => {
                    this.pages.paging.end();
                    let message = format!("the page has no list `{}`", this.member);
                    return Poll::Ready(Some(Err(Error::new(ErrorKind::Decode, message))));
                }
            }
        }
    }
}

impl Platform {
    /// Requests any operation of the platform API, given its path below `/v1`, such as
    /// `organization/teams`. It is for operations without a method of their own.
    ///
    /// ```no_run
    /// # async fn example(fal: fal_sdk::Client) -> fal_sdk::Result<()> {
    /// use fal_sdk::platform::Method;
    ///
    /// let platform = fal.platform();
    /// let mut assets = platform.request(Method::GET, "assets").query("q", "cat").items("assets");
    /// while let Some(asset) = assets.next().await {
    ///     println!("{}", asset?["url"]);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: Method, path: impl Into<String>) -> PlatformRequest {
        PlatformRequest {
            http: self.http.clone(),
            method,
            path: path.into(),
            segments: Vec::new(),
            query: Vec::new(),
            body: None,
            idempotent: false,
        }
    }
}

opaque! { PlatformRequest, RawItems, RawPages }

#[cfg(test)]
mod tests {
    use super::checked;

    #[test]
    fn a_path_stays_below_the_api() {
        for (path, expected) in [
            ("models", "models"),
            ("/organization/teams", "organization/teams"),
            ("workflows/me/my%20flow", "workflows/me/my%20flow"),
        ] {
            assert_eq!(checked(path).unwrap(), expected);
        }
        for bad in [
            "",
            "/",
            "//evil.example/x",
            "../keys",
            "models/..",
            "models/%2e%2e/x",
            "models//x",
            "models?q=1",
            "models#x",
            "a\\..\\b",
            "a/%2Fb",
            "a/./b",
            "models/",
        ] {
            assert!(checked(bad).is_err(), "{bad}");
        }
    }
}
