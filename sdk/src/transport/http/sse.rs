//! Event streams (`text/event-stream`), parsed as they arrive.
//!
//! Source: <https://html.spec.whatwg.org/multipage/server-sent-events.html>.

use std::collections::VecDeque;

use bytes::{Buf, BytesMut};

/// One event of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Event {
    /// The name of the event, if it has one.
    pub(crate) event: Option<String>,
    /// The last id that the stream sent.
    pub(crate) id: Option<String>,
    /// The data of the event, its lines joined.
    pub(crate) data: String,
}

/// The error for an event that is larger than the limit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLarge;

/// Splits the bytes of a stream into events, wherever the pieces were cut: in a
/// line, between CR and LF, inside a character.
#[derive(Debug)]
pub(crate) struct Parser {
    limit: usize,
    buffer: BytesMut,
    /// The length of the start of the buffer that is known to contain no line end.
    scanned: usize,
    started: bool,
    /// The last line ended with CR: a LF that follows belongs to it.
    after_cr: bool,
    name: Option<String>,
    id: Option<String>,
    data: Option<String>,
    ready: VecDeque<Event>,
}

impl Parser {
    /// A parser that refuses events of more than `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            buffer: BytesMut::new(),
            scanned: 0,
            started: false,
            after_cr: false,
            name: None,
            id: None,
            data: None,
            ready: VecDeque::new(),
        }
    }

    /// Takes the next piece of the stream.
    ///
    /// # Errors
    /// When an event, whole or not, is larger than the limit.
    pub(crate) fn push(&mut self, chunk: &[u8]) -> Result<(), TooLarge> {
        self.buffer.extend_from_slice(chunk);
        self.skip_byte_order_mark();
        while let Some(line) = self.next_line() {
            self.line(&line);
            self.check_size(0)?;
        }
        self.check_size(self.buffer.len())
    }

    /// The next whole event. What follows the last blank line at the end of the
    /// stream is not an event.
    pub(crate) fn next(&mut self) -> Option<Event> {
        self.ready.pop_front()
    }

    /// Whether the stream so far ends in the middle of an event.
    pub(crate) fn is_inside_event(&self) -> bool {
        self.data.is_some() || !self.buffer.is_empty()
    }

    /// How many bytes of data are held for events that were not taken yet, including an
    /// incomplete one. Comments are not counted.
    pub(crate) fn data_length(&self) -> usize {
        let line = match self.buffer.starts_with(b"data") {
            true => self.buffer.len(),
            false => 0,
        };
        let ready: usize = self.ready.iter().map(|event| event.data.len()).sum();
        ready + self.data.as_ref().map_or(0, String::len) + line
    }

    fn check_size(&self, unfinished_line: usize) -> Result<(), TooLarge> {
        let data = self.data.as_ref().map_or(0, String::len);
        match data + unfinished_line > self.limit {
            true => Err(TooLarge),
            false => Ok(()),
        }
    }

    fn skip_byte_order_mark(&mut self) {
        const MARK: &[u8] = b"\xef\xbb\xbf";
        if self.started || (self.buffer.len() < MARK.len() && MARK.starts_with(&self.buffer)) {
            return;
        }
        self.started = true;
        if self.buffer.starts_with(MARK) {
            self.buffer.advance(MARK.len());
        }
    }

    fn next_line(&mut self) -> Option<String> {
        if !self.started {
            return None;
        }
        if self.after_cr {
            let first = *self.buffer.first()?;
            self.after_cr = false;
            if first == b'\n' {
                self.buffer.advance(1);
            }
        }
        let unseen = &self.buffer[self.scanned..];
        let Some(offset) = unseen.iter().position(|byte| matches!(byte, b'\r' | b'\n')) else {
            self.scanned = self.buffer.len();
            return None;
        };
        let end = self.scanned + offset;
        self.scanned = 0;
        self.after_cr = self.buffer[end] == b'\r';
        let line = self.buffer.split_to(end);
        self.buffer.advance(1);
        Some(String::from_utf8_lossy(&line).into_owned())
    }

    fn line(&mut self, line: &str) {
        if line.is_empty() {
            return self.dispatch();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            "event" => self.name = Some(value.to_owned()),
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            // A comment (an empty name) or a field of no interest.
            _ => {}
        }
    }

    fn dispatch(&mut self) {
        let event = self.name.take().filter(|name| !name.is_empty());
        if let Some(data) = self.data.take() {
            self.ready.push_back(Event {
                event,
                id: self.id.clone(),
                data,
            });
        }
    }
}

