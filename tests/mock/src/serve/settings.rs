//! Settings of the service.

use std::time::Duration;

/// The settings of a service, made by the builder.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Whether URLs of jobs with a path below the application are refused, as on fal.
    pub(crate) strict: bool,
    /// The interval at which an idle status stream sends a comment.
    pub(crate) keep_alive: Duration,
    /// The most bytes of a request's body that are recorded.
    pub(crate) recorded_body: usize,
    /// The most HTTP/2 streams that a connection may have open.
    pub(crate) max_streams: u32,
    /// Whether the content of uploads is kept.
    pub(crate) keep_uploads: bool,
    /// The expiry time of CDN tokens in replies.
    pub(crate) cdn_token_expiry: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            strict: true,
            keep_alive: Duration::from_secs(15),
            recorded_body: 1 << 20,
            max_streams: 200,
            keep_uploads: true,
            cdn_token_expiry: "2100-01-01T00:00:00+00:00".to_owned(),
        }
    }
}
