//! What a fetch of the whole catalog costs: `cargo bench -p fal-tests --bench fetch`.
//!
//! The server is a child process, so that memory and processor time are the
//! command's alone. It serves the real documents beside the repository, where they
//! are, else copies of the committed one.

use std::path::{Path, PathBuf};
use std::time::Instant;

use cargo_fal::fetch::{Options, Selection, run};
use cargo_fal::schemas::Layout;
use fal_mock::{MockServer, MockServerBuilder};
use fal_tests::process::{cpu, peak_mib};
use fal_tests::served::{Served, arguments, until_ended};

/// How many copies of the committed document stand in for the catalog.
const COPIES: usize = 500;
const COMMITTED: &str = "fal-ai/wan-22-vace-fun-a14b/depth";

#[tokio::main]
async fn main() {
    let arguments = arguments();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => serve().await,
        [] => measure().await,
        // Names of tests that `cargo test --benches` passes on.
        _ => {}
    }
}

/// Serves until standard input ends; says where on standard output.
async fn serve() {
    let corpus = repository().join("../shared/corpus/current");
    let builder = MockServer::builder().record_limit(0);
    let builder = match corpus.is_dir() {
        true => builder.documents(corpus),
        false => copies()
            .into_iter()
            .fold(builder, MockServerBuilder::document),
    };
    let server = builder.start().await.unwrap();
    let urls = server.urls();
    until_ended(&format!("{} {}", urls.platform, urls.fal)).await;
}

fn copies() -> Vec<serde_json::Value> {
    let path = repository().join(format!("schemas/openapi/{COMMITTED}.json"));
    let text = std::fs::read_to_string(path).unwrap();
    let copy = |number| text.replace(COMMITTED, &format!("acme/model-{number}"));
    (0..COPIES)
        .map(|number| serde_json::from_str(&copy(number)).unwrap())
        .collect()
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

async fn measure() {
    let served = Served::start(&["serve"]);
    let (platform, fal) = served.address.split_once(' ').unwrap();
    let folder = tempfile::tempdir().unwrap();
    for what in ["into an empty folder", "again, without change"] {
        let options = Options::new(
            Selection::All,
            platform.parse().unwrap(),
            format!("{fal}/api/openapi/queue/openapi.json")
                .parse()
                .unwrap(),
            Layout::of(folder.path()),
        );
        let (started, before) = (Instant::now(), cpu());
        let report = run(&options).await.unwrap();
        let (took, cpu) = (started.elapsed(), cpu() - before);
        let count = report.new.len() + report.unchanged.len();
        assert!(report.failed.is_empty() && count > 0, "{report}");
        println!(
            "fetch {what}: {count} documents in {took:.2?} ({:.0} a second), cpu {cpu:.2?}, at most {} MiB",
            count as f64 / took.as_secs_f64(),
            peak_mib()
        );
    }
    served.end();
}
