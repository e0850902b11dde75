//! The credentials that routes require.

use hyper::StatusCode;

use crate::{
    http::reply::{Reply, platform_refusal, refusal},
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

/// Refuses a request without the credentials that its route requires.
pub(crate) fn check(
    keys: &Keys,
    request: &RequestRecord,
    access: Access,
) -> Result<(), Box<Reply>> {
    let forbidden = StatusCode::FORBIDDEN;
    let unauthorized = StatusCode::UNAUTHORIZED;
    let of_platform = |status, message| platform_refusal(status, "authorization_error", message);
    Err(match (access, credential(keys, request)) {
        (Access::Open, _) | (Access::Public, Credential::Absent) => return Ok(()),
        (Access::AdminKey, Credential::Good(Scope::Api)) => {
            of_platform(forbidden, "This needs a key with ADMIN scope")
        }
        (_, Credential::Good(_)) => return Ok(()),
        (Access::Key | Access::KeyOrToken, Credential::Absent) => refusal(
            unauthorized,
            "Authentication is required to access this application.",
        ),
        (Access::Key | Access::KeyOrToken, Credential::Bad) => {
            refusal(unauthorized, "invalid key credentials")
        }
        (Access::PlatformKey | Access::AdminKey | Access::Public, _) => {
            of_platform(unauthorized, "Invalid or missing API key")
        }
    })
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
