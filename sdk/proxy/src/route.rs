//! The calls that are passed on, and how they are recognised by their URL.

use fal_sdk::forward::{Target, TargetError};
use fal_sdk::{Client, EndpointId, Host, Operation};
use http::{HeaderMap, Method};

use crate::allow_list::AllowList;
use crate::call::Action;
use crate::headers;
use crate::refusal::Refusal;

/// The calls that the owner of the key allows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Policy {
    pub(crate) endpoints: AllowList,
    pub(crate) uploads: bool,
    pub(crate) webhooks: bool,
}

/// A call that is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) action: Action,
    pub(crate) endpoint: Option<EndpointId>,
    pub(crate) request_id: Option<String>,
}

impl Route {
    pub(crate) fn method(&self) -> Method {
        match self.action {
            Action::Run | Action::Stream | Action::Submit | Action::Upload => Method::POST,
            Action::Status | Action::StatusStream | Action::Result => Method::GET,
            Action::Cancel => Method::PUT,
        }
    }

    /// Whether the body of the browser's request is passed on.
    pub(crate) fn has_body(&self) -> bool {
        self.method() == Method::POST
    }

    pub(crate) fn operation(&self) -> Operation {
        match self.action {
            Action::Run => Operation::Run,
            Action::Stream => Operation::Stream,
            Action::Submit => Operation::Submit,
            Action::Status => Operation::Status,
            Action::StatusStream => Operation::StatusStream,
            Action::Result => Operation::Result,
            Action::Cancel => Operation::Cancel,
            Action::Upload => Operation::Upload,
        }
    }

    fn of_endpoint(action: Action, endpoint: EndpointId) -> Self {
        Self {
            action,
            endpoint: Some(endpoint),
            request_id: None,
        }
    }
}

/// Reads the URL that the browser's client wants to call.
///
/// # Errors
/// When the header is missing or appears twice, and when the URL is not one of fal's.
pub(crate) fn target(client: &Client, headers: &HeaderMap) -> Result<Target, Refusal> {
    let mut values = headers.get_all(headers::TARGET).iter();
    let invalid = |why: &str| {
        Refusal::bad_request(
            "invalid_target",
            format!("the URL in `x-fal-target-url` cannot be used: {why}"),
        )
    };
    let Some(value) = values.next() else {
        return Err(Refusal::bad_request(
            "missing_target",
            "the header `x-fal-target-url` is missing: this is a proxy for fal's clients, which \
             send it when `proxyUrl` is set",
        ));
    };
    if values.next().is_some() {
        return Err(invalid("the header appears more than once"));
    }
    let text = value
        .to_str()
        .map_err(|_| invalid("the header contains characters that are not allowed in a URL"))?;
    client.target(text).map_err(|error| match error {
        TargetError::ForeignHost => {
            Refusal::bad_request("foreign_host", "the URL is not on one of fal's hosts")
        }
        error => invalid(&error.to_string()),
    })
}

/// Decides whether a call is allowed.
///
/// # Errors
/// When the call is not allowed. The refusal says which rule forbids it.
pub(crate) fn route(policy: &Policy, method: &Method, target: &Target) -> Result<Route, Refusal> {
    let route = match target.service() {
        Host::Run => run(policy, target.path())?,
        Host::Queue => queue(policy, target.path())?,
        Host::Rest => upload(policy, target)?,
        _ => return Err(not_a_route()),
    };
    if *method != route.method() {
        let needed = route.method();
        return Err(Refusal::bad_request(
            "method_not_allowed",
            format!("the method of this call must be {needed}"),
        ));
    }
    match target.query() {
        Some(query) if route.action != Action::Upload => check_query(policy, &route, query)?,
        _ => {}
    }
    Ok(route)
}

fn not_a_route() -> Refusal {
    Refusal::bad_request(
        "route_not_allowed",
        "the URL is not one of those that this proxy passes on",
    )
}

fn not_allowed(endpoint: &str) -> Refusal {
    Refusal::bad_request(
        "endpoint_not_allowed",
        format!("the endpoint {endpoint} is not among those that this proxy allows"),
    )
}

