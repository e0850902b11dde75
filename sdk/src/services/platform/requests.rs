//! Earlier requests to endpoints.

use reqwest::Method;
use serde_json::Value;

use super::Platform;
use super::call::ApiCall;
use super::list::ListRequest;
use super::listing::{filters, listing};
use crate::transport::error::Result;
use crate::{object, open_enum};

listing! {
    /// The list of the requests that were made to endpoints: see [`Platform::requests`].
    RequestListing: "models/requests/by-endpoint",
    RequestPage {
        /// The requests.
        items: RequestItem
    }
}

filters! { RequestListing: endpoint, start, end }

listing! {
    /// The list of the requests that a search finds: see
    /// [`Platform::search_requests`].
    SearchListing: "models/requests/search",
    SearchPage {
        /// The requests: the most similar first or, if nothing was searched for, the latest.
        results: RequestItem
    }
}

filters! { SearchListing: endpoint }

open_enum! {
    /// How a request to an endpoint ended.
    pub enum RequestStatus: String {
        Success = "success",
        Error = "error",
        UserError = "user_error",
    }
}

open_enum! {
    /// The value by which requests are sorted.
    pub enum SortBy: String {
        EndedAt = "ended_at",
        Duration = "duration",
    }
}

object! {
    /// An earlier request to an endpoint: see [`Platform::requests`].
    pub struct RequestItem {
        /// The id of the request.
        pub request_id: required String;
        /// The id of the endpoint.
        pub endpoint_id: required String;
        /// When the request was made, in RFC 3339.
        pub sent_at: optional String;
        /// When a runner began to work on the request, in RFC 3339.
        pub started_at: optional String;
        /// When the request ended, in RFC 3339. Absent while it runs.
        pub ended_at: optional String;
        /// The HTTP status of the model's answer.
        pub status_code: optional i64;
        /// How long the request took, in seconds.
        pub duration: optional f64;
        /// The input, if the platform kept it. [`Platform::requests`] returns it only
        /// with [`ListRequest::with_payloads`].
        pub json_input: optional Value;
        /// The output, if the platform kept it. [`Platform::requests`] returns it only with
        /// [`ListRequest::with_payloads`].
        pub json_output: optional Value;
        /// How similar the request is to what was searched for, from 0 to 1. Present in
        /// the results of [`Platform::search_requests`] only.
        pub similarity: optional f64;
    }
}

object! {
    /// The outcome of deleting one file: see [`Platform::delete_payloads`].
    #[derive(Eq)]
    pub struct DeletedFile {
        /// The URL of the file.
        pub link: required String;
        /// The reason why the file could not be deleted. Absent if it was deleted.
        pub exception: optional String;
    }
}

impl Platform {
    /// Lists the requests that the account made to an endpoint.
    pub fn requests(&self, endpoint_id: impl Into<String>) -> ListRequest<RequestListing> {
        ListRequest::new(&self.http).add("endpoint_id", endpoint_id)
    }

    /// Searches the account's requests for those that are similar to a text, an image or a
    /// video. Without any of these it lists all requests, the latest first.
    pub fn search_requests(&self) -> ListRequest<SearchListing> {
        ListRequest::new(&self.http)
    }

    /// Deletes the input and the output of a request, which the platform keeps, and the
    /// files in the output. It needs a key with the `ADMIN` scope.
    ///
    /// # Errors
    /// When there is no such request. A file that could not be deleted is not an error: its
    /// [`DeletedFile::exception`] has the reason.
    pub async fn delete_payloads(&self, request_id: impl AsRef<str>) -> Result<Vec<DeletedFile>> {
        let call = ApiCall::new(&self.http, Method::DELETE, "models/requests")
            .path_segments(&[request_id.as_ref(), "payloads"])?
            .idempotent();
        call.send_member("cdn_delete_results").await
    }
}

impl ListRequest<RequestListing> {
    /// Lists only requests that ended with this status.
    pub fn status(self, status: RequestStatus) -> Self {
        self.set("status", status.as_str())
    }

    /// Lists only the request with this id.
    pub fn request(self, request_id: impl Into<String>) -> Self {
        self.set("request_id", request_id)
    }

    /// Sets the value by which the requests are sorted. Default: [`SortBy::EndedAt`].
    pub fn sort_by(self, sort: SortBy) -> Self {
        self.set("sort_by", sort.as_str())
    }

    /// Includes the input and the output of each request.
    pub fn with_payloads(self) -> Self {
        self.add("expand", "payloads")
    }
}

impl ListRequest<SearchListing> {
    /// Searches for requests that match a description in words.
    pub fn query(self, words: impl Into<String>) -> Self {
        self.set("query", words)
    }

    /// Searches for requests with an image that is similar to the one at this URL.
    pub fn image_url(self, url: impl Into<String>) -> Self {
        self.set("image_url", url)
    }

    /// Searches for requests with a video that is similar to the one at this URL.
    pub fn video_url(self, url: impl Into<String>) -> Self {
        self.set("video_url", url)
    }

    /// Leaves out requests that are less similar than this, from 0 to 1.
    pub fn min_similarity(self, least: f64) -> Self {
        self.set("min_similarity", least.to_string())
    }

    /// Lists only requests that were made with an API key.
    pub fn only_api_requests(self) -> Self {
        self.set("only_api_requests", "true")
    }

    /// Lists only requests that were made on fal's web pages.
    pub fn exclude_api_requests(self) -> Self {
        self.set("exclude_api_requests", "true")
    }
}
