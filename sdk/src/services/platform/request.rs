//! Requests to any operation of the platform API.

use std::future::IntoFuture;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::stream::{BoxStream, StreamExt};
use percent_encoding::percent_decode_str;
use reqwest::Method;
use serde_json::Value;

use super::Platform;
use super::call::ApiCall;
use super::form::Form;
use super::paging::{self, PageAndNext, PageRequest};
use crate::contract::media::Media;
use crate::transport::box_future::BoxFuture;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::{Http, Operation, Reply};
use crate::transport::opaque::opaque;

/// A request to an operation of the platform API: returned by [`Platform::request`].
/// Awaiting it returns the JSON of the reply.
///
/// A request that only reads (`GET`, `HEAD`) is retried as the client's retry policy says.
/// Any other is sent once, unless it is [`idempotent`](Self::idempotent).
#[must_use = "nothing is requested until this is awaited, or its pages or bytes are read"]
pub struct PlatformRequest {
    http: Http,
    method: Method,
    path: String,
    segments: Vec<String>,
    query: Vec<(String, String)>,
    body: Option<Value>,
    form: Form,
    idempotent: bool,
    /// The name of the array whose items are counted, in a list that is read by offset.
    counted: Option<String>,
    /// The page before this one, in a list that is read by offset.
    before: Option<Bytes>,
}

impl PlatformRequest {
    /// Adds a segment to the path, such as an id, and encodes it.
    pub fn segment(mut self, segment: impl Into<String>) -> Self {
        self.segments.push(segment.into());
        self
    }

