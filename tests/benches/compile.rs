//! What generated code costs its users: `cargo bench -p fal-tests --bench compile`.
//!
//! The real documents beside the repository, where they are, else copies of the
//! committed one, become a crate on top of `fal-sdk`, behind the features that
//! `fal-sdk` would have. `cargo check` of that crate is measured alone, by a wrapper
//! around its compiler; the lowest of several runs is printed, as a busy machine only
//! ever adds.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;
use std::{env, fs, thread};

use cargo_fal::schemas::{Layout, load};
use fal_codegen::{Options, Outcome, Runtime, Source, generate};
use fal_tests::process::cpu_of_children;

const ROUNDS: usize = 2;
const COPIES: usize = 200;
const COMMITTED: &str = "fal-ai/wan-22-vace-fun-a14b/depth";
const CRATE: &str = "everything";
/// Set for the wrapper: the file that it writes its figures to.
const FIGURES: &str = "FAL_COMPILE_FIGURES";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).filter(|a| a != "--bench").collect();
    match (env::var_os(FIGURES), arguments.as_slice()) {
        (Some(figures), [compiler, rest @ ..]) => wrap(Path::new(&figures), compiler, rest),
        (_, []) => measure(),
        // Names of tests that `cargo test --benches` passes on.
        _ => ExitCode::SUCCESS,
    }
}

/// Runs the compiler, and notes what it took if it compiles the generated crate.
fn wrap(figures: &Path, compiler: &str, arguments: &[String]) -> ExitCode {
    let is_measured = arguments
        .windows(2)
        .any(|two| two == ["--crate-name", CRATE]);
    let mut child = Command::new(compiler).args(arguments).spawn().unwrap();
    let mut peak = 0;
    let status = loop {
        peak = peak.max(resident(child.id()));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        thread::sleep(Duration::from_millis(if is_measured { 20 } else { 5 }));
    };
    if is_measured {
        fs::write(figures, format!("{} {peak}", cpu_of_children().as_millis())).unwrap();
    }
    ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1))
}

/// The largest memory of a process so far, in kB.
fn resident(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn measure() -> ExitCode {
    let outcome = generate(
        &documents(),
        &Options {
            runtime: Runtime::Extern("fal_sdk".to_owned()),
            ..Options::default()
        },
    );
    let folder = repository().join("target/compile");
    write(&folder, &outcome);
    print_size(&outcome);
    let groups = groups(&outcome);
    let (usual, largest) = (&groups[groups.len() / 2], &groups[groups.len() - 1]);
    let cases = [
        ("no group on".to_owned(), ""),
        (
            format!("a usual group on ({}, {} endpoints)", usual.1, usual.0),
            usual.1.as_str(),
        ),
        (
            format!("the largest on ({}, {} endpoints)", largest.1, largest.0),
            largest.1.as_str(),
        ),
        (
            format!("all {} endpoints on", outcome.endpoints.len()),
            "all",
        ),
    ];
    for (what, features) in cases {
        let mut best = (u64::MAX, u64::MAX);
        for _ in 0..ROUNDS {
            let Some((ms, kb)) = check(&folder, features) else {
                eprintln!("the generated crate does not compile");
                return ExitCode::FAILURE;
            };
            best = (best.0.min(ms), best.1.min(kb));
        }
        println!(
            "check, {what}: {:.1} CPU s, {} MB",
            best.0 as f64 / 1000.0,
            best.1 / 1000
        );
    }
    ExitCode::SUCCESS
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn documents() -> Vec<Source> {
    let corpus = Layout::of(repository().join("../shared/corpus/current"));
    if let Ok(loaded) = load(&corpus)
        && !loaded.sources.is_empty()
    {
        return loaded.sources;
    }
    let path = repository().join(format!("schemas/openapi/{COMMITTED}.json"));
    let text = fs::read_to_string(path).unwrap();
    let copy = |number| {
        Source::new(
            format!("{number}.json"),
            text.replace(COMMITTED, &format!("acme-{}/model/{number}", number % 20)),
        )
    };
    (0..COPIES).map(copy).collect()
}

/// The generated crate, with a feature for each group and one for all.
fn write(folder: &Path, outcome: &Outcome) {
    let sources = folder.join("src");
    if sources.exists() {
        fs::remove_dir_all(&sources).unwrap();
    }
    for (path, text) in outcome.plan.files() {
        let path = sources.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::write(sources.join("lib.rs"), "pub mod endpoints;\n").unwrap();
    let quoted: Vec<String> = outcome
        .features
        .iter()
        .map(|name| format!("{name:?}"))
        .collect();
    let mut manifest = format!(
        "[package]\nname = \"{CRATE}\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nfal-sdk = {{ path = \"../../sdk\" }}\n\n[features]\nall = [{}]\n",
        quoted.join(", ")
    );
    for name in quoted {
        let _ = writeln!(manifest, "{name} = []");
    }
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(repository().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
}

fn print_size(outcome: &Outcome) {
    let texts = outcome.plan.files().map(|(_, text)| text);
    let (lines, bytes) = texts.fold((0, 0), |(lines, bytes), text| {
        (lines + text.lines().count(), bytes + text.len())
    });
    let count = outcome.endpoints.len();
    println!(
        "{count} endpoints: {} lines and {} bytes each",
        lines / count,
        bytes / count
    );
}

/// The groups and how many endpoints each has, the smallest first.
fn groups(outcome: &Outcome) -> Vec<(usize, String)> {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &outcome.endpoints {
        *sizes.entry(&entry.feature).or_default() += 1;
    }
    let mut groups: Vec<(usize, String)> = sizes
        .into_iter()
        .map(|(name, size)| (size, name.to_owned()))
        .collect();
    groups.sort();
    groups
}

/// What a check took: CPU milliseconds and kB.
fn check(folder: &Path, features: &str) -> Option<(u64, u64)> {
    let figures = folder.join("figures");
    // Compiled again, whatever was on before.
    fs::write(folder.join("src/lib.rs"), "pub mod endpoints;\n").unwrap();
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["check", "--quiet", "--offline", "--features", features])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("CARGO_INCREMENTAL", "0")
        .env("RUSTC_WRAPPER", env::current_exe().unwrap())
        .env(FIGURES, &figures)
        .status();
    if !status.is_ok_and(|status| status.success()) {
        return None;
    }
    let text = fs::read_to_string(figures).ok()?;
    let (ms, kb) = text.split_once(' ')?;
    Some((ms.parse().ok()?, kb.parse().ok()?))
}
