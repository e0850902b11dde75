//! What a fault makes of a reply.

mod body;

use std::time::Duration;

use hyper::{
    StatusCode,
    header::{CONTENT_LENGTH, HeaderValue},
};
use serde_json::Value;

use crate::{
    fault::{CannedReply, Fault},
    http::reply::{Chunks, Cut, Reply, ReplyBody},
    protocol::host::{Host, Origin},
};

/// When a fault acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Before the body is read.
    Unread,
    /// Instead of the route's reply.
    Instead,
    /// On the route's reply.
    After,
}

/// When `fault` acts.
pub(crate) fn effect(fault: &Fault) -> Effect {
    match fault {
        Fault::Refuse | Fault::RefuseStream => Effect::Unread,
        Fault::Reply(_) | Fault::Drop | Fault::Endless | Fault::GzipBomb { .. } => Effect::Instead,
        _ => Effect::After,
    }
}

/// Applies `fault` to the route's reply, which is empty when the route did not work.
pub(crate) async fn apply(
    fault: Fault,
    reply: Reply,
    origin: &Origin,
    request_id: &str,
) -> Result<Reply, Cut> {
    Ok(match fault {
        Fault::Reply(reply) => canned(&reply, request_id),
        Fault::Refuse | Fault::Drop => return Err(Cut::Connection),
        Fault::RefuseStream => return Err(Cut::RefusedStream),
        Fault::Truncate { keep } => broken(reply, keep, body::then_cut),
        Fault::Stall { keep } => broken(reply, keep, body::then_nothing),
        Fault::Delay { ms } => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            reply
        }
        Fault::MalformedJson => malformed(reply),
        Fault::ContentType { value } => reply.with("content-type", &value),
        Fault::CutStream { frames, at, clean } => {
            replace(reply, |chunks| body::cut(chunks, frames, at, clean))
        }
        Fault::Dribble { bytes, pause_ms } => replace(reply, |chunks| {
            body::dribble(chunks, bytes, Duration::from_millis(pause_ms))
        }),
        Fault::ForeignUrls { base } => foreign(reply, &origin.base(Host::Queue), &base),
        Fault::Endless => Reply::streamed(body::endless())
            .with("content-type", "application/json")
            .request_id(request_id),
        Fault::GzipBomb { bytes } => Reply::streamed(body::gzip_of_spaces(bytes))
            .with("content-type", "application/json")
            .with("content-encoding", "gzip")
            .request_id(request_id),
    })
}

fn replace(mut reply: Reply, change: impl FnOnce(Chunks) -> Chunks) -> Reply {
    let body = std::mem::replace(&mut reply.body, ReplyBody::Full(bytes::Bytes::new()));
    reply.body = ReplyBody::Stream(change(body.into_chunks()));
    reply
}

/// Keeps the beginning, says the length of the whole, and lets `end` do the rest.
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
