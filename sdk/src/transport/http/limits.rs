//! How long calls may take, and how much they may return.

use std::time::{Duration, Instant};

/// How long the parts of a call may take. Nothing waits for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// Making a connection, TLS included. Default: 10 s.
    pub connect: Duration,
    /// How often an HTTP/2 connection is asked for a sign of life (a ping). One that
    /// does not answer within twice this time is closed, and no request uses it
    /// again. Default: 10 s.
    pub keep_alive: Duration,
    /// Between two pieces of a body that is sent or received. Default: 30 s.
    pub idle: Duration,
    /// One attempt of a short call: submit, status, cancel. The input of a submit may
    /// take longer to send while it moves; the time then counts from its end.
    /// Default: 60 s.
    pub request: Duration,
    /// One attempt to fetch a result, which can be large. Default: 300 s.
    pub result: Duration,
    /// A direct run, which answers when the model is done. Default: 3,600 s, the
    /// platform's own limit for a request.
    pub run: Duration,
    /// Without a sign of life on a status stream, which sends one every 15 s.
    /// Default: 45 s.
    pub stream_idle: Duration,
    /// Without an output on a model's stream. Default: 300 s.
    pub model_stream: Duration,
    /// Waiting for a job as a whole, unless a call says otherwise with
    /// `.timeout(…)`. Default: 24 h. When it passes, the job goes on.
    pub wait: Duration,
    /// How long to keep following a job while every attempt to get its status or its
    /// result fails. Default: 300 s.
    pub unreachable: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            keep_alive: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            request: Duration::from_secs(60),
            result: Duration::from_secs(300),
            run: Duration::from_secs(3_600),
            stream_idle: Duration::from_secs(45),
            model_stream: Duration::from_secs(300),
            wait: Duration::from_secs(24 * 3_600),
            unreachable: Duration::from_secs(300),
        }
    }
}

/// When a wait that begins now is over. One that goes beyond what the clock can
/// count is over in a century.
pub(crate) fn moment_after(wait: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 365 * 86_400);
    let now = Instant::now();
    now.checked_add(wait).unwrap_or_else(|| now + CENTURY)
}

/// How many bytes are read, and how much runs concurrently.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The largest output, in bytes; it can hold files as data URIs. Default:
    /// 256 MiB.
    pub output: usize,
    /// The largest reply of the queue other than an output, and how much of an
    /// error's body is kept, in bytes. Of longer logs the last lines are kept.
    /// Default: 1 MiB.
    pub reply: usize,
    /// The largest file that is downloaded to a path or a writer, in bytes.
    /// Default: 20 GiB. In memory, `output` is the limit.
    pub download: u64,
    /// The largest event of a stream, in bytes. Default: 16 MiB.
    pub event: usize,
    /// Status streams that are open at once; further jobs poll until it is their turn
    /// to have one. They have connections of their own, and servers commonly allow
    /// 100 streams on an HTTP/2 connection. Default: 64.
    pub status_streams: usize,
    /// Short calls of the queue that are under way at once; further ones wait.
    /// Default: 128.
    pub calls: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            output: 256 << 20,
            reply: 1 << 20,
            download: 20 << 30,
            event: 16 << 20,
            status_streams: 64,
            calls: 128,
        }
    }
}