/// Checks that any bytes, in one piece or in many, are parsed into the same events, and that no event is larger than the limit.
/// The first byte sets the size of the pieces.
#[cfg(any(test, fuzzing))]
pub(crate) fn check_any(bytes: &[u8]) {
    const LIMIT: usize = 40;
    let read = |chunks: &mut dyn Iterator<Item = &[u8]>| {
        let mut parser = Parser::new(LIMIT);
        let mut events = Vec::new();
        for chunk in chunks {
            let pushed = parser.push(chunk);
            events.extend(std::iter::from_fn(|| parser.next()));
            if pushed.is_err() {
                return None;
            }
        }
        Some(events)
    };
    let Some((size, stream)) = bytes.split_first() else {
        return;
    };
    let size = usize::from(size % 8) + 1;
    let whole = read(&mut std::iter::once(stream));
    let pieces = read(&mut stream.chunks(size));
    // Depending on the pieces, a line that is too large is noticed sooner or later.
    if let (Some(whole), Some(pieces)) = (&whole, &pieces) {
        assert_eq!(whole, pieces, "pieces of {size}");
    }
    for event in whole.iter().chain(&pieces).flatten() {
        assert!(event.data.len() <= LIMIT, "{event:?}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutation::each_mutation;

    fn events(chunks: &[&[u8]]) -> Vec<Event> {
        let mut parser = Parser::new(1 << 20);
        let mut events = Vec::new();
        for chunk in chunks {
            parser.push(chunk).unwrap();
            events.extend(std::iter::from_fn(|| parser.next()));
        }
        events
    }

    /// The pieces of a stream can be cut anywhere without changing what it says.
    #[test]
    fn every_cut_gives_the_same_events() {
        let stream = "\u{feff}: hi\r\n\r\nevent: a\r\nid: 7\r\ndata: caf\u{e9} \u{1F600}\r\ndata\r\n\r\ndata: 2\n\n";
        let stream = stream.as_bytes();
        let whole = events(&[stream]);
        assert_eq!(whole.len(), 2);
        assert_eq!(whole[0].data, "caf\u{e9} \u{1F600}\n");
        for cut in 1..stream.len() {
            assert_eq!(
                events(&[&stream[..cut], &stream[cut..]]),
                whole,
                "cut at {cut}"
            );
        }
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        assert_eq!(events(&bytes), whole);
    }

    #[test]
    fn an_endless_event_is_refused() {
        let mut parser = Parser::new(100);
        assert_eq!(parser.push(&[b'x'; 101]), Err(TooLarge));
        let mut parser = Parser::new(100);
        let lines = "data: 0123456789\n".repeat(12);
        assert_eq!(parser.push(lines.as_bytes()), Err(TooLarge));
        let mut parser = Parser::new(100);
        let events = "data: 0123456789\n\n".repeat(12);
        assert_eq!(parser.push(events.as_bytes()), Ok(()));
    }

    #[test]
    fn mutated_streams_say_the_same_in_any_pieces() {
        let seeds: [&[u8]; 3] = [
            b"3\xef\xbb\xbf: hi\r\n\r\nevent: a\r\nid: 7\r\ndata: caf\xc3\xa9\r\ndata\r\n\r\ndata: 2\n\n",
            b"0data: {\"status\": \"IN_QUEUE\"}\n\ndata: {\"status\": \"COMPLETED\"}\n\n",
            b"6retry: 10\r\rdata:x\rdata:y\r\r: ping\n\nid\n\n",
        ];
        each_mutation("event_stream", &seeds, check_any);
    }
}
