//! Where a job is asked about.
//!
//! The reply to a submit names its URLs. They are followed where they are on the
//! queue's own address and about this request; others would lead the key astray
//! and are built from the ids instead.

use std::sync::Arc;

use reqwest::{Method, Url};

use super::record::Record;
use crate::transport::endpoint_id::EndpointId;
use crate::transport::error::Error;
use crate::transport::http::{Host, Http, Operation, Request};

/// A job, and the connections to ask about it.
#[derive(Clone)]
pub(crate) struct Attached {
    pub(crate) http: Http,
    pub(crate) place: Arc<Place>,
}

/// A job's ids and checked URLs.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) endpoint: EndpointId,
    pub(crate) request_id: Arc<str>,
    pub(super) status: Url,
    pub(super) result: Url,
    pub(super) cancel: Url,
}

impl Attached {
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
        let place = Place {
            status: checked(&record.status_url, "/status"),
            result: checked(&record.response_url, ""),
            cancel: checked(&record.cancel_url, "/cancel"),
            request_id: Arc::clone(&request_id),
            endpoint: endpoint.clone(),
        };
        Self {
            place: Arc::new(place),
            http,
        }
    }

    pub(crate) fn record(&self) -> Record {
        let place = &self.place;
        Record {
            endpoint: place.endpoint.clone(),
            request_id: Arc::clone(&place.request_id),
            status_url: Some(place.status.to_string()),
            response_url: Some(place.result.to_string()),
            cancel_url: Some(place.cancel.to_string()),
        }
    }

    /// The question for the job's status.
    pub(super) fn status_request(&self, logs: bool) -> Request {
        let settings = self.http.settings();
        let url = with_logs(self.place.status.clone(), logs);
        Request::new(Operation::Status, Method::GET, url)
            .timeout(settings.timeouts.request)
            .limit(settings.limits.reply)
    }

    pub(super) fn stream_url(&self, logs: bool) -> Url {
        let mut url = self.place.status.clone();
        let path = format!("{}/stream", url.path().trim_end_matches('/'));
        url.set_path(&path);
        with_logs(url, logs)
    }

    /// The error with the job's ids.
    pub(crate) fn name(&self, error: Error) -> Error {
        error
            .with_endpoint(self.place.endpoint.shared())
            .with_job_id(Arc::clone(&self.place.request_id))
    }
}

fn with_logs(mut url: Url, logs: bool) -> Url {
    url.query_pairs_mut()
        .append_pair("logs", if logs { "1" } else { "0" });
    url
}

/// A URL that the key may follow: on the queue's address to the letter, and about
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
