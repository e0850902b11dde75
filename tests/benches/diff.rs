//! What a comparison costs: `cargo bench -p fal-tests --bench diff`.
//!
//! Reads and compares the real documents beside the repository, where they are: 466 pairs. The best of several runs is
//! printed, as a busy machine only ever adds.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use cargo_fal::schemas::{Layout, load};
use fal_codegen::{Catalog, Options, Source, diff::diff};

const RUNS: usize = 5;

fn main() {
    // Names of tests that `cargo test --benches` passes on.
    if std::env::args()
        .skip(1)
        .any(|argument| argument != "--bench")
    {
        return;
    }
    let (Some(old), Some(mut new)) = (documents("earlier"), documents("current")) else {
        println!("there is no corpus of real documents beside the repository: nothing is measured");
        return;
    };
    new.retain(|source| old.iter().any(|other| other.path == source.path));
    let bytes: usize = old.iter().chain(&new).map(|source| source.text.len()).sum();
    println!("{} pairs, {} kB of JSON", new.len(), bytes / 1000);
    let reading = best(|| read(&old, &Options::default()));
    let was = read(&old, &Options::default());
    let options = Options {
        ledger: was.ledger().clone(),
        ..Options::default()
    };
    let is = read(&new, &options);
    let comparing = best(|| diff(&was, &is));
    let found = diff(&was, &is);
    println!("read one side: {}", shown(reading, old.len()));
    println!(
        "compare: {}, {} changes",
        shown(comparing, found.compared),
        found.changes.len()
    );
    let whole = best(|| diff(&read(&old, &Options::default()), &read(&new, &options)));
    println!(
        "read both sides and compare: {}",
        shown(whole, found.compared)
    );
    if let Some(peak) = peak() {
        println!("largest memory: {peak}");
    }
}

fn documents(name: &str) -> Option<Vec<Source>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/corpus")
        .join(name);
    let loaded = load(&Layout::of(folder)).ok()?;
    (!loaded.sources.is_empty()).then_some(loaded.sources)
}

fn read(sources: &[Source], options: &Options) -> Catalog {
    Catalog::read(sources, options)
}

fn best<T>(run: impl Fn() -> T) -> Duration {
    let time = |_| {
        let begin = Instant::now();
        black_box(run());
        begin.elapsed()
    };
    (0..RUNS).map(time).min().unwrap_or_default()
}

fn shown(time: Duration, count: usize) -> String {
    let each = time.as_secs_f64() * 1e6 / count.max(1) as f64;
    format!(
        "{:.0} ms ({each:.0} µs an endpoint)",
        time.as_secs_f64() * 1e3
    )
}

/// The most memory that the process has had, where the system says so.
fn peak() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().to_owned())
}
