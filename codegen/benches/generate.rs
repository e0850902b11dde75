//! Documents per second: the depth document, and a catalog.
//!
//! The catalog is the real one where it lies beside the repository, else a made-up one of the same size.

use std::fs;
use std::path::{Path, PathBuf};

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use fal_codegen::{Options, Source, generate};

/// As many documents as the made-up catalog has.
const DOCUMENTS: usize = 300;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn depth() -> Source {
    let path = "schemas/openapi/fal-ai/wan-22-vace-fun-a14b/depth.json";
    let text = fs::read_to_string(repository().join(path)).expect("the depth document");
    Source::new(path, text)
}

/// Every document below a folder.
fn read(folder: &Path) -> Vec<Source> {
    let mut folders = vec![folder.to_path_buf()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "json") {
                let text = fs::read_to_string(&path).unwrap_or_default();
                sources.push(Source::new(path.display().to_string(), text));
            }
        }
    }
    sources
}

/// The depth document under many ids, so that much of it is shared, as in the real catalog.
fn made_up() -> Vec<Source> {
    let id = "fal-ai/wan-22-vace-fun-a14b/depth";
    let text = depth().text;
    let sources = (0..DOCUMENTS).map(|index| {
        let other = format!("made-up/family-{}/model-{index}", index / 4);
        Source::new(format!("{other}.json"), text.replace(id, &other))
    });
    sources.collect()
}

fn benches(criterion: &mut Criterion) {
    let depth = [depth()];
    criterion.bench_function("depth", |bencher| {
        bencher.iter(|| generate(&depth, &Options::default()));
    });

    let real = read(&repository().join("../shared/corpus/current"));
    let (name, sources) = match real.is_empty() {
        true => ("made-up catalog", made_up()),
        false => ("real catalog", real),
    };
    let outcome = generate(&sources, &Options::default());
    let lines: usize = outcome
        .plan
        .files()
        .map(|(_, text)| text.lines().count())
        .sum();
    let bytes: usize = outcome.plan.files().map(|(_, text)| text.len()).sum();
    let endpoints = outcome.summary.generated.max(1);
    println!(
        "{name}: {endpoints} endpoints, {} lines and {} bytes each",
        lines / endpoints,
        bytes / endpoints
    );
    let mut group = criterion.benchmark_group("catalog");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Elements(sources.len() as u64));
    group.bench_function(name, |bencher| {
        bencher.iter(|| generate(&sources, &Options::default()));
    });
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
