//! Requests that were made.

use reqwest::Method;
use serde_json::Value;

use super::call::Call;
use super::list::{List, listing};
use super::{Moment, Platform};
use crate::transport::error::Result;
use crate::{open_enum, wire};

listing! {
    /// The requests of endpoints: [`Platform::requests`].
    RequestListing: "models/requests/by-endpoint" => RequestPage, items: RequestItem
}

listing! {
    /// Requests that were searched for: [`Platform::search_requests`].
    SearchListing: "models/requests/search" => SearchPage, results: SearchResult
}

open_enum! {
    /// How requests ended.
    pub enum RequestStatus: String {
        Success = "success",
        Error = "error",
        UserError = "user_error",
    }
}

open_enum! {
    /// What requests are sorted by.
    pub enum SortBy: String {
        EndedAt = "ended_at",
        Duration = "duration",
    }
}

/// A page of requests.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RequestPage {
    /// The requests.
    pub items: Vec<RequestItem>,
    /// The cursor of the next page, if there is one.
    pub next_cursor: Option<String>,
}

wire! {
    RequestPage {
        items: required,
        next_cursor: optional,
    }
}

/// A request that was made. Moments are RFC 3339.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RequestItem {
    /// Its id.
    pub request_id: String,
    /// The endpoint.
    pub endpoint_id: String,
    /// When it was made.
    pub sent_at: Option<String>,
    /// When a runner began with it.
    pub started_at: Option<String>,
    /// When it ended; absent while it runs.
    pub ended_at: Option<String>,
    /// The HTTP status of the model's answer.
    pub status_code: Option<i64>,
    /// How long it took, in seconds.
    pub duration: Option<f64>,
    /// The input, if asked for and kept.
    pub json_input: Option<Value>,
    /// The output, if asked for and kept.
    pub json_output: Option<Value>,
}

wire! {
    RequestItem {
        request_id: required,
        endpoint_id: required,
        sent_at: optional,
        started_at: optional,
        ended_at: optional,
        status_code: optional,
        duration: optional,
        json_input: optional,
        json_output: optional,
    }
}

/// A page of what was found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SearchPage {
    /// The requests, the likest or the latest first.
    pub results: Vec<SearchResult>,
    /// The cursor of the next page, if there is one.
    pub next_cursor: Option<String>,
}

wire! {
    SearchPage {
        results: required,
        next_cursor: optional,
    }
}

/// A request that was found. Moments are RFC 3339.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SearchResult {
    /// Its id.
    pub request_id: String,
    /// The endpoint.
    pub endpoint_id: String,
    /// When it was made.
    pub sent_at: Option<String>,
    /// When a runner began with it.
    pub started_at: Option<String>,
    /// When it ended; absent while it runs.
    pub ended_at: Option<String>,
    /// The HTTP status of the model's answer.
    pub status_code: Option<i64>,
    /// How long it took, in seconds.
    pub duration: Option<f64>,
    /// The input, if kept.
    pub json_input: Option<Value>,
    /// The output, if kept.
    pub json_output: Option<Value>,
    /// How like it is to what was searched for, from 0 to 1.
    pub similarity: Option<f64>,
}

wire! {
    SearchResult {
        request_id: required,
        endpoint_id: required,
        sent_at: optional,
        started_at: optional,
        ended_at: optional,
        status_code: optional,
        duration: optional,
        json_input: optional,
        json_output: optional,
        similarity: optional,
    }
}

/// What became of a file whose deletion was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeletedFile {
    /// The file's URL.
    pub link: String,
    /// Why it could not be deleted; absent if it was.
    pub exception: Option<String>,
}

wire! {
    DeletedFile {
        link: required,
        exception: optional,
    }
}

struct Deletion {
    cdn_delete_results: Vec<DeletedFile>,
}

wire! {
    Deletion {
        cdn_delete_results: required,
    }
}

impl Platform {
    /// The requests that were made of an endpoint.
    pub fn requests(&self, endpoint_id: impl Into<String>) -> List<RequestListing> {
        List::new(&self.http).add("endpoint_id", endpoint_id)
    }

    /// Requests that are like a text, an image or a video; all, the latest first,
    /// if nothing of these is given.
    pub fn search_requests(&self) -> List<SearchListing> {
        List::new(&self.http)
    }

    /// Deletes what the platform keeps of a request: its input and output, and the
    /// files in the output. It needs a key with the `ADMIN` scope.
    ///
    /// # Errors
    /// When there is no such request. A file that could not be deleted is no error:
    /// it says so itself.
    pub async fn delete_payloads(&self, request_id: impl AsRef<str>) -> Result<Vec<DeletedFile>> {
        let call = Call::new(&self.http, Method::DELETE, "models/requests")
            .below(&[request_id.as_ref(), "payloads"])?
            .idempotent();
        Ok(call.send::<Deletion>().await?.cdn_delete_results)
    }
}

impl List<RequestListing> {
    /// Of this endpoint too, up to 50.
    pub fn endpoint(self, id: impl Into<String>) -> Self {
        self.add("endpoint_id", id)
    }

    /// From this moment on.
    pub fn start(self, start: impl Into<Moment>) -> Self {
        self.set("start", start.into().as_str())
    }

    /// Up to this moment.
    pub fn end(self, end: impl Into<Moment>) -> Self {
        self.set("end", end.into().as_str())
    }

    /// Those that ended so.
    pub fn status(self, status: RequestStatus) -> Self {
        self.set("status", status.as_str())
    }

    /// The one with this id.
    pub fn request(self, request_id: impl Into<String>) -> Self {
        self.set("request_id", request_id)
    }

    /// What they are sorted by. Default: when they ended.
    pub fn sort_by(self, sort: SortBy) -> Self {
        self.set("sort_by", sort.as_str())
    }

    /// With inputs and outputs.
    pub fn with_payloads(self) -> Self {
        self.add("expand", "payloads")
    }
}

impl List<SearchListing> {
    /// Requests about something, in words.
    pub fn query(self, words: impl Into<String>) -> Self {
        self.set("query", words)
    }

    /// Requests with an image like this one.
    pub fn image_url(self, url: impl Into<String>) -> Self {
        self.set("image_url", url)
    }

    /// Requests with a video like this one.
    pub fn video_url(self, url: impl Into<String>) -> Self {
        self.set("video_url", url)
    }

    /// How like they have to be, from 0 to 1.
    pub fn min_similarity(self, least: f64) -> Self {
        self.set("min_similarity", least.to_string())
    }

    /// Of this endpoint; called again, of this one too.
    pub fn endpoint(self, id: impl Into<String>) -> Self {
        self.add("endpoint_id", id)
    }

    /// Only those that were made with a key.
    pub fn only_api_requests(self) -> Self {
        self.set("only_api_requests", "true")
    }

    /// Only those that were made on fal's pages.
    pub fn exclude_api_requests(self) -> Self {
        self.set("exclude_api_requests", "true")
    }
}
