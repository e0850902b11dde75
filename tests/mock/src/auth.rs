//! Keys (PROTOCOL §1.1).

use hyper::StatusCode;
use serde_json::json;

use crate::{record::RequestRecord, reply::Reply, route::Access, state::Config};

/// What a request's `Authorization` amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Credential {
    Good,
    Bad,
    Absent,
}

/// Refuses the request if its route needs a key that it does not bring.
pub(crate) fn refusal(config: &Config, request: &RequestRecord, access: Access) -> Option<Reply> {
    let credential = credential(config, request);
    match (access, credential) {
        (Access::Open, _) | (_, Credential::Good) | (Access::Public, Credential::Absent) => None,
        (Access::Key | Access::KeyOrToken, Credential::Absent) => Some(Reply::detail(
            StatusCode::UNAUTHORIZED,
            "Authentication is required to access this application.",
        )),
        (Access::Key | Access::KeyOrToken, Credential::Bad) => Some(Reply::detail(
            StatusCode::UNAUTHORIZED,
            "invalid key credentials",
        )),
        (Access::PlatformKey | Access::Public, _) => Some(Reply::json(
            StatusCode::UNAUTHORIZED,
            &json!({ "error": { "type": "authorization_error", "message": "Invalid or missing API key" } }),
        )),
    }
}

fn credential(config: &Config, request: &RequestRecord) -> Credential {
    let Some(header) = request.headers.get(hyper::header::AUTHORIZATION) else {
        return Credential::Absent;
    };
    let key = header
        .to_str()
        .ok()
        .and_then(|value| value.strip_prefix("Key "));
    let good = key.is_some_and(|key| is_well_formed(key) && is_taken(&config.keys, key));
    if good {
        Credential::Good
    } else {
        Credential::Bad
    }
}

fn is_well_formed(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_taken(keys: &[String], key: &str) -> bool {
    keys.is_empty() || keys.iter().any(|known| known == key)
}
