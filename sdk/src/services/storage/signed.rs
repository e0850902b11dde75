//! Uploads to signed URLs, of the file store or of a storage bucket.
//!
//! Source: fal's JavaScript client (file store) and Python client (bucket).

use bytes::Bytes;
use reqwest::{Method, Url};
use serde_json::json;

use super::etags::{self, Etags};
use super::file_headers::FileHeaders;
use super::reply;
use super::request;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::body::Outgoing;
use crate::transport::http::{Host, Http, Operation, Request};

/// The store that the signed URLs lead to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SignedStore {
    FileStore,
    Bucket,
}

impl SignedStore {
    fn storage_type(self) -> &'static str {
        match self {
            Self::FileStore => "fal-cdn-v3",
            Self::Bucket => "gcs",
        }
    }
}

/// An upload that the server prepared: the URL that the file is sent to, and the URL that it
/// will be read from.
#[derive(Clone)]
pub(super) struct SignedUpload {
    store: SignedStore,
    upload_url: Url,
    file_url: String,
}

/// Sends a whole file. If the signed URL is refused, which happens when it expires during a
/// slow upload, a new one is requested, once.
pub(super) async fn whole(
    http: &Http,
    store: SignedStore,
    headers: &FileHeaders,
    body: &Outgoing,
) -> Result<String> {
    let mut again = true;
    loop {
        let upload = reserve(http, store, headers, "initiate").await?;
        let put = request(Method::PUT, upload.upload_url.clone())
            .without_key()
            .outgoing(body.clone());
        let reply = http.send(&headers.typed(put)).await?;
        if reply.status.is_success() {
            return Ok(upload.file_url);
        }
        let expired = matches!(reply.status.as_u16(), 401 | 403 | 404 | 410);
        if !(expired && std::mem::take(&mut again)) {
            return Err(reply.error(Operation::Upload));
        }
    }
}

/// Begins an upload in parts.
pub(super) async fn begin(
    http: &Http,
    store: SignedStore,
    headers: &FileHeaders,
) -> Result<SignedUpload> {
    reserve(http, store, headers, "initiate-multipart").await
}

async fn reserve(
    http: &Http,
    store: SignedStore,
    headers: &FileHeaders,
    route: &str,
) -> Result<SignedUpload> {
    let mut url = http.url(Host::Rest, &format!("storage/upload/{route}"));
    url.query_pairs_mut()
        .append_pair("storage_type", store.storage_type());
    let body = json!({"content_type": headers.content_type, "file_name": headers.name});
    let ask = Request::new(Operation::Upload, Method::POST, url)
        .json(Bytes::from(body.to_string()))
        .timeout(http.settings().timeouts.request);
    let reply = http.send(&headers.kept(ask)).await?;
    let value = reply::json(&reply, Operation::Upload)?;
    let text = |name| reply::text(&reply, &value, name, Operation::Upload);
    Ok(SignedUpload {
        store,
        upload_url: usable(http, &text("upload_url")?)?,
        file_url: text("file_url")?,
    })
}

/// Checks a signed URL, to which the file is sent without the key.
fn usable(http: &Http, text: &str) -> Result<Url> {
    let url = Url::parse(text)
        .map_err(|_| Error::new(ErrorKind::Decode, "the address for the upload is not a URL"))?;
    match http.settings().hosts.is_safe(&url) {
        true => Ok(url),
        false => Err(Error::configuration(format!(
            "the upload address in the reply is not encrypted; its host is {}",
            url.host_str().unwrap_or("nowhere")
        ))),
    }
}

impl SignedUpload {
    pub(super) async fn part(&self, http: &Http, number: u32, body: &Outgoing) -> Result<String> {
        let mut url = extended(&self.upload_url, &number.to_string());
        if self.store == SignedStore::Bucket {
            url = part_url(http, url).await?;
        }
        let put = request(Method::PUT, url)
            .without_key()
            .outgoing(body.clone());
        let reply = http.send(&put).await?;
        etags::etag(&reply, number)
    }

    pub(super) async fn complete(&self, http: &Http, etags: &Etags) -> Result<String> {
        let listed = match self.store {
            SignedStore::FileStore => etags::listed(etags),
            SignedStore::Bucket => etags::listed_for_bucket(etags),
        };
        let post = request(Method::POST, extended(&self.upload_url, "complete"))
            .without_key()
            .json(Bytes::from(listed.to_string()));
        let reply = http.send(&post).await?;
        reply::success(&reply, Operation::Upload)?;
        Ok(self.file_url.clone())
    }
}

/// Requests the URL of a part. In a bucket, each part has a URL of its own.
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

/// Extends the path, and keeps the query, which contains the signature.
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
