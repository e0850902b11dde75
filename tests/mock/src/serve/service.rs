//! The service: finds the route of a request, records it, checks its key, and answers.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bytes::BytesMut;
use hyper::{
    HeaderMap, Request, StatusCode,
    body::Incoming,
    header::{ALLOW, HeaderName, HeaderValue, UPGRADE},
    http::request::Parts,
};
use serde_json::json;
use tokio::sync::Notify;

use super::{
    access::{self, Access},
    apply_fault::{self, Effect, FaultedRequest},
    call::Call,
    context::Context,
    suggest::near_matches,
    table::{Entry, Handler, Lookup, Table},
};
use crate::{
    fault::{Fault, Probe},
    http::{
        body::ReceivedBody,
        reply::{Cut, REQUEST_ID, Reply},
    },
    protocol::{
        host::{self, Host, Target},
        route::Route,
    },
    store::records::RequestRecord,
};

/// The connection over which a request was received.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    pub(crate) secure: bool,
    /// The address of the server, for clients that send no `Host`.
    pub(crate) local: Arc<str>,
    /// Closes the connection when it is notified. Over HTTP/2, the error of one request would not close it.
    pub(crate) end: Arc<Notify>,
    /// Whether the connection has gone silent.
    pub(crate) silent: Arc<AtomicBool>,
}

/// Answers requests.
pub(crate) struct Service {
    pub(crate) table: Table,
    pub(crate) context: Arc<Context>,
}

impl Service {
    /// The fault that a new connection gets.
    pub(crate) fn connection_fault(&self) -> Option<Fault> {
        let probe = Probe {
            route: Route::Connection,
            app: "",
            request_id: "",
        };
        let fault = self.context.stores.faults.take(probe, &self.context.seed);
        fault.map(|(fault, _)| fault)
    }

    /// Answers a request; an error closes the connection.
    pub(crate) async fn answer(
        &self,
        connection: &Connection,
        request: Request<Incoming>,
    ) -> Result<Reply, Cut> {
        let answer = self.handle_request(connection, request).await;
        match answer {
            Err(Cut::Connection) => connection.end.notify_one(),
            Err(Cut::Silence) => {
                connection.silent.store(true, Ordering::Relaxed);
                // The client ends this by closing the connection.
                std::future::pending::<()>().await;
            }
            _ => {}
        }
        answer
    }

    async fn handle_request(
        &self,
        connection: &Connection,
        mut request: Request<Incoming>,
    ) -> Result<Reply, Cut> {
        let asks_for_upgrade = request.headers().contains_key(UPGRADE);
        let upgrade = asks_for_upgrade.then(|| hyper::upgrade::on(&mut request));
        let (parts, body) = request.into_parts();
        let target = host::target(&parts, connection.secure, &connection.local);
        let found = match target.host {
            Some(host) => self.table.find(host, &parts.method, &target.path),
            None => Lookup::Nothing,
        };
        let fault = self.fault(&found);
        let unread = fault
            .as_ref()
            .is_some_and(|(fault, _)| apply_fault::effect(fault) == Effect::Unread);
        let keep =
            self.context.settings.keep_uploads || !found.route().is_some_and(Route::is_upload);
        let body = if unread {
            ReceivedBody::default()
        } else {
            ReceivedBody::read(body, keep).await
        };
        let record = self.record(&target, &found, parts, &body, connection.secure);
        let request = match target.host {
            // Calls of the control API come from the test, not from the client under test.
            Some(Host::Control) => Arc::new(record),
            _ => self.context.stores.records.add(record),
        };
        // The client closed the connection before it had sent the whole request, so the request is not handled.
        if !unread && !request.complete {
            return Err(Cut::Connection);
        }
        match found {
            Lookup::Route(entry, params) => {
                let call = Call {
                    request,
                    origin: target.origin,
                    params,
                    body,
                    upgrade,
                };
                self.dispatch(entry, call, fault).await
            }
            Lookup::WrongMethod(methods) => Ok(wrong_method(&methods)),
            Lookup::Nothing => Ok(self.unknown(&target)),
        }
    }

    fn fault(&self, found: &Lookup<'_>) -> Option<(Fault, bool)> {
        let Lookup::Route(entry, params) = found else {
            return None;
        };
        let probe = Probe {
            route: entry.route,
            app: params.get("app"),
            request_id: params.get("request"),
        };
        self.context.stores.faults.take(probe, &self.context.seed)
    }

    /// Handles the request, unless a fault replaces the reply, then applies the fault.
    async fn dispatch(
        &self,
        entry: &Entry,
        call: Call,
        fault: Option<(Fault, bool)>,
    ) -> Result<Reply, Cut> {
        let Some((fault, handled)) = fault else {
            return Ok(self.handle(entry, call).await);
        };
        let (origin, request) = (call.origin.clone(), Arc::clone(&call.request));
        let job_id = call.param("request").to_owned();
        let reply = if handled || apply_fault::effect(&fault) == Effect::After {
            self.handle(entry, call).await
        } else {
            Reply::empty(StatusCode::OK)
        };
        let own = reply
            .headers
            .get(REQUEST_ID)
            .and_then(|id| id.to_str().ok())
            .map(str::to_owned);
        let faulted = FaultedRequest {
            origin: &origin,
            job_id: &job_id,
            request_id: &own.unwrap_or_else(|| self.context.seed.uuid()),
            other_id: &self.context.seed.uuid(),
            authorization: request.header("authorization").unwrap_or_default(),
        };
        apply_fault::apply(fault, reply, &faulted).await
    }

    async fn handle(&self, entry: &Entry, call: Call) -> Reply {
        let token = call
            .request
            .query_param("fal_jwt_token")
            .filter(|_| entry.access == Access::KeyOrToken);
        let tokens = &self.context.stores.tokens;
        let allowed = token.is_some_and(|token| tokens.allows(&token, call.param("app")));
        if !allowed
            && let Err(refusal) =
                access::check(&self.context.stores.keys, &call.request, entry.access)
        {
            return *refusal;
        }
        let answer = match &entry.handler {
            Handler::Now(handler) => handler(&self.context, &call),
            Handler::Later(handler) => handler(Arc::clone(&self.context), call).await,
        };
        answer.unwrap_or_else(|refusal| *refusal)
    }

    fn record(
        &self,
        target: &Target,
        found: &Lookup<'_>,
        parts: Parts,
        body: &ReceivedBody,
        secure: bool,
    ) -> RequestRecord {
        RequestRecord {
            index: 0,
            route: found.route(),
            host: target.host,
            method: parts.method,
            path: target.path.clone(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: copy_headers(&parts.headers),
            body: body.start(self.context.settings.recorded_body),
            body_len: body.length,
            complete: body.complete,
            secure,
            version: format!("{:?}", parts.version),
        }
    }

    fn unknown(&self, target: &Target) -> Reply {
        let hosts = "a path begins with the host it is for: /run, /queue, /rest, /cdn, /platform, /fal, /ws; or the Host \
                     header names one of fal's hosts";
        let body = json!({
            "detail": format!("fal-mock has no route for {}", target.path),
            "near": near_matches(self.table.lines(), target.host, &target.path),
            "hint": if target.host.is_none() { Some(hosts) } else { None },
        });
        Reply::json(StatusCode::NOT_FOUND, &body)
    }
}

/// Copies the headers. The parsed headers are views of the connection's read buffer, and a record would keep that alive.
fn copy_headers(headers: &HeaderMap) -> HeaderMap {
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
