//! Applies faults to replies.

mod body;

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::StreamExt;
use hyper::{
    StatusCode,
    header::{CONTENT_LENGTH, HeaderValue},
};
use serde_json::{Value, json};

use crate::{
    fault::{CannedReply, Fault},
    http::reply::{Chunks, Cut, Reply, ReplyBody, event},
    protocol::host::{Host, Origin},
};

/// The time at which a fault acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The fault acts before the body is read.
    Unread,
    /// The fault replaces the route's reply.
    Instead,
    /// The fault changes the route's reply.
    After,
}

/// The time at which `fault` acts.
pub(crate) fn effect(fault: &Fault) -> Effect {
    match fault {
        Fault::Refuse | Fault::RefuseStream => Effect::Unread,
        Fault::Reply(reply) if reply.early => Effect::Unread,
        Fault::Reply(_)
        | Fault::Drop
        | Fault::Silence
        | Fault::OnlyComments { .. }
        | Fault::AlwaysInProgress { .. }
        | Fault::EchoKey { .. }
        | Fault::Endless
        | Fault::GzipBomb { .. } => Effect::Instead,
        _ => Effect::After,
    }
}

/// The properties of a request on which the reply of a fault depends.
pub(crate) struct FaultedRequest<'r> {
    pub(crate) origin: &'r Origin,
    /// The id of the job in the path; empty if the route has no job.
    pub(crate) job_id: &'r str,
    /// The id of the reply.
    pub(crate) request_id: &'r str,
    /// A new id, which is not used otherwise.
    pub(crate) other_id: &'r str,
    pub(crate) authorization: &'r str,
}

/// Applies `fault` to the route's reply, which is empty if the request was not handled.
pub(crate) async fn apply(
    fault: Fault,
    reply: Reply,
    request: &FaultedRequest<'_>,
) -> Result<Reply, Cut> {
    let every = |milliseconds| Duration::from_millis(milliseconds);
    Ok(match fault {
        Fault::Reply(reply) => canned(&reply, request.request_id),
        Fault::Refuse | Fault::Drop => return Err(Cut::Connection),
        Fault::RefuseStream => return Err(Cut::RefusedStream),
        Fault::Silence => return Err(Cut::Silence),
        Fault::Truncate { keep } => broken(reply, keep, body::then_cut),
        Fault::Stall { keep } => broken(reply, keep, body::then_nothing),
        Fault::Delay { ms } => {
            tokio::time::sleep(every(ms)).await;
            reply
        }
        Fault::MalformedJson => malformed(reply),
        Fault::ContentType { value } => reply.with("content-type", &value),
        Fault::CutStream { frames, at, clean } => {
            replace(reply, |chunks| body::cut(chunks, frames, at, clean))
        }
        Fault::Dribble { bytes, pause_ms } => replace(reply, |chunks| {
            body::dribble(chunks, bytes, every(pause_ms))
        }),
        Fault::ForeignUrls { base } => foreign(reply, &request.origin.base(Host::Queue), &base),
        Fault::OtherRequestId => reply.request_id(request.other_id),
        Fault::OnlyComments { every_ms } => {
            Reply::events(body::repeated(": ping\n\n".into(), every(every_ms)))
        }
        Fault::AlwaysInProgress { every_ms } => {
            let status = json!({ "status": "IN_PROGRESS", "request_id": request.job_id });
            let frame = event(status.to_string().as_bytes());
            Reply::events(body::repeated(frame, every(every_ms)))
        }
        Fault::ContentEncoding { coding } => coded(reply, &coding).await,
        Fault::EchoKey { status } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::UNAUTHORIZED);
            let words = format!("invalid key credentials: {}", request.authorization);
            Reply::detail(status, &words).request_id(request.request_id)
        }
        Fault::ClockSkew { seconds } => reply.with("date", &skewed_date(seconds)),
        Fault::NewEtag => reply.with("etag", &format!("\"{}\"", request.other_id)),
        Fault::Endless => Reply::streamed(body::endless())
            .with("content-type", "application/json")
            .request_id(request.request_id),
        Fault::GzipBomb { bytes } => Reply::streamed(body::gzip_of_spaces(bytes))
            .with("content-type", "application/json")
            .with("content-encoding", "gzip")
            .request_id(request.request_id),
    })
}

/// Replies with the body in a content coding. For a coding other than gzip, its bytes cannot be decoded.
async fn coded(mut reply: Reply, coding: &str) -> Reply {
    let body = std::mem::replace(&mut reply.body, ReplyBody::Full(Bytes::new()));
    let plain = body
        .into_chunks()
        .filter_map(|chunk| std::future::ready(chunk.ok()));
    let plain: Vec<Bytes> = plain.collect().await;
    let coded = if coding == "gzip" {
        body::gzip(&plain.concat())
    } else {
        plain.concat().iter().map(|byte| !byte).collect()
    };
    reply.headers.remove(CONTENT_LENGTH);
    reply.body = ReplyBody::Full(coded.into());
    reply.with("content-encoding", coding)
}

fn skewed_date(seconds: i64) -> String {
    let by = Duration::from_secs(seconds.unsigned_abs());
    let now = SystemTime::now();
    let then = if seconds < 0 {
        now.checked_sub(by)
    } else {
        now.checked_add(by)
    };
    httpdate::fmt_http_date(then.unwrap_or(now))
}

fn replace(mut reply: Reply, change: impl FnOnce(Chunks) -> Chunks) -> Reply {
    let body = std::mem::replace(&mut reply.body, ReplyBody::Full(Bytes::new()));
    reply.body = ReplyBody::Stream(change(body.into_chunks()));
    reply
}

/// Sets `content-length` to the length of the whole body, of which `end` sends only the beginning.
fn broken(mut reply: Reply, keep: Option<usize>, end: fn(Chunks, usize) -> Chunks) -> Reply {
    let length = match &reply.body {
        ReplyBody::Full(bytes) => bytes.len(),
        ReplyBody::Stream(_) => 2,
    };
    if let ReplyBody::Full(_) = &reply.body {
        reply
            .headers
            .insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    replace(reply, |chunks| end(chunks, keep.unwrap_or(length / 2)))
}

fn malformed(mut reply: Reply) -> Reply {
    if let ReplyBody::Full(bytes) = &mut reply.body {
        bytes.truncate(bytes.len() / 2);
    }
    reply
}

fn foreign(mut reply: Reply, own: &str, base: &str) -> Reply {
    let ReplyBody::Full(text) = &reply.body else {
        return reply;
    };
    let Ok(mut value) = serde_json::from_slice::<Value>(text) else {
        return reply;
    };
    for key in ["status_url", "response_url", "cancel_url"] {
        if let Some(Value::String(url)) = value.get_mut(key)
            && let Some(path) = url.strip_prefix(own)
        {
            *url = format!("{}{path}", base.trim_end_matches('/'));
        }
    }
    reply.body = ReplyBody::Full(value.to_string().into());
    reply
}

fn canned(canned: &CannedReply, request_id: &str) -> Reply {
    let status = StatusCode::from_u16(canned.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut reply = Reply::empty(status);
    reply.body = ReplyBody::Full(canned.body.clone().into());
    for (name, value) in &canned.headers {
        reply = reply.with(name, value);
    }
    if canned.request_id {
        reply.request_id(request_id)
    } else {
        reply
    }
}
