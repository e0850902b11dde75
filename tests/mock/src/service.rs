//! From an HTTP request to a reply: find the route, read, record, check the key, answer.

use std::sync::Arc;

use bytes::BytesMut;
use hyper::{
    HeaderMap, Request, StatusCode,
    body::Incoming,
    header::{ALLOW, HeaderName, HeaderValue, UPGRADE},
    http::request::Parts,
};
use serde_json::json;
use tokio::sync::Notify;

use crate::{
    auth,
    body::Received,
    call::Call,
    fault::{self, Effect, Fault, Probe},
    hosts::{self, Host, Target},
    record::RequestRecord,
    reply::{Cut, REQUEST_ID, Reply},
    route::{self, Access, Entry, Found, Handler, Route},
    state::Shared,
};

/// How a request reached us.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    pub(crate) secure: bool,
    /// The address we listen on, for clients that send no `Host`.
    pub(crate) local: Arc<str>,
    /// Ends the connection with everything on it, which over HTTP/2 an error of one request does not.
    pub(crate) end: Arc<Notify>,
}

/// Answers a request; an error drops the connection.
pub(crate) async fn answer(
    shared: Arc<Shared>,
    connection: Connection,
    request: Request<Incoming>,
) -> Result<Reply, Cut> {
    let answered = consider(shared, &connection, request).await;
    if matches!(answered, Err(Cut::Connection)) {
        connection.end.notify_one();
    }
    answered
}

async fn consider(
    shared: Arc<Shared>,
    connection: &Connection,
    mut request: Request<Incoming>,
) -> Result<Reply, Cut> {
    let upgrade = is_upgrade(&request).then(|| hyper::upgrade::on(&mut request));
    let (parts, body) = request.into_parts();
    let target = hosts::target(&parts, connection.secure, &connection.local);
    let found = match target.host {
        Some(host) => route::find(host, &parts.method, &target.path),
        None => Found::Nothing,
    };
    let fault = fault(&shared, &found);
    let unread = fault
        .as_ref()
        .is_some_and(|(fault, _)| fault.effect() == Effect::Unread);
    let keep = shared.config.keep_uploads || !found.route().is_some_and(Route::is_upload);
    let body = if unread {
        Received::default()
    } else {
        Received::read(body, keep).await
    };
    let record = record(&shared, &target, &found, parts, &body, connection.secure);
    let request = match target.host {
        // The owner's own requests are none of the client's.
        Some(Host::Control) => Arc::new(record),
        _ => shared.recorder.add(record),
    };
    match found {
        Found::Route(entry, params) => {
            let call = Call {
                shared,
                request,
                origin: target.origin,
                params,
                body,
                upgrade,
            };
            dispatch(entry, call, fault).await
        }
        Found::WrongMethod(methods) => Ok(wrong_method(&methods)),
        Found::Nothing => Ok(unknown(&target)),
    }
}

/// Whether the client wants to go on in another protocol.
fn is_upgrade(request: &Request<Incoming>) -> bool {
    request.headers().contains_key(UPGRADE)
}

fn fault(shared: &Shared, found: &Found) -> Option<(Fault, bool)> {
    let Found::Route(entry, params) = found else {
        return None;
    };
    let probe = Probe {
        route: entry.route,
        app: params.get("app"),
        request_id: params.get("request"),
    };
    shared.faults.take(probe, &shared.seed)
}

/// Lets the route work, unless a fault stands in for it, then lets the fault have its way.
async fn dispatch(entry: &Entry, call: Call, fault: Option<(Fault, bool)>) -> Result<Reply, Cut> {
    let Some((fault, handled)) = fault else {
        return Ok(handle(entry, call).await);
    };
    let origin = call.origin.clone();
    let named = call.param("request").to_owned();
    let id = if named.is_empty() {
        call.shared.seed.uuid()
    } else {
        named
    };
    let works = handled || fault.effect() == Effect::After;
    let reply = if works {
        handle(entry, call).await
    } else {
        Reply::empty(StatusCode::OK)
    };
    let own = reply
        .headers
        .get(REQUEST_ID)
        .and_then(|id| id.to_str().ok())
        .map(str::to_owned);
    fault::apply(fault, reply, &origin, &own.unwrap_or(id)).await
}

async fn handle(entry: &Entry, call: Call) -> Reply {
    let token = call
        .request
        .query_param("fal_jwt_token")
        .filter(|_| entry.access == Access::KeyOrToken);
    let allowed = token.is_some_and(|token| call.shared.tokens.allows(&token, call.param("app")));
    if !allowed && let Some(refusal) = auth::refusal(&call.shared.keys, &call.request, entry.access)
    {
        return refusal;
    }
    let answer = match entry.handler {
        Handler::Now(handler) => handler(&call),
        Handler::Later(handler) => handler(call).await,
    };
    answer.unwrap_or_else(|refusal| *refusal)
}

fn record(
    shared: &Shared,
    target: &Target,
    found: &Found,
    parts: Parts,
    body: &Received,
    secure: bool,
) -> RequestRecord {
    RequestRecord {
        index: 0,
        route: found.route(),
        host: target.host,
        method: parts.method,
        path: target.path.clone(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: detached(&parts.headers),
        body: body.start(shared.config.recorded_body),
        body_len: body.length,
        complete: body.complete,
        secure,
        version: format!("{:?}", parts.version),
    }
}

/// The same headers in memory of their own: parsed ones are views of the connection's read buffer, which a record would
/// keep alive.
fn detached(headers: &HeaderMap) -> HeaderMap {
    let mut all = BytesMut::with_capacity(headers.values().map(HeaderValue::len).sum());
    headers
        .values()
        .for_each(|value| all.extend_from_slice(value.as_bytes()));
    let mut all = all.freeze();
    let own = |(name, value): (&HeaderName, &HeaderValue)| {
        let value = HeaderValue::from_maybe_shared(all.split_to(value.len())).ok()?;
        Some((name.clone(), value))
    };
    headers.iter().filter_map(own).collect()
}

fn wrong_method(allowed: &[&hyper::Method]) -> Reply {
    let allowed: Vec<&str> = allowed.iter().map(|method| method.as_str()).collect();
    let mut reply = Reply::detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    if let Ok(value) = HeaderValue::try_from(allowed.join(", ")) {
        reply.headers.insert(ALLOW, value);
    }
    reply
}

fn unknown(target: &Target) -> Reply {
    let hosts = "a path begins with the host it is for: /run, /queue, /rest, /cdn, /platform, /fal, /ws; or the Host \
                 header names one of fal's hosts";
    let body = json!({
        "detail": format!("fal-mock has no route for {}", target.path),
        "near": route::near_matches(target.host, &target.path),
        "hint": if target.host.is_none() { Some(hosts) } else { None },
    });
    Reply::json(StatusCode::NOT_FOUND, &body)
}
