//! Replies that replace those of a route.

use std::collections::BTreeMap;

use hyper::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Fault, Injection};
use crate::{protocol::route::Route, setters::setters};

/// A reply that replaces the reply of a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[must_use = "give it to `MockServer::inject`"]
pub struct CannedReply {
    /// The HTTP status code of the reply.
    pub status: u16,
    /// The headers of the reply, by name.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body of the reply.
    #[serde(default)]
    pub body: String,
    /// Whether the reply has the header `x-fal-request-id`, which replies of fal's ingress do not have.
    #[serde(default)]
    pub request_id: bool,
    /// Whether the reply is sent before the body of the request is read, as servers do that refuse an upload. The rest of the body is
    /// never read: an HTTP/1.1 connection is closed, and an HTTP/2 stream is reset.
    #[serde(default)]
    pub early: bool,
}

setters!(CannedReply {
    /// Sets the body of the reply.
    body(body: &str) => body = body.to_owned();
    /// Adds the header `x-fal-request-id`.
    with_request_id() => request_id = true;
    /// Sends the reply before the body of the request is read.
    early() => early = true;
    /// Leaves out the header `x-fal-request-id`.
    without_request_id() => request_id = false;
});

impl CannedReply {
    /// Creates a reply with an empty body and no request id.
    pub fn new(status: u16) -> Self {
        Self {
            status,
            headers: BTreeMap::new(),
            body: String::new(),
            request_id: false,
            early: false,
        }
    }

    /// Creates a reply with a JSON body and a request id.
    pub fn json(status: u16, body: &Value) -> Self {
        let reply = Self::new(status).header("content-type", "application/json");
        reply.body(&body.to_string()).with_request_id()
    }

    /// Creates the reply of nginx, which is fal's ingress, to a request that does not reach fal's servers.
    pub fn nginx(status: u16) -> Self {
        let code = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
        let title = format!("{status} {}", code.canonical_reason().unwrap_or("Error"));
        let page = format!(
            "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n\
             <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
        );
        Self::new(status)
            .header("content-type", "text/html")
            .header("server", "nginx")
            .body(&page)
    }

    /// Creates an error of the platform, with `detail`, `error_type` and a request id.
    pub fn platform(status: u16, error_type: &str, detail: &str) -> Self {
        let body = json!({ "detail": detail, "error_type": error_type });
        Self::json(status, &body).header("x-fal-error-type", error_type)
    }

    /// Adds a header, or replaces it.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Makes a fault of this reply, limited to requests of a route, as [`Fault::on`] does.
    pub fn on(self, route: Route) -> Injection {
        Fault::Reply(self).on(route)
    }
}

impl From<CannedReply> for Fault {
    fn from(reply: CannedReply) -> Self {
        Self::Reply(reply)
    }
}
