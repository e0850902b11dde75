//! Distinguishes new lines of a log from those seen before.
//!
//! A polled status has all lines. A stream sends the new ones, but a stream that is opened
//! again may start over. So the occurrences of each line are counted, anew for each source: a
//! line is new if this source has sent it more often than any source before.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::status::Log;

#[derive(Debug, Default)]
pub(super) struct LogMemory {
    hasher: RandomState,
    seen: HashMap<u64, u32>,
    source: HashMap<u64, u32>,
}

impl LogMemory {
    /// Begins a new count, since a stream was opened or a status was polled.
    pub(super) fn begin_source(&mut self) {
        self.source.clear();
    }

    /// Drops the lines that were seen before.
    pub(super) fn keep_new(&mut self, logs: &mut Vec<Log>) {
        logs.retain(|log| self.is_new(log));
    }

    fn is_new(&mut self, log: &Log) -> bool {
        let key = self
            .hasher
            .hash_one((&log.timestamp, &log.message, log.level.as_ref()));
        let shown = self.source.entry(key).or_default();
        *shown += 1;
        let seen = self.seen.entry(key).or_default();
        let is_new = *shown > *seen;
        *seen = (*seen).max(*shown);
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::queue::Status;
    use crate::contract::wire::Decode;

    fn new_lines(memory: &mut LogMemory, lines: &[&str]) -> Vec<String> {
        let logs: Vec<_> = lines
            .iter()
            .map(|line| serde_json::json!({"message": line}))
            .collect();
        let status = serde_json::json!({"status": "IN_PROGRESS", "logs": logs});
        let mut logs = Status::decode(&status).unwrap().logs;
        memory.keep_new(&mut logs);
        logs.into_iter().map(|log| log.message).collect()
    }

    #[test]
    fn each_line_is_shown_once_over_streams_and_polls() {
        let mut memory = LogMemory::default();
        memory.begin_source();
        assert_eq!(new_lines(&mut memory, &["a"]), ["a"]);
        assert_eq!(new_lines(&mut memory, &["a", "b"]), ["a", "b"]);
        // Polled: all of them again, and one more.
        memory.begin_source();
        assert_eq!(new_lines(&mut memory, &["a", "a", "b", "c"]), ["c"]);
        // A stream that starts over, piece by piece.
        memory.begin_source();
        assert_eq!(new_lines(&mut memory, &["a"]), [""; 0]);
        assert_eq!(new_lines(&mut memory, &["a", "b", "c", "a"]), ["a"]);
        // A stream that goes on where the last one was cut.
        memory.begin_source();
        assert_eq!(new_lines(&mut memory, &["d"]), ["d"]);
    }
}
