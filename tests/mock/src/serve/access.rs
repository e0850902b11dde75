//! Who may call what.

use hyper::StatusCode;
use serde_json::json;

use crate::{
    http::reply::Reply,
    store::{
        keys::{Keys, Scope},
        records::RequestRecord,
    },
};

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Needs `Authorization: Key …`, or `Bearer …` as logged-in users send it; refused with fal's `detail` body.
    Key,
    /// Needs a key, or a token in the query.
    KeyOrToken,
    /// Needs a key; refused with the platform's error envelope.
    PlatformKey,
    /// Needs a key with `ADMIN` scope.
    AdminKey,
    /// A key is not needed, but a wrong one is refused.
    Public,
    /// The handler looks for itself.
    Open,
}

/// What a request's `Authorization` amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Credential {
    Good(Scope),
    Bad,
    Absent,
}

/// Refuses the request if its route needs a key that it does not bring.
pub(crate) fn refusal(keys: &Keys, request: &RequestRecord, access: Access) -> Option<Reply> {
    let credential = credential(keys, request);
    match (access, credential) {
        (Access::Open, _) | (Access::Public, Credential::Absent) => None,
        (Access::AdminKey, Credential::Good(Scope::Api)) => Some(envelope(
            StatusCode::FORBIDDEN,
            "This needs a key with ADMIN scope",
        )),
        (_, Credential::Good(_)) => None,
        (Access::Key | Access::KeyOrToken, Credential::Absent) => Some(Reply::detail(
            StatusCode::UNAUTHORIZED,
            "Authentication is required to access this application.",
        )),
        (Access::Key | Access::KeyOrToken, Credential::Bad) => Some(Reply::detail(
            StatusCode::UNAUTHORIZED,
            "invalid key credentials",
        )),
        (Access::PlatformKey | Access::AdminKey | Access::Public, _) => Some(envelope(
            StatusCode::UNAUTHORIZED,
            "Invalid or missing API key",
        )),
    }
}

fn envelope(status: StatusCode, message: &str) -> Reply {
    Reply::json(
        status,
        &json!({ "error": { "type": "authorization_error", "message": message } }),
    )
}

fn credential(keys: &Keys, request: &RequestRecord) -> Credential {
    let Some(header) = request.headers.get(hyper::header::AUTHORIZATION) else {
        return Credential::Absent;
    };
    let key = header
        .to_str()
        .ok()
        .and_then(|value| value.strip_prefix("Key ").or(value.strip_prefix("Bearer ")));
    let scope = key
        .filter(|key| is_well_formed(key))
        .and_then(|key| keys.scope(key));
    scope.map_or(Credential::Bad, Credential::Good)
}

fn is_well_formed(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic())
}
