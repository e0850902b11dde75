//! How long calls may take, and how much they may return.

use std::time::{Duration, Instant};

use crate::transport::chaining_setters::chaining_setters;

/// How long the parts of a call may take. Every wait of a client has a limit.
///
/// ```
/// use std::time::Duration;
/// use fal_sdk::Timeouts;
///
/// let timeouts = Timeouts::default()
///     .connect(Duration::from_secs(3))
///     .wait(Duration::from_secs(600));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// How long making a connection may take, including the TLS handshake. Default: 10 s.
    pub connect: Duration,
    /// The interval of HTTP/2 pings. A connection that does not answer a ping within
    /// twice this time is closed, and no request uses it again. Default: 10 s.
    pub keep_alive: Duration,
    /// The longest time between two pieces of a body that is sent or received.
    /// Default: 30 s.
    pub idle: Duration,
    /// How long one attempt of a short request (submit, status, cancel) may take. Sending
    /// the input of a submit may take longer as long as bytes keep moving; the time then
    /// counts from the end of the input. Default: 60 s.
    pub request: Duration,
    /// How long one attempt to fetch a result may take. Default: 300 s, since results can
    /// be large.
    pub result: Duration,
    /// How long a direct run may take; its reply arrives when the model has finished.
    /// Default: 3,600 s, the platform's own limit for a request.
    pub run: Duration,
    /// The longest time in which nothing arrives on a status stream; the server sends
    /// something every 15 s. Default: 45 s.
    pub stream_idle: Duration,
    /// The longest time in which no output arrives on a model's stream. Default: 300 s.
    pub model_stream: Duration,
    /// How long waiting for a job may take in total, unless the call has a limit of its own
    /// (`.timeout(…)`). When the time has passed, the call fails and the job continues.
    /// Default: 24 h.
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

chaining_setters! {
    Timeouts {
        connect: plain Duration,
        keep_alive: plain Duration,
        idle: plain Duration,
        request: plain Duration,
        result: plain Duration,
        run: plain Duration,
        stream_idle: plain Duration,
        model_stream: plain Duration,
        wait: plain Duration,
        unreachable: plain Duration,
    }
}

chaining_setters! {
    Limits {
        output: plain usize,
        reply: plain usize,
        download: plain u64,
        event: plain usize,
        status_streams: plain usize,
        calls: plain usize,
    }
}

/// Returns when a wait that begins now is over. A wait that is too long for the clock is over
/// in a century.
pub(crate) fn moment_after(wait: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 365 * 86_400);
    let now = Instant::now();
    now.checked_add(wait).unwrap_or_else(|| now + CENTURY)
}

/// How large the replies of servers may be, and how many requests run concurrently.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The size of the largest output of a model, in bytes. An output can contain files as
    /// data URIs. The same limit holds for a message of a realtime connection, a reply of
    /// the platform API and a download into memory. Default: 256 MiB.
    pub output: usize,
    /// The size of the largest reply of the queue other than an output, in bytes. A
    /// status whose logs are larger keeps their last lines, and the body of an error is
    /// cut. Default: 1 MiB.
    pub reply: usize,
    /// The size of the largest file that is downloaded to a path or a writer, in bytes.
    /// Default: 20 GiB.
    pub download: u64,
    /// The size of the largest event of a status stream or a model's stream, in bytes.
    /// Default: 16 MiB.
    pub event: usize,
    /// The largest number of status streams that are open at once. Further jobs are polled
    /// while they wait for a stream; with 0, all jobs are polled. Status streams have
    /// connections of their own, one for every 100 streams. Over HTTP/1.1, where each
    /// stream takes a connection, at most 64 are open. Default: 1,000.
    pub status_streams: usize,
    /// The largest number of requests to the queue (submit, status, result, cancel) that
    /// are under way at once; further ones wait. Default: 128.
    pub calls: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            output: 256 << 20,
            reply: 1 << 20,
            download: 20 << 30,
            event: 16 << 20,
            status_streams: 1_000,
            calls: 128,
        }
    }
}
