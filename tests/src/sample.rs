//! An endpoint written by hand, as generated ones are, for tests of the runtime.

use std::time::Duration;

use fal_mock::{MockServer, Script};
use fal_sdk::retry::RetryPolicy;
use fal_sdk::{
    Client, ClientBuilder, Input, Media, PollInterval, Validate, Video, open_enum,
    validate::Validator, wire,
};
use serde_json::{Value, json};

/// The id of the sample endpoint; it has a path below `owner/alias`, so that URLs
/// with and without it differ.
pub const ENDPOINT: &str = "acme/sample/depth";

/// The key that tests use.
pub const KEY: &str = "test-id:test-secret-4f1d";

open_enum! {
    /// How large the video becomes.
    pub enum Resolution: String {
        Auto = "auto",
        P720 = "720p",
    }
}

/// Input of the sample endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleInput {
    /// What to do.
    pub prompt: String,
    /// With what.
    pub video_url: Media,
    /// How many frames, 17 to 241.
    pub num_frames: Option<i64>,
    /// How large.
    pub resolution: Option<Resolution>,
}

wire! {
    SampleInput {
        prompt: required,
        video_url: required,
        num_frames: optional,
        resolution: optional,
    }
}

impl SampleInput {
    /// An input with a prompt and a video that is at a URL.
    pub fn new(prompt: impl Into<String>) -> Self {
        Self {
            prompt: prompt.into(),
            video_url: Media::url("https://example.com/walk.mp4"),
            num_frames: None,
            resolution: None,
        }
    }
}

impl Validate for SampleInput {
    fn check(&self, check: &mut Validator) {
        check.nested("video_url", &self.video_url);
        check.range("num_frames", &self.num_frames, 17..=241);
    }
}

impl Input for SampleInput {
    const ENDPOINT: &'static str = ENDPOINT;
    type Output = SampleOutput;

    fn for_each_media<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Media)) {
        visit(&mut self.video_url);
    }
}

/// Output of the sample endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleOutput {
    /// The video.
    pub video: Video,
    /// The seed that was used.
    pub seed: i64,
}

wire! {
    SampleOutput {
        video: required,
        seed: required,
    }
}

/// An output that fits the type.
pub fn output() -> Value {
    json!({"video": {"url": "https://v3.fal.media/files/depth.mp4"}, "seed": 42})
}

/// A script whose job succeeds at once.
pub fn script() -> Script {
    Script::new().output(output())
}

/// A server for the sample endpoint.
pub async fn server(script: Script) -> MockServer {
    MockServer::builder()
        .script(ENDPOINT, script)
        .start()
        .await
        .expect("a server on a free port")
}

/// A client of the server that repeats calls without long waits.
pub fn client(server: &MockServer) -> Client {
    builder(server).build().expect("a client of the server")
}

/// What [`client`] is made from.
pub fn builder(server: &MockServer) -> ClientBuilder {
    let mut interval = PollInterval::default();
    interval.first = Duration::from_millis(10);
    interval.longest = Duration::from_millis(40);
    Client::builder()
        .key(KEY)
        .base_url(server.url())
        .retry(RetryPolicy::default().base_delay(Duration::from_millis(5)))
        .poll_interval(interval)
}
