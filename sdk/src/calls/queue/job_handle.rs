//! The handle through which requests about a job are sent: its ids, its URLs and a
//! client's connections.
//!
//! The reply to a submit has the job's URLs. They are used if they are at the queue's own
//! address and belong to this request. Otherwise they are replaced by URLs that are built from
//! the ids, because the key could be sent to another address.

use std::sync::Arc;

use reqwest::{Method, Url};

use super::record::Record;
use crate::calls::call::explain_wrapper;
use crate::calls::detailed::{Answer, Detailed};
use crate::contract::wire::Decode;
use crate::transport::endpoint_id::EndpointId;
use crate::transport::error::{Error, Result};
use crate::transport::http::{Host, Http, Operation, Request};

/// A job, and the connections over which requests about it are sent.
#[derive(Clone)]
pub(crate) struct JobHandle {
    pub(crate) http: Http,
    pub(super) urls: Arc<JobUrls>,
    /// Whether the input is an object whose only member is `input`.
    is_wrapped: bool,
}

/// A job's ids, and its URLs after they were checked.
#[derive(Debug, Clone)]
pub(super) struct JobUrls {
    endpoint: EndpointId,
    request_id: Arc<str>,
    pub(super) status: Url,
    pub(super) result: Url,
    pub(super) cancel: Url,
}

impl JobHandle {
    /// Checks the URLs of a record against the client's own queue.
    pub(crate) fn new(http: Http, record: &Record) -> Self {
        let endpoint = record.endpoint.clone();
        let request_id = Arc::clone(&record.request_id);
        let built = |suffix: &str| {
            let path = format!("{}/requests/{request_id}{suffix}", endpoint.app());
            http.url(Host::Queue, &path)
        };
        let checked = |url: &Option<String>, suffix: &str| {
            trusted(&http, url.as_deref(), &request_id).unwrap_or_else(|| built(suffix))
        };
        let urls = JobUrls {
            status: checked(&record.status_url, "/status"),
            result: checked(&record.response_url, ""),
            cancel: checked(&record.cancel_url, "/cancel"),
            request_id: Arc::clone(&request_id),
            endpoint: endpoint.clone(),
        };
        Self {
            urls: Arc::new(urls),
            http,
            is_wrapped: false,
        }
    }

    /// Records whether the input is an object whose only member is `input`.
    pub(super) fn wrapped(mut self, is_wrapped: bool) -> Self {
        self.is_wrapped = is_wrapped;
        self
    }

    /// The id of the request, which is the id of the job.
    pub(crate) fn request_id(&self) -> &Arc<str> {
        &self.urls.request_id
    }

    /// The endpoint that runs the job.
    pub(crate) fn endpoint(&self) -> &EndpointId {
        &self.urls.endpoint
    }

    /// Returns what is needed to find the job again from another program.
    pub(crate) fn record(&self) -> Record {
        let urls = &self.urls;
        Record {
            endpoint: urls.endpoint.clone(),
            request_id: Arc::clone(&urls.request_id),
            status_url: Some(urls.status.to_string()),
            response_url: Some(urls.result.to_string()),
            cancel_url: Some(urls.cancel.to_string()),
        }
    }

    /// The HTTP request for the job's status.
    pub(super) fn status_request(&self, logs: bool) -> Request {
        let settings = self.http.settings();
        let url = with_logs(self.urls.status.clone(), logs);
        let request = Request::new(Operation::Status, Method::GET, url)
            .timeout(settings.timeouts.request)
            .limit(settings.limits.reply);
        match logs {
            true => request.tail_of("logs"),
            false => request,
        }
    }

    /// The URL of the stream of the job's status.
    pub(super) fn stream_url(&self, logs: bool) -> Url {
        let mut url = self.urls.status.clone();
        let path = format!("{}/stream", url.path().trim_end_matches('/'));
        url.set_path(&path);
        with_logs(url, logs)
    }

    /// Decodes the output of the job, and returns it with its details.
    ///
    /// # Errors
    /// When the JSON does not have the output's shape; it is kept in the error.
    pub(super) fn decode<O: Decode>(&self, answer: Answer) -> Result<Detailed<O>> {
        let decoded = answer.decode();
        let mut detailed = decoded.map_err(|error| self.with_job_context(error))?;
        detailed.request_id = Some(self.request_id().to_string());
        Ok(detailed)
    }

    /// Adds the job's ids to an error, and a hint if the error comes from a wrapped input.
    pub(crate) fn with_job_context(&self, error: Error) -> Error {
        explain_wrapper(error, self.is_wrapped)
            .with_endpoint(self.urls.endpoint.shared())
            .with_request_id(Some(Arc::clone(&self.urls.request_id)))
    }
}

fn with_logs(mut url: Url, logs: bool) -> Url {
    url.query_pairs_mut()
        .append_pair("logs", if logs { "1" } else { "0" });
    url
}

/// The URL, if the key may be sent to it: if it is at the queue's own address and belongs to
/// this request.
fn trusted(http: &Http, url: Option<&str>, request_id: &str) -> Option<Url> {
    let mut url = Url::parse(url?).ok()?;
    let about = format!("/requests/{request_id}");
    let is_about = url.path().find(&about).is_some_and(|at| {
        matches!(
            url.path().as_bytes().get(at + about.len()),
            None | Some(b'/')
        )
    });
    let is_own = http.settings().hosts.base(Host::Queue).owns(&url);
    url.set_fragment(None);
    (is_own && is_about).then_some(url)
}