/// The endpoint that a path names. The older form of ids, without a slash, is refused, since
/// clients never put it into URLs.
fn endpoint(path: &str) -> Result<EndpointId, Refusal> {
    let is_of_jobs = path.split('/').any(|segment| segment == "requests");
    match EndpointId::parse(path) {
        Ok(endpoint) if path.contains('/') && !is_of_jobs => Ok(endpoint),
        _ => Err(not_a_route()),
    }
}

fn run(policy: &Policy, path: &str) -> Result<Route, Refusal> {
    let called = endpoint(path)?;
    let above = path.strip_suffix("/stream");
    let streaming = above.and_then(|above| endpoint(above).ok());
    if let Some(streaming) = streaming.filter(|above| policy.endpoints.allows(above)) {
        return Ok(Route::of_endpoint(Action::Stream, streaming));
    }
    if !policy.endpoints.allows(&called) {
        return Err(not_allowed(path));
    }
    let action = match above {
        Some(_) => Action::Stream,
        None => Action::Run,
    };
    Ok(Route::of_endpoint(action, called))
}

fn queue(policy: &Policy, path: &str) -> Result<Route, Refusal> {
    if let Some((app, job)) = path.split_once("/requests/") {
        return about_a_job(policy, app, job);
    }
    let submitted = endpoint(path)?;
    match policy.endpoints.allows(&submitted) {
        true => Ok(Route::of_endpoint(Action::Submit, submitted)),
        false => Err(not_allowed(path)),
    }
}

/// The route of a call about a job. Its URL is below the app of the job's endpoint.
fn about_a_job(policy: &Policy, app: &str, job: &str) -> Result<Route, Refusal> {
    let endpoint = endpoint(app)?;
    let segments: Vec<&str> = job.split('/').collect();
    let (request_id, action) = match segments[..] {
        [id] | [id, "response"] => (id, Action::Result),
        [id, "status"] => (id, Action::Status),
        [id, "status", "stream"] => (id, Action::StatusStream),
        [id, "cancel"] => (id, Action::Cancel),
        _ => return Err(not_a_route()),
    };
    if endpoint.path().is_some() || !is_request_id(request_id) {
        return Err(not_a_route());
    }
    if !policy.endpoints.allows_app(endpoint.as_str()) {
        return Err(not_allowed(app));
    }
    Ok(Route {
        request_id: Some(request_id.to_owned()),
        ..Route::of_endpoint(action, endpoint)
    })
}

/// Whether a text is the id of a request: a segment that needs no encoding.
fn is_request_id(text: &str) -> bool {
    !matches!(text, "" | "." | "..") && text.len() <= 128 && is_plain(text)
}

/// Whether a text needs no encoding in a URL.
fn is_plain(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte))
}

fn upload(policy: &Policy, target: &Target) -> Result<Route, Refusal> {
    let is_known = matches!(
        target.path(),
        "storage/upload/initiate" | "storage/upload/initiate-multipart"
    );
    let is_to_the_file_store = target.query() == Some("storage_type=fal-cdn-v3");
    match policy.uploads && is_known && is_to_the_file_store {
        true => Ok(Route {
            action: Action::Upload,
            endpoint: None,
            request_id: None,
        }),
        false => Err(not_a_route()),
    }
}

/// Checks the query. Parameters that begin with `fal_` are fal's own; all others of a run or a
/// stream belong to the model.
fn check_query(policy: &Policy, route: &Route, query: &str) -> Result<(), Refusal> {
    for parameter in query.split('&') {
        let (name, _) = parameter.split_once('=').unwrap_or((parameter, ""));
        let is_allowed = is_plain(name)
            && match route.action {
                Action::Run | Action::Stream => !name.starts_with("fal_"),
                Action::Submit => {
                    name == "fal_max_queue_length" || (name == "fal_webhook" && policy.webhooks)
                }
                Action::Status | Action::StatusStream => name == "logs",
                _ => false,
            };
        if !is_allowed {
            return Err(Refusal::bad_request(
                "query_not_allowed",
                format!("the query parameter {name:?} is not passed on"),
            ));
        }
    }
    Ok(())
}
