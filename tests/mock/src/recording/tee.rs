//! Passes a streamed body on to the program while it is received, and records it.

use std::{
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream::BoxStream};

use super::{
    body::{Kind, RecordedBody, data, with_data},
    tape::{Entry, Tape},
};
use crate::http::reply::{Chunks, Cut};

/// Passes a body on, and records it when it ends, or when the program stops reading it.
pub(super) fn tee(
    tape: Arc<Tape>,
    entry: Entry,
    upstream: impl Stream<Item = Result<Bytes, reqwest::Error>> + Send + 'static,
) -> Chunks {
    let tee = Tee {
        tape,
        entry: Some(entry),
        upstream: upstream.boxed(),
        unfinished: Vec::new(),
        frames: Vec::new(),
        bytes: Vec::new(),
    };
    tee.boxed()
}

struct Tee {
    tape: Arc<Tape>,
    /// The exchange; `None` once it is written.
    entry: Option<Entry>,
    upstream: BoxStream<'static, Result<Bytes, reqwest::Error>>,
    /// The beginning of an event that is not complete yet.
    unfinished: Vec<u8>,
    frames: Vec<String>,
    bytes: Vec<u8>,
}

impl Tee {
    /// Records a piece, and returns the piece for the program.
    fn keep(&mut self, piece: Bytes) -> Bytes {
        let Some(entry) = &self.entry else {
            return piece;
        };
        if entry.kind == Kind::Bytes {
            self.bytes.extend_from_slice(&piece);
            return piece;
        }
        let url = entry.url.clone();
        self.unfinished.extend_from_slice(&piece);
        let mut outgoing = String::new();
        while let Some(end) = end_of_frame(&self.unfinished) {
            let rest = self.unfinished.split_off(end);
            let frame = mem::replace(&mut self.unfinished, rest);
            outgoing += &self.keep_frame(&String::from_utf8_lossy(&frame), &url);
        }
        outgoing.into()
    }

    fn keep_frame(&mut self, frame: &str, url: &str) -> String {
        match data(frame) {
            Some(value) => {
                let (recorded, local) = self.tape.exchange_addresses(value, url);
                self.frames.push(with_data(frame, &recorded));
                with_data(frame, &local)
            }
            None => {
                self.frames.push(self.tape.redact(frame));
                frame.to_owned()
            }
        }
    }

    fn finish(&mut self) -> Bytes {
        let Some(entry) = self.entry.take() else {
            return Bytes::new();
        };
        if entry.kind == Kind::Bytes {
            let bytes = mem::take(&mut self.bytes);
            self.tape.write(entry, None, Some(&bytes));
            return Bytes::new();
        }
        let rest = mem::take(&mut self.unfinished);
        if !rest.is_empty() {
            let rest = self.tape.redact(&String::from_utf8_lossy(&rest));
            self.frames.push(rest);
        }
        let frames = mem::take(&mut self.frames);
        self.tape
            .write(entry, Some(RecordedBody::Events(frames)), None);
        rest.into()
    }
}

impl Stream for Tee {
    type Item = Result<Bytes, Cut>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let outgoing = match ready!(self.upstream.poll_next_unpin(cx)) {
                Some(Ok(piece)) => self.keep(piece),
                Some(Err(error)) => {
                    if let Some(entry) = &self.entry {
                        let url = self.tape.redact(&entry.url);
                        let error = self.tape.redact(&error.to_string());
                        self.tape
                            .problem(format!("{url}: the reply broke off: {error}"));
                    }
                    self.finish();
                    return Poll::Ready(Some(Err(Cut::Connection)));
                }
                None if self.entry.is_none() => return Poll::Ready(None),
                None => self.finish(),
            };
            if !outgoing.is_empty() {
                return Poll::Ready(Some(Ok(outgoing)));
            }
        }
    }
}

impl Drop for Tee {
    fn drop(&mut self) {
        self.finish();
    }
}

/// The position after the empty line that ends an event.
fn end_of_frame(bytes: &[u8]) -> Option<usize> {
    let ends: [&[u8]; 2] = [b"\n\n", b"\r\n\r\n"];
    let found = ends.iter().filter_map(|end| {
        let at = bytes.windows(end.len()).position(|window| window == *end)?;
        Some(at + end.len())
    });
    found.min()
}