    /// Adds a parameter to the query. Called more than once with the same name, it adds
    /// further values.
    pub fn query(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// Sets the JSON body of the request. A request has either JSON or a form as its body.
    pub fn json(mut self, body: impl Into<Value>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Adds a text field to the form (`multipart/form-data`) that is the body of the request,
    /// in place of JSON.
    pub fn form_text(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.form.text(name.into(), text.into());
        self
    }

    /// Adds a file to the form (`multipart/form-data`) that is the body of the request, in
    /// place of JSON. The file is a [`Media::path`], which is read while it is sent, or
    /// [`Media::bytes`].
    ///
    /// ```no_run
    /// # async fn example(fal: fal_sdk::Client) -> fal_sdk::Result<()> {
    /// use fal_sdk::Media;
    /// use fal_sdk::platform::Method;
    ///
    /// let platform = fal.platform();
    /// let upload = platform.request(Method::POST, "serverless/files/file/local/notes.txt");
    /// upload.form_file("file_upload", Media::path("notes.txt")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn form_file(mut self, name: impl Into<String>, file: impl Into<Media>) -> Self {
        self.form.file(name.into(), file.into());
        self
    }

    /// Sends an idempotency key with the request, so that it may be retried: the platform
    /// carries it out only once. Use it for operations that accept such a key.
    pub fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// Sends the request and returns the body of the reply as received.
    ///
    /// # Errors
    /// When the path is malformed, or the platform refuses the request or cannot be reached.
    pub fn bytes(self) -> BoxFuture<Result<Bytes>> {
        Box::pin(async move { Ok(self.reply().await?.body) })
    }

    /// Returns a stream of the pages of a list. Each is requested when it is needed. The
    /// list ends with the first page that has no cursor (`next_cursor`).
    pub fn pages(self) -> RawPages {
        RawPages(paging::pages(self, Ok))
    }

    /// Returns a stream of the items of all pages of a list. They are the items of the array
    /// `member` of each page, such as `models` or `assets`.
    pub fn items(self, member: impl Into<String>) -> RawItems {
        let member = member.into();
        RawItems(paging::items(self, move |page| items_of(page, &member)))
    }

    /// Returns a stream of the items of all pages of a list that is read by `offset` and not
    /// by cursors, such as `assets/collections`. They are the items of the array `member` of
    /// each page. The list ends with the first page that has no items. Set `offset` and
    /// `limit` with [`query`](Self::query) to choose where the first page begins and how
    /// many items a page has.
    pub fn items_by_offset(mut self, member: impl Into<String>) -> RawItems {
        let member = member.into();
        self.counted = Some(member.clone());
        self.items(member)
    }

    async fn reply(&self) -> Result<Reply> {
        let call = self.call()?;
        let call = match (self.form.is_empty(), &self.body) {
            (true, None) => call,
            (true, Some(body)) => call.json(body),
            (false, None) => call.form(self.form.encode().await?),
            (false, Some(_)) => {
                let message = "a request has either JSON or a form as its body";
                return Err(Error::new(ErrorKind::Usage, message));
            }
        };
        call.reply().await
    }

    fn call(&self) -> Result<ApiCall> {
        let path = checked(&self.path)?;
        let segments: Vec<&str> = self.segments.iter().map(String::as_str).collect();
        let call = ApiCall::new(&self.http, self.method.clone(), path);
        let mut call = call.path_segments(&segments)?;
        for (name, value) in &self.query {
            call = call.query(name, value);
        }
        Ok(match (self.idempotent, self.method.is_safe()) {
            (true, _) => call.idempotent(),
            (false, true) => call,
            (false, false) => call.without_retries(),
        })
    }

    async fn send(&self) -> Result<Value> {
        json(&self.reply().await?)
    }

    async fn page(self) -> Result<PageAndNext<Self>> {
        let reply = self.reply().await?;
        let page = json(&reply)?;
        let next = match &self.counted {
            Some(member) => {
                let items = page.get(member).and_then(Value::as_array);
                match items.map_or(0, Vec::len) {
                    0 => None,
                    count => Some(self.after(count, reply.body)?),
                }
            }
            None => {
                let cursor = page.get("next_cursor").and_then(Value::as_str);
                match cursor.filter(|cursor| !cursor.is_empty()) {
                    Some(cursor) => Some(self.at_cursor(cursor)?),
                    None => None,
                }
            }
        };
        Ok((page, next))
    }

    /// The request for the page after this one, which had `count` items.
    fn after(mut self, count: usize, page: Bytes) -> Result<Self> {
        self.before = Some(paging::check_new(self.before.as_ref(), page)?);
        let given = self.query.iter().find(|(name, _)| name == "offset");
        let offset = paging::offset_after(given.map(|(_, offset)| offset), count);
        Ok(self.with("offset", offset))
    }

    fn at_cursor(self, cursor: &str) -> Result<Self> {
        let cursor = ("cursor".to_owned(), cursor.to_owned());
        paging::check_cursor(self.query.contains(&cursor))?;
        Ok(self.with("cursor", cursor.1))
    }

    /// The request with another value of a parameter.
    fn with(mut self, name: &str, value: String) -> Self {
        self.query.retain(|(known, _)| known != name);
        self.query.push((name.to_owned(), value));
        self
    }
}

fn json(reply: &Reply) -> Result<Value> {
    match reply.body.is_empty() {
        true => Ok(Value::Null),
        false => reply.json(Operation::Platform),
    }
}

/// Checks that a path stays below `/v1`, and returns it without a leading slash.
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
pub struct RawPages(BoxStream<'static, Result<Value>>);

impl PageRequest for PlatformRequest {
    type Page = Value;

    fn fetch(self) -> BoxFuture<Result<PageAndNext<Self>>> {
        Box::pin(self.page())
    }
}

impl RawPages {
    /// Returns the next page, or `None` after the last.
    pub async fn next(&mut self) -> Option<Result<Value>> {
        self.0.next().await
    }
}

impl Stream for RawPages {
    type Item = Result<Value>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(context)
    }
}

/// The items of a list as JSON: returned by [`PlatformRequest::items`].
///
/// It is a [`Stream`]; [`next`](Self::next) reads it without further crates. An error is
/// the last item.
#[must_use = "items are fetched by `next`"]
pub struct RawItems(BoxStream<'static, Result<Value>>);

impl RawItems {
    /// Returns the next item, or `None` after the last.
    pub async fn next(&mut self) -> Option<Result<Value>> {
        self.0.next().await
    }
}

impl Stream for RawItems {
    type Item = Result<Value>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(context)
    }
}

/// The items of the array `member` of a page.
fn items_of(mut page: Value, member: &str) -> Result<Vec<Value>> {
    match page.get_mut(member).map(Value::take) {
        Some(Value::Array(items)) => Ok(items),
        _ => {
            let message = format!("the page has no list `{member}`");
            Err(Error::new(ErrorKind::Decode, message))
        }
    }
}

impl Platform {
    /// Creates a request to any operation of the platform API, given its path below `/v1`,
    /// such as `organization/teams`. It is meant for operations that have no method of their
    /// own here.
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
            form: Form::default(),
            idempotent: false,
            counted: None,
            before: None,
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
