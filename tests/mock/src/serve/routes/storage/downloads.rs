//! Downloads of whole files, ranges and headers (RFC 9110, sections 13 and 14).

use std::{ops::Range, sync::Arc};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use hyper::{Method, StatusCode};

use crate::{
    http::reply::{Answer, Reply, ReplyBody, refusal},
    models::Kind,
    serve::{call::Call, context::Context},
    store::files::{Acl, Decision, StoredFile},
};

/// The pieces of a range, without copying them.
fn slice(file: &StoredFile, range: &Range<u64>) -> Vec<Bytes> {
    let mut start = 0;
    let mut taken = Vec::new();
    for piece in &file.pieces {
        let end = start + piece.len() as u64;
        let from = range.start.clamp(start, end) - start;
        let to = range.end.clamp(start, end) - start;
        // Both are within the piece, whose length is a `usize`.
        if let (Ok(from), Ok(to)) = (usize::try_from(from), usize::try_from(to))
            && from < to
        {
            taken.push(piece.slice(from..to));
        }
        start = end;
    }
    taken
}

pub(super) fn download(context: &Context, call: &Call) -> Answer {
    let path = call.param("path");
    let file = built_in(path).or_else(|| context.stores.files.file(path));
    let file = file.ok_or_else(not_found)?;
    let signature = call.request.query_param("signature");
    let signed =
        signature.is_some_and(|signature| context.stores.files.is_signed(path, &signature));
    match file.acl.default {
        Decision::Forbid if !signed => Err(refusal(StatusCode::FORBIDDEN, "Access denied")),
        Decision::Hide if !signed => Err(not_found()),
        _ => Ok(serve(call, &file)),
    }
}

fn not_found() -> Box<Reply> {
    refusal(StatusCode::NOT_FOUND, "File not found")
}

/// The built-in file at `mock/<any name>.<extension>`.
fn built_in(path: &str) -> Option<Arc<StoredFile>> {
    let name = path.strip_prefix("mock/")?;
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let kind = Kind::from_extension(extension).unwrap_or(Kind::Bytes);
    let file = kind.file();
    Some(Arc::new(StoredFile {
        name: name.to_owned(),
        content_type: kind.content_type().to_owned(),
        etag: format!("\"mock-{}\"", kind.extension()),
        length: file.len() as u64,
        pieces: vec![file],
        lifecycle: None,
        acl: Acl::default(),
    }))
}

fn serve(call: &Call, file: &StoredFile) -> Reply {
    let known = call
        .header("if-none-match")
        .is_some_and(|tags| has_tag(tags, &file.etag));
    if known {
        return Reply::empty(StatusCode::NOT_MODIFIED).with("etag", &file.etag);
    }
    let length = file.length;
    let fresh = call.header("if-range").is_none_or(|tag| tag == file.etag);
    match call
        .header("range")
        .filter(|_| fresh)
        .and_then(|range| wanted(range, length))
    {
        None => body(call, file, StatusCode::OK, &(0..length)),
        Some(range) if range.is_empty() => Reply::empty(StatusCode::RANGE_NOT_SATISFIABLE)
            .with("content-range", &format!("bytes */{length}")),
        Some(range) => {
            let place = format!("bytes {}-{}/{length}", range.start, range.end - 1);
            body(call, file, StatusCode::PARTIAL_CONTENT, &range).with("content-range", &place)
        }
    }
}

fn body(call: &Call, file: &StoredFile, status: StatusCode, range: &Range<u64>) -> Reply {
    let mut reply = Reply::empty(status);
    if call.request.method != Method::HEAD {
        let pieces = slice(file, range).into_iter().map(Ok);
        reply.body = ReplyBody::Stream(stream::iter(pieces).boxed());
    }
    reply
        .with("content-type", &file.content_type)
        .with("content-length", &(range.end - range.start).to_string())
        .with("accept-ranges", "bytes")
        .with("etag", &file.etag)
        .with("access-control-allow-origin", "*")
}

fn has_tag(tags: &str, etag: &str) -> bool {
    tags == "*" || tags.split(',').any(|tag| tag.trim() == etag)
}

/// The range of a `Range` header: empty if it is outside the file, `None` if the header has to be ignored.
fn wanted(header: &str, length: u64) -> Option<Range<u64>> {
    let (first, last) = header.trim().strip_prefix("bytes=")?.split_once('-')?;
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let range = match (first.trim(), last.trim()) {
        ("", last) => length.saturating_sub(number(last)?)..length,
        (first, "") => number(first)?..length,
        (first, last) => number(first)?..number(last)?.saturating_add(1).min(length),
    };
    Some(if range.start < range.end { range } else { 0..0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        assert_eq!(wanted("bytes=0-3", 10), Some(0..4));
        assert_eq!(wanted("bytes=4-", 10), Some(4..10));
        assert_eq!(wanted("bytes=-3", 10), Some(7..10));
        assert_eq!(wanted("bytes=8-99", 10), Some(8..10));
        assert!(wanted("bytes=10-", 10).unwrap().is_empty());
        assert_eq!(wanted("bytes=0-1,3-4", 10), None);
        assert_eq!(wanted("lines=0-1", 10), None);
    }

    #[test]
    fn ranges_cross_pieces() {
        let file = StoredFile {
            name: String::new(),
            content_type: String::new(),
            etag: String::new(),
            length: 7,
            lifecycle: None,
            acl: Acl::default(),
            pieces: vec![Bytes::from_static(b"abc"), Bytes::from_static(b"defg")],
        };
        assert_eq!(
            slice(&file, &(2..5)),
            [Bytes::from_static(b"c"), Bytes::from_static(b"de")]
        );
    }
}
