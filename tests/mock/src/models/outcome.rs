//! The outcome of a call, which is the reply of the model's server.

use bytes::Bytes;
use hyper::{
    HeaderMap, StatusCode,
    header::{CONTENT_TYPE, HeaderName},
    http::HeaderValue,
};
use serde_json::{Value, json};

use crate::{
    http::reply::{Reply, ReplyBody},
    models::{
        endpoint::Endpoint,
        media::{CDN_PLACEHOLDER, relocate},
        schema::Violation,
    },
    protocol::host::{Host, Origin},
    script::{Failure, Script},
};

/// The reply of the model's server, stored with the job.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The error in the completed status of a failed job.
    pub(crate) error: Option<String>,
    pub(crate) error_type: Option<String>,
}

/// Produces the outcome of a call: the failure of the script, or the violations of the input, or an output.
pub(crate) fn produce(
    endpoint: &Endpoint,
    script: &Script,
    input: &[u8],
    origin: &Origin,
) -> Outcome {
    if let Some(failure) = &script.failure {
        return Outcome::failed(failure);
    }
    if script.validate != Some(false) {
        let violations = violations(endpoint, input);
        if !violations.is_empty() {
            return Outcome::failed(&Failure::new(422, json!({ "detail": violations })));
        }
    }
    let mut outcome = Outcome::new(StatusCode::OK, output(endpoint, script, origin));
    if let Some(kind) = script
        .raw
        .as_ref()
        .and_then(|raw| HeaderValue::try_from(&raw.content_type).ok())
    {
        outcome.headers.insert(CONTENT_TYPE, kind);
    }
    outcome.add_headers(script.headers.iter().flatten());
    outcome
}

fn output(endpoint: &Endpoint, script: &Script, origin: &Origin) -> Bytes {
    match (&script.raw, &script.output) {
        (Some(raw), _) => raw.body(),
        (None, Some(output)) => output.to_string().into(),
        (None, None) => {
            let verbatim = script.outputs_verbatim == Some(true);
            let output = |base: &str| endpoint.model().output(base, verbatim);
            match &script.bucket {
                Some(bucket) => {
                    relocate(&output(CDN_PLACEHOLDER), |name| bucket.file_url(name)).into()
                }
                None => output(&origin.base(Host::Cdn)).into(),
            }
        }
    }
}

fn violations(endpoint: &Endpoint, input: &[u8]) -> Vec<Violation> {
    if input.is_empty() {
        return vec![Violation::no_body()];
    }
    match serde_json::from_slice::<Value>(input) {
        Ok(value) => endpoint.model().violations(&value),
        Err(error) => vec![Violation::invalid_json(&error)],
    }
}

impl Outcome {
    fn new(status: StatusCode, body: Bytes) -> Self {
        Self {
            status,
            headers: HeaderMap::from_iter([(
                CONTENT_TYPE,
                HeaderValue::from_static("application/json"),
            )]),
            body,
            error: None,
            error_type: None,
        }
    }

    /// The outcome of a failed call, with the error text of fal's status replies (fal docs, `inference/queue`).
    pub(crate) fn failed(failure: &Failure) -> Self {
        let status =
            StatusCode::from_u16(failure.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut outcome = Self::new(status, failure.body.to_string().into());
        let text = |key: &str| {
            failure
                .body
                .get(key)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        outcome.error_type = text("error_type");
        let platform = outcome.error_type.is_some();
        let platform = platform.then(|| text("detail")).flatten();
        outcome.error =
            Some(platform.unwrap_or_else(|| format!("Invalid status code: {}", failure.status)));
        outcome.add_headers(&failure.headers);
        outcome
    }

    /// The outcome of a cancelled job.
    pub(crate) fn cancelled() -> Self {
        Self::failed(&Failure::platform(
            499,
            "client_cancelled",
            "Request was cancelled by the client",
        ))
    }

    /// The outcome of a job that did not start within the caller's start timeout.
    pub(crate) fn not_started_in_time() -> Self {
        let failure = Failure::platform(
            504,
            "request_timeout",
            "Request did not start within the requested timeout",
        );
        Self::failed(&failure.header("x-fal-request-timeout-type", "user"))
    }

    pub(crate) fn is_success(&self) -> bool {
        self.status.is_success()
    }

    /// The stored reply, with the request's id.
    pub(crate) fn reply(&self, request_id: &str) -> Reply {
        let reply = Reply {
            status: self.status,
            headers: self.headers.clone(),
            body: ReplyBody::Full(self.body.clone()),
        };
        reply.request_id(request_id)
    }

    fn add_headers<'h>(&mut self, headers: impl IntoIterator<Item = (&'h String, &'h String)>) {
        for (name, value) in headers {
            if let (Ok(name), Ok(value)) =
                (HeaderName::try_from(name), HeaderValue::try_from(value))
            {
                self.headers.insert(name, value);
            }
        }
    }
}
