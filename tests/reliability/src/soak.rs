//! The soak: callers of every sort for many minutes, a server that fails at random and
//! restarts, and child processes that are killed. At the end the books are balanced.

mod batches;
mod books;
mod callers;
mod hooks;
mod hostility;
pub mod worker;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fal_mock::{MockServer, Script, WebhookPolicy, WebhookScript};
use fal_sdk::retry::RetryPolicy;
use fal_sdk::{Client, Timeouts};
use fal_tests::sample::{ENDPOINT, SampleInput, output};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use self::books::{Books, Entry};
use self::hooks::Hooks;
use crate::report::Machine;
use crate::setup::{Transport, builder};

/// What a soak is told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Decides every random choice, as far as the times of the machine allow.
    pub seed: u64,
    /// How long calls are made.
    pub time: Duration,
    /// How many callers there are, each with one call at a time.
    pub callers: usize,
    /// The program whose role `batch` runs a batch: this one.
    pub program: PathBuf,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Soak {
    /// Where and when.
    pub machine: Machine,
    /// The seed.
    pub seed: u64,
    /// How long calls were made.
    pub seconds: f64,
    /// Figures by name, in the order of the page.
    pub figures: Vec<(String, u64)>,
    /// Jobs that nobody asked for.
    pub duplicated: u64,
    /// Jobs of which nobody has anything.
    pub lost: u64,
    /// What was wrong, if anything: a line for each.
    pub wrong: Vec<String>,
}

/// What callers and supervisors share.
struct World {
    settings: Settings,
    server: MockServer,
    books: Books,
    hooks: Hooks,
    end: Instant,
}

impl World {
    fn is_over(&self) -> bool {
        Instant::now() >= self.end
    }

    fn client(&self, transport: Transport) -> Client {
        client(transport, self.server.address(), self.server.ca_pem())
    }
}

/// A client with limits on time that suit a server which goes silent now and then.
fn client(transport: Transport, address: std::net::SocketAddr, ca: Option<&str>) -> Client {
    let mut timeouts = Timeouts::default();
    timeouts.idle = Duration::from_secs(10);
    timeouts.request = Duration::from_secs(20);
    timeouts.result = Duration::from_secs(20);
    timeouts.run = Duration::from_secs(20);
    timeouts.stream_idle = Duration::from_secs(5);
    timeouts.keep_alive = Duration::from_secs(2);
    let retry = RetryPolicy::default().base_delay(Duration::from_millis(100));
    let builder = builder(transport, address, ca)
        .timeouts(timeouts)
        .retry(retry);
    builder.build().expect("a client")
}

/// Runs a soak to its end.
///
/// # Panics
///
/// If the server or a child process cannot be started.
pub async fn run(settings: Settings) -> Soak {
    let machine = Machine::describe();
    let started = Instant::now();
    let world = Arc::new(World {
        server: start(settings.seed).await,
        books: Books::default(),
        hooks: Hooks::start(settings.seed).await,
        end: started + settings.time,
        settings,
    });
    let faults = hostility::inject(&world.server);
    let mut tasks = JoinSet::new();
    for caller in 0..world.settings.callers {
        tasks.spawn(callers::call(Arc::clone(&world), caller));
    }
    for supervisor in 0..2 {
        tasks.spawn(batches::supervise(Arc::clone(&world), supervisor));
    }
    tasks.spawn(hooks::read(Arc::clone(&world)));
    let restarts = hostility::restart(&world).await;
    while let Some(ended) = tasks.join_next().await {
        ended.expect("no task panics");
    }
    let seconds = started.elapsed().as_secs_f64();
    let fired: Vec<(String, u64)> = faults.iter().map(hostility::Aimed::fired).collect();
    world.server.clear_faults();
    let fetched = fetch_what_is_left(&world).await;
    let balance = world.books.balance(&world.server);
    let mut figures = balance.figures;
    figures.push((
        "results fetched afterwards by their request id".to_owned(),
        fetched,
    ));
    figures.push((
        "requests that the server received".to_owned(),
        world.server.total(),
    ));
    figures.push(("restarts of the server".to_owned(), restarts));
    figures.extend(fired);
    Soak {
        machine,
        seed: world.settings.seed,
        seconds,
        figures,
        duplicated: balance.duplicated,
        lost: balance.lost,
        wrong: balance.wrong,
    }
}

async fn start(seed: u64) -> MockServer {
    let mut webhook = WebhookScript::default();
    webhook.copies = Some(2);
    let script = Script::new()
        .output(output())
        .queue([1, 0], Duration::from_millis(20))
        .run(Duration::from_millis(60))
        .log("a line")
        .webhook(webhook);
    MockServer::builder()
        .script(ENDPOINT, script)
        .webhooks(WebhookPolicy::fast(1_000, Duration::from_millis(100)))
        .job_limit(1_000_000)
        .record_limit(50_000)
        .recorded_body(256)
        .seed(seed)
        .tls()
        .start()
        .await
        .expect("a server on a free port")
}

/// Reads the results of which the caller has only the request id: they must be there.
async fn fetch_what_is_left(world: &World) -> u64 {
    let fal = world.client(Transport::Http1);
    let left = world.books.known();
    let count = left.len() as u64;
    let fetched = futures_util::stream::iter(left).map(|(name, id)| {
        let job = fal.job::<SampleInput>(&id);
        async move {
            let outcome = match job {
                Ok(job) => job.result().timeout(Duration::from_secs(60)).await,
                Err(error) => Err(error),
            };
            let entry = match outcome {
                Ok(_) => Entry::Output,
                Err(error) => Entry::Gone(format!("{error:?}")),
            };
            world.books.note(&name, entry);
        }
    });
    fetched.buffer_unordered(8).collect::<Vec<()>>().await;
    count
}
