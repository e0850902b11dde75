//! A server with the sample endpoint, and clients of it over one of the transports.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use fal_mock::{MockServer, MockServerBuilder, Route, Script};
use fal_sdk::retry::RetryPolicy;
use fal_sdk::{Client, ClientBuilder, Error, PollInterval};
use fal_tests::sample::{ENDPOINT, KEY};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::row::{Observation, PAID_TWICE, Promises};

/// What requests travel over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Transport {
    /// HTTP/1.1 without TLS.
    #[serde(rename = "HTTP/1")]
    Http1,
    /// HTTP/2 without TLS, by prior knowledge.
    #[serde(rename = "HTTP/2")]
    Http2,
    /// TLS, in which client and server agree on HTTP/2.
    #[serde(rename = "TLS")]
    Tls,
}

impl Transport {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Http1, Self::Http2, Self::Tls];

    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Http1 => "HTTP/1",
            Self::Http2 => "HTTP/2",
            Self::Tls => "TLS",
        }
    }

    /// Whether requests share a connection.
    pub fn is_http2(self) -> bool {
        self != Self::Http1
    }
}

/// A server, and what clients need to reach it.
pub struct Setup {
    /// The server.
    pub server: MockServer,
    /// What its clients use.
    pub transport: Transport,
    started: Instant,
}

impl Setup {
    /// A server whose jobs follow this script.
    pub async fn new(transport: Transport, script: Script) -> Self {
        let builder = MockServer::builder().script(ENDPOINT, script);
        Self::from_builder(transport, builder).await
    }

    /// A server from a builder.
    pub async fn from_builder(transport: Transport, builder: MockServerBuilder) -> Self {
        let builder = match transport {
            Transport::Tls => builder.tls(),
            _ => builder,
        };
        let server = builder.start().await.expect("a server on a free port");
        Self {
            server,
            transport,
            started: Instant::now(),
        }
    }

    /// What a client is made from: it repeats a call once, without long waits.
    pub fn builder(&self) -> ClientBuilder {
        self.builder_at(self.server.address())
    }

    /// The same for a relay in front of the server.
    pub fn builder_at(&self, address: SocketAddr) -> ClientBuilder {
        builder(self.transport, address, self.server.ca_pem())
    }

    /// A client of the server.
    pub fn client(&self) -> Client {
        self.builder().build().expect("a client")
    }

    /// How many requests asked for paid work.
    pub fn submits(&self) -> u64 {
        let routes = [Route::Submit, Route::Run, Route::ModelStream];
        routes.map(|route| self.server.count(route)).iter().sum()
    }

    /// How many jobs and direct calls the server carried out.
    pub fn jobs(&self) -> u64 {
        self.server.jobs_created() + self.server.direct_calls().len() as u64
    }

    /// What is seen after one call.
    pub fn observe<T>(&self, outcome: &Result<T, Error>) -> Observation {
        self.observe_all(1, std::slice::from_ref(outcome))
    }

    /// What is seen after a call that costs nothing, and so may be repeated.
    pub fn observe_reading<T>(&self, outcome: &Result<T, Error>) -> Observation {
        let mut seen = self.observe(outcome);
        seen.broken.retain(|broken| !broken.starts_with(PAID_TWICE));
        seen
    }

    /// What is seen after calls that asked for `paid` jobs in all. The row shows the
    /// first error, if there is one.
    pub fn observe_all<T>(&self, paid: u64, outcomes: &[Result<T, Error>]) -> Observation {
        let seconds = self.started.elapsed().as_secs_f64();
        let mut promises = Promises::new(&self.server);
        for outcome in outcomes {
            promises.check(outcome);
        }
        let jobs = self.jobs();
        let error = outcomes.iter().find_map(|outcome| outcome.as_ref().err());
        Observation {
            outcome: error.map_or("output".to_owned(), |error| format!("{:?}", error.kind())),
            submits: self.submits(),
            jobs,
            duplicated: jobs.saturating_sub(paid),
            lost: jobs.min(paid).saturating_sub(promises.accounted),
            seconds,
            words: error.map_or(String::new(), |error| self.plain(&error.to_string())),
            broken: promises.broken,
        }
    }

    /// The words without what differs from run to run: the address, and ids.
    pub fn plain(&self, words: &str) -> String {
        let words = words.replace(&self.server.address().to_string(), "HOST");
        let words = words.split(' ').map(|word| match is_id(word) {
            true => "ID]",
            false => word,
        });
        words.collect::<Vec<_>>().join(" ")
    }
}

/// Whether a word is the id in `[request ID]`.
fn is_id(word: &str) -> bool {
    let id = word.strip_suffix(']').unwrap_or_default();
    id.len() == 36 && id.chars().filter(|&letter| letter == '-').count() == 4
}

/// What a client of a server is made from.
pub fn builder(transport: Transport, address: SocketAddr, ca: Option<&str>) -> ClientBuilder {
    let mut interval = PollInterval::default();
    interval.first = Duration::from_millis(10);
    interval.longest = Duration::from_millis(40);
    interval.beside_stream = Duration::from_millis(200);
    let retry = RetryPolicy::default();
    let retry = retry.attempts(2).base_delay(Duration::from_millis(5));
    let scheme = match transport {
        Transport::Tls => "https",
        _ => "http",
    };
    let builder = Client::builder()
        .key(KEY)
        .base_url(format!("{scheme}://{address}"))
        .retry(retry)
        .poll_interval(interval);
    match transport {
        // Without TLS, nobody needs the system's certificates, which take long to read.
        Transport::Http1 => builder.http_client(|builder| builder.tls_certs_only([]).http1_only()),
        Transport::Http2 => {
            builder.http_client(|builder| builder.tls_certs_only([]).http2_prior_knowledge())
        }
        Transport::Tls => {
            let ca = ca.expect("a server with TLS").to_owned();
            builder.http_client(move |builder| {
                let ca = reqwest::Certificate::from_pem(ca.as_bytes()).expect("a certificate");
                builder.tls_certs_only([ca])
            })
        }
    }
}

/// Reads the stream of a model to its end.
pub(crate) async fn read_model_stream(fal: &Client) -> Result<(), Error> {
    let endpoint = fal.endpoint(ENDPOINT)?;
    let stream = endpoint.stream(json!({ "prompt": "a" })).await?;
    stream.last().await.map(drop)
}
