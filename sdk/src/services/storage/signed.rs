//! Uploads by signed URLs: to the file store, or to a storage bucket.
//!
//! Source: fal's JavaScript client (file store) and Python client (bucket).

use bytes::Bytes;
use reqwest::{Method, Url};
use serde_json::json;

use super::etags::{self, Etags};
use super::facts::Facts;
use super::reply;
use super::request;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::body::Outgoing;
use crate::transport::http::{Host, Http, Operation, Request};

/// What is behind the signed URLs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    FileStore,
    Bucket,
}

impl Kind {
    fn storage_type(self) -> &'static str {
        match self {
            Self::FileStore => "fal-cdn-v3",
            Self::Bucket => "gcs",
        }
    }
}

/// A place that the server promised for a file.
#[derive(Clone)]
pub(super) struct Promise {
    kind: Kind,
    upload_url: Url,
    file_url: String,
}

/// Sends a whole file. A URL that is refused may have expired on a slow way: then
/// another is asked for, once.
pub(super) async fn whole(
    http: &Http,
    kind: Kind,
    facts: &Facts,
    body: &Outgoing,
) -> Result<String> {
    let mut again = true;
    loop {
        let promise = promise(http, kind, facts, "initiate").await?;
        let put = request(Method::PUT, promise.upload_url.clone())
            .without_key()
            .outgoing(body.clone());
        let reply = http.send(&facts.typed(put)).await?;
        if reply.status.is_success() {
            return Ok(promise.file_url);
        }
        let expired = matches!(reply.status.as_u16(), 401 | 403 | 404 | 410);
        if !(expired && std::mem::take(&mut again)) {
            return Err(reply.error(Operation::Upload));
        }
    }
}

/// Begins an upload in parts.
pub(super) async fn begin(http: &Http, kind: Kind, facts: &Facts) -> Result<Promise> {
    promise(http, kind, facts, "initiate-multipart").await
}

async fn promise(http: &Http, kind: Kind, facts: &Facts, route: &str) -> Result<Promise> {
    let mut url = http.url(Host::Rest, &format!("storage/upload/{route}"));
    url.query_pairs_mut()
        .append_pair("storage_type", kind.storage_type());
    let body = json!({"content_type": facts.content_type, "file_name": facts.name});
    let ask = Request::new(Operation::Upload, Method::POST, url)
        .json(Bytes::from(body.to_string()))
        .timeout(http.settings().timeouts.request);
    let reply = http.send(&facts.kept(ask)).await?;
    let value = reply::json(&reply, Operation::Upload)?;
    let text = |name| reply::text(&reply, &value, name, Operation::Upload);
    Ok(Promise {
        kind,
        upload_url: usable(http, &text("upload_url")?)?,
        file_url: text("file_url")?,
    })
}

/// A signed URL: no key goes there, but the file does.
fn usable(http: &Http, text: &str) -> Result<Url> {
    let url = Url::parse(text)
        .map_err(|_| Error::new(ErrorKind::Decode, "the address for the upload is not a URL"))?;
    match http.settings().hosts.is_safe(&url) {
        true => Ok(url),
        false => Err(Error::configuration(format!(
            "the server asks for an unencrypted upload to {}",
            url.host_str().unwrap_or("nowhere")
        ))),
    }
}

impl Promise {
    pub(super) async fn part(&self, http: &Http, number: u32, body: &Outgoing) -> Result<String> {
        let mut url = extended(&self.upload_url, &number.to_string());
        if self.kind == Kind::Bucket {
            url = part_url(http, url).await?;
        }
        let put = request(Method::PUT, url)
            .without_key()
            .outgoing(body.clone());
        let reply = http.send(&put).await?;
        etags::etag(&reply, number)
    }

    pub(super) async fn complete(&self, http: &Http, etags: &Etags) -> Result<String> {
        let listed = match self.kind {
            Kind::FileStore => etags::listed(etags),
            Kind::Bucket => etags::listed_for_bucket(etags),
        };
        let post = request(Method::POST, extended(&self.upload_url, "complete"))
            .without_key()
            .json(Bytes::from(listed.to_string()));
        let reply = http.send(&post).await?;
        reply::success(&reply, Operation::Upload)?;
        Ok(self.file_url.clone())
    }
}

/// A bucket gives every part a URL of its own.
async fn part_url(http: &Http, url: Url) -> Result<Url> {
    let ask = request(Method::POST, url)
        .without_key()
        .json(Bytes::from_static(b"{}"))
        .timeout(http.settings().timeouts.request);
    let reply = http.send(&ask).await?;
    let value = reply::json(&reply, Operation::Upload)?;
    usable(
        http,
        &reply::text(&reply, &value, "upload_url", Operation::Upload)?,
    )
}

/// The path is extended and the query, which holds the signature, kept.
fn extended(url: &Url, segment: &str) -> Url {
    let mut extended = url.clone();
    extended.set_path(&format!("{}/{segment}", url.path().trim_end_matches('/')));
    extended
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::{cases, vectors};

    #[test]
    fn the_signature_stays() {
        let all = cases(&vectors("multipart.json"), "part_url");
        let case = all.iter().find(|case| case["client"] == "js").unwrap();
        let url = Url::parse(case["upload_url"].as_str().unwrap()).unwrap();
        let number = case["part"].to_string();
        assert_eq!(case["expect"], extended(&url, &number).as_str());
        assert_eq!(case["complete"], extended(&url, "complete").as_str());
    }
}
