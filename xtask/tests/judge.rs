//! The class for the Rust API against `cargo-semver-checks`, which looks at rustdoc's view of both versions. Without the
//! tool there is no verdict, and the test says so; the public items are compared in fal-codegen's tests in any case.

use cargo_fal::schemas::{Layout, load};
use fal_codegen::{
    Catalog, Options, Outcome, Runtime, Source,
    diff::{Change, Class, Direction, Kind, diff},
    generate,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// How many real endpoints that differ are generated in both versions.
const SAMPLE: usize = 120;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

/// Whether the judge is there.
fn has_judge() -> bool {
    let version = Command::new("cargo")
        .args(["semver-checks", "--version"])
        .output();
    let there = version.is_ok_and(|output| output.status.success());
    if !there {
        eprintln!("skipped: cargo-semver-checks is not installed");
    }
    there
}

/// The documents of a folder of the corpus, if it is there.
fn corpus(name: &str) -> Option<Vec<Source>> {
    let folder = repository().join("../shared/corpus").join(name);
    if !folder.is_dir() {
        eprintln!("skipped: there is no corpus of real documents beside the repository");
        return None;
    }
    Some(load(&Layout::of(folder)).unwrap().sources)
}

/// Endpoints of both sides that differ in more than words, spread over the catalog; each by the path of its document.
fn sample(old: &[Source], new: &[Source]) -> BTreeSet<String> {
    let was = Catalog::read(old, &Options::default());
    let is = Catalog::read(new, &Options::default());
    let diff = diff(&was, &is);
    let differing: Vec<String> = diff
        .by_endpoint()
        .into_iter()
        .filter(|(_, changes)| {
            !changes
                .iter()
                .all(|change| change.kind.is_wording() || change.kind.is_one_sided())
        })
        .map(|(id, _)| id.document_path())
        .collect();
    let step = differing.len().div_ceil(SAMPLE).max(1);
    differing.into_iter().step_by(step).collect()
}

/// A crate of what was generated, with the SDK as its runtime, and rustdoc's view of it.
fn rustdoc(name: &str, outcome: &Outcome) -> PathBuf {
    let root = repository();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("judge");
    let folder = target.join(name).join("judged");
    let _ = fs::remove_dir_all(folder.join("src"));
    for (path, text) in outcome.plan.files() {
        let file = folder.join("src").join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let features: Vec<String> = outcome
        .features
        .iter()
        .map(|feature| format!("\"{feature}\""))
        .collect();
    let lines: String = features
        .iter()
        .map(|feature| format!("{feature} = []\n"))
        .collect();
    let manifest = format!(
        "[package]\nname = \"judged\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[features]\ndefault = [{}]\n{lines}\n[dependencies]\nfal-sdk = {{ path = {:?}, default-features = false }}\n\n[workspace]\n",
        features.join(", "),
        root.join("sdk")
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::write(
        folder.join("src/lib.rs"),
        "//! Judged.\npub mod endpoints;\n",
    )
    .unwrap();
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let output = Command::new("cargo")
        .args([
            "rustdoc",
            "--offline",
            "--quiet",
            "--lib",
            "--manifest-path",
        ])
        .arg(folder.join("Cargo.toml"))
        .args([
            "--",
            "-Zunstable-options",
            "--output-format",
            "json",
            "--cap-lints",
            "allow",
        ])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", target.join("build"))
        .env_remove("RUSTDOCFLAGS")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let view = target.join(format!("{name}.json"));
    fs::copy(target.join("build/doc/judged.json"), &view).unwrap();
    view
}

/// Files of generated modules that the judge names, with what it says.
fn judge(old: &Path, new: &Path) -> BTreeMap<String, Vec<String>> {
    let output = Command::new("cargo")
        .args([
            "semver-checks",
            "--release-type",
            "minor",
            "--baseline-rustdoc",
        ])
        .arg(old)
        .arg("--current-rustdoc")
        .arg(new)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("  ")) {
        if let Some((_, place)) = line.split_once("src/endpoints/") {
            let file = place.split(".rs").next().unwrap().to_owned();
            found.entry(file).or_default().push(line.trim().to_owned());
        }
    }
    assert!(
        output.status.success() || !found.is_empty(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    found
}

/// The judge compares which items there are, and how many arguments a function takes, not types nor names of arguments.
const BEYOND_THE_JUDGE: &[Kind] = &[
    Kind::TypeChanged,
    Kind::BecameNullable,
    Kind::BecameNonNullable,
    Kind::BecameMedia,
    Kind::BecameText,
    Kind::ParametersReordered,
    Kind::SignatureChanged,
    Kind::TypeUnshared,
];

/// Whether the judge cannot see the change: of what is received, requiredness is a type, too.
fn is_beyond(change: &Change) -> bool {
    let received = change.direction == Some(Direction::Output);
    let presence = matches!(change.kind, Kind::BecameRequired | Kind::BecameOptional);
    BEYOND_THE_JUDGE.contains(&change.kind) || (received && presence)
}

#[test]
fn the_judge_finds_no_break_that_the_diff_does_not_tell() {
    if !has_judge() {
        return;
    }
    let (Some(mut old), Some(mut new)) = (corpus("earlier"), corpus("current")) else {
        return;
    };
    let chosen = sample(&old, &new);
    old.retain(|source| chosen.contains(&source.path));
    new.retain(|source| chosen.contains(&source.path));
    let first = Options {
        runtime: Runtime::Extern("fal_sdk".to_owned()),
        ..Options::default()
    };
    let was = Catalog::read(&old, &first);
    let second = Options {
        ledger: was.ledger().clone(),
        ..first.clone()
    };
    let changes = diff(&was, &Catalog::read(&new, &second));
    let (old, new) = (generate(&old, &first), generate(&new, &second));
    let found = judge(&rustdoc("old", &old), &rustdoc("new", &new));
    let told = changes.by_endpoint();
    let (mut agreed, mut beyond) = (0, 0);
    for entry in &old.endpoints {
        let of_endpoint = told.iter().find(|(id, _)| id.as_str() == entry.id);
        let breaking: Vec<&Change> = of_endpoint
            .into_iter()
            .flat_map(|(_, changes)| changes.iter().copied())
            .filter(|change| change.rust == Class::Breaking)
            .collect();
        match (
            breaking.is_empty(),
            found.get(&entry.module.replace("::", "/")),
        ) {
            (true, Some(said)) => panic!("{}: the judge sees {said:?}, the diff nothing", entry.id),
            (false, None) => {
                assert!(
                    breaking.iter().all(|change| is_beyond(change)),
                    "{}: {breaking:#?}",
                    entry.id
                );
                beyond += 1;
            }
            _ => agreed += 1,
        }
    }
    println!(
        "{agreed} of {} agree; {beyond} break in what the judge does not look at",
        old.endpoints.len()
    );
    assert!(agreed > beyond);
}
