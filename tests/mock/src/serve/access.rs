//! The credentials that routes require.

use hyper::StatusCode;
use serde_json::json;

use crate::{
    http::reply::Reply,
    store::{
        keys::{Keys, Scope},
        records::RequestRecord,
    },
};

/// The credentials that a route requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// The route requires a key, as `Authorization: Key …` or, as the official client of a logged-in user sends it, `Bearer …`.
    /// Refusals have the form `{"detail": …}`.
    Key,
    /// The route requires a key, or a token in the query.
    KeyOrToken,
    /// The route requires a key. Refusals have the form of the platform API's errors.
    PlatformKey,
    /// The route requires a key with the scope `ADMIN`.
    AdminKey,
    /// The route does not require a key, but refuses a wrong one.
    Public,
    /// The route requires nothing; its handler may check credentials itself.
    Open,
}

/// The credential in a request's `Authorization`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Credential {
    Good(Scope),
    Bad,
    Absent,
}

/// The refusal of a request without the credentials that its route requires.
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
