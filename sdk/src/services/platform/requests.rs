//! Earlier requests to endpoints.

use reqwest::Method;
use serde_json::Value;

use super::Platform;
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
        let segments = [request_id.as_ref(), "payloads"];
        let call = self.call(Method::DELETE, "models/requests", &segments)?;
        call.send_member("cdn_delete_results").await
    }
}

filters! {
    RequestListing {
        /// Lists only requests that ended with this status.
        status(status: RequestStatus) => set "status";
        /// Lists only the request with this id.
        request(request_id) => set "request_id";
        /// Sets the value by which the requests are sorted. Default: [`SortBy::EndedAt`].
        sort_by(sort: SortBy) => set "sort_by";
        /// Includes the input and the output of each request.
        with_payloads() => add "expand" = "payloads";
    }
}

filters! {
    SearchListing {
        /// Searches for requests that match a description in words.
        query(words) => set "query";
        /// Searches for requests with an image that is similar to the one at this URL.
        image_url(url) => set "image_url";
        /// Searches for requests with a video that is similar to the one at this URL.
        video_url(url) => set "video_url";
        /// Leaves out requests that are less similar than this, from 0 to 1.
        min_similarity(least: f64) => set "min_similarity";
        /// Lists only requests that were made with an API key.
        only_api_requests() => set "only_api_requests" = "true";
        /// Lists only requests that were made on fal's web pages.
        exclude_api_requests() => set "exclude_api_requests" = "true";
    }
}
