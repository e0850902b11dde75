//! The end of a long array in a JSON object, kept while the object is read.
//!
//! The logs of a job can be of any length, and the newest lines come last. So the object
//! is split into its parts as its bytes arrive, and only the last items of the array are
//! kept.

use std::collections::VecDeque;

/// The error for an object that is larger than the limit even without its array.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLarge;

/// Reads an object whose member `name` is an array, and keeps the last items of that
/// array.
pub(super) struct ArrayTail {
    name: &'static str,
    limit: usize,
    part: Part,
    /// Everything up to the array's opening bracket.
    before: Vec<u8>,
    items: VecDeque<Vec<u8>>,
    items_len: usize,
    /// The item that is being read, unless it is larger than the limit.
    item: Option<Vec<u8>>,
    is_shortened: bool,
    /// Everything from the array's closing bracket on.
    after: Vec<u8>,
    depth: usize,
    in_string: bool,
    is_escaped: bool,
    /// Where in `before` the last string of the outermost object begins.
    string_start: usize,
    /// Whether that string is the name, and what follows it so far.
    seen: Seen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Before,
    Inside,
    After,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Nothing,
    Name,
    Colon,
}

impl ArrayTail {
    pub(super) fn new(name: &'static str, limit: usize) -> Self {
        Self {
            name,
            limit,
            part: Part::Before,
            before: Vec::new(),
            items: VecDeque::new(),
            items_len: 0,
            item: Some(Vec::new()),
            is_shortened: false,
            after: Vec::new(),
            depth: 0,
            in_string: false,
            is_escaped: false,
            string_start: 0,
            seen: Seen::Nothing,
        }
    }

    /// Takes the next bytes of the object.
    ///
    /// # Errors
    /// When the object is larger than the limit even without its array.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), TooLarge> {
        for &byte in bytes {
            match self.part {
                Part::Before => self.before(byte),
                Part::Inside => self.inside(byte),
                Part::After => self.after.push(byte),
            }
        }
        match self.before.len() + self.after.len() > self.limit {
            true => Err(TooLarge),
            false => Ok(()),
        }
    }

    /// The object, with its array shortened and a text in place of what was left
    /// out.
    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        let mut bytes = self.before;
        if self.is_shortened {
            let mark = format!(
                "[earlier entries are left out: together, the entries are larger than {} bytes]",
                self.limit
            );
            self.items.push_front(format!("\"{mark}\"").into_bytes());
        }
        for (number, item) in self.items.iter().enumerate() {
            if number > 0 {
                bytes.push(b',');
            }
            bytes.extend_from_slice(item);
        }
        bytes.extend_from_slice(&self.after);
        bytes
    }

    fn before(&mut self, byte: u8) {
        self.before.push(byte);
        if self.in_string {
            if self.ends_string(byte) && self.depth == 1 {
                let end = self.before.len() - 1;
                self.seen = match self.before[self.string_start..end] == *self.name.as_bytes() {
                    true => Seen::Name,
                    false => Seen::Nothing,
                };
            }
            return;
        }
        match byte {
            b'"' => {
                self.in_string = true;
                self.string_start = self.before.len();
            }
            b'[' if self.depth == 1 && self.seen == Seen::Colon => {
                self.part = Part::Inside;
                self.depth = 0;
            }
            b'[' | b'{' => self.depth += 1,
            b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            b':' if self.seen == Seen::Name => self.seen = Seen::Colon,
            _ if byte.is_ascii_whitespace() => {}
            _ => self.seen = Seen::Nothing,
        }
    }

    fn inside(&mut self, byte: u8) {
        if self.in_string {
            self.keep(byte);
            self.ends_string(byte);
            return;
        }
        match byte {
            b']' if self.depth == 0 => {
                self.end_item();
                self.part = Part::After;
                self.after.push(byte);
            }
            b',' if self.depth == 0 => self.end_item(),
            _ if self.depth == 0 && byte.is_ascii_whitespace() => {}
            _ => {
                match byte {
                    b'"' => self.in_string = true,
                    b'[' | b'{' => self.depth += 1,
                    b']' | b'}' => self.depth -= 1,
                    _ => {}
                }
                self.keep(byte);
            }
        }
    }

    /// Whether the byte ends the string that it belongs to.
    fn ends_string(&mut self, byte: u8) -> bool {
        let is_end = byte == b'"' && !self.is_escaped;
        self.is_escaped = byte == b'\\' && !self.is_escaped;
        self.in_string = !is_end;
        is_end
    }

    fn keep(&mut self, byte: u8) {
        let Some(item) = &mut self.item else { return };
        match item.len() < self.limit {
            true => item.push(byte),
            false => self.item = None,
        }
    }

    fn end_item(&mut self) {
        match self.item.replace(Vec::new()) {
            Some(item) if item.is_empty() => {}
            Some(item) => {
                self.items_len += weight(&item);
                self.items.push_back(item);
            }
            None => self.is_shortened = true,
        }
        while self.items_len > self.limit {
            let dropped = self.items.pop_front().unwrap_or_default();
            self.items_len -= weight(&dropped);
            self.is_shortened = true;
        }
    }
}

/// How much memory an item takes.
fn weight(item: &[u8]) -> usize {
    const OVERHEAD: usize = 32;
    item.len() + OVERHEAD
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(text: &str, limit: usize, step: usize) -> Result<Value, TooLarge> {
        let mut tail = ArrayTail::new("logs", limit);
        for piece in text.as_bytes().chunks(step) {
            tail.push(piece)?;
        }
        Ok(serde_json::from_slice(&tail.into_bytes()).unwrap())
    }

    /// Whatever fits comes out as it went in, wherever the pieces were cut.
    #[test]
    fn what_fits_stays_as_it_is() {
        for object in [
            json!({"status": "A", "logs": [{"m": "a]\"\\,"}, "b", 3, [4, {"x": [5]}]], "metrics": {"n": 1}}),
            json!({"logs": [], "z": "logs"}),
            json!({"logs": null, "a": ["logs"], "b": {"logs": [1, 2, 3]}}),
            json!({"a": "logs", "b": [1, 2]}),
            json!([{"logs": [1]}]),
            json!("logs"),
        ] {
            for text in [object.to_string(), format!("{object:#}")] {
                for step in [1, 2, 7, 1_000] {
                    assert_eq!(read(&text, 1_000, step), Ok(object.clone()), "{text}");
                }
            }
        }
    }

    #[test]
    fn the_last_items_are_kept() {
        let lines: Vec<String> = (0..100).map(|number| format!("line {number:02}")).collect();
        let object = json!({"status": "IN_PROGRESS", "logs": lines, "more": 1}).to_string();
        let kept = read(&object, 250, 5).unwrap();
        assert_eq!(kept["more"], 1);
        let logs = kept["logs"].as_array().unwrap();
        assert!(logs[0].as_str().unwrap().contains("left out"), "{logs:?}");
        let expected: Vec<Value> = (94..100).map(|n| format!("line {n}").into()).collect();
        assert_eq!(logs[1..], expected);
    }

    #[test]
    fn an_item_without_end_is_dropped() {
        let object = json!({"logs": ["a", "x".repeat(500), "b"]}).to_string();
        let kept = read(&object, 100, 9).unwrap();
        let logs = kept["logs"].as_array().unwrap();
        assert_eq!(logs.len(), 3);
        assert_eq!(logs[1..], ["a", "b"]);
        let object = json!({"other": "x".repeat(500), "logs": []}).to_string();
        assert_eq!(read(&object, 60, 9), Err(TooLarge));
    }
}
