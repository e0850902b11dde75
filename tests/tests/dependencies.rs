//! What the library brings into a program that uses none of its features.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Crates beyond those of a program that uses the four libraries below directly.
const BUDGET: usize = 10;
/// What any client in Rust has.
const BARE: [&str; 4] = ["reqwest", "serde", "serde_json", "tokio"];

/// All crates of a default build on this platform, and those that the bare
/// libraries bring by themselves.
fn crates() -> (BTreeSet<String>, BTreeSet<String>) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["tree", "--offline", "--locked", "--package", "fal-sdk"])
        .args(["--edges", "normal", "--prefix", "depth", "--no-dedupe"])
        .args(["--format", "|{p}"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .output()
        .expect("cargo");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}");
    let (mut all, mut bare, mut in_bare) = (BTreeSet::new(), BTreeSet::new(), false);
    for line in String::from_utf8(output.stdout).expect("text").lines() {
        let (depth, package) = line.split_once('|').expect(line);
        let mut words = package.split(' ');
        let (name, version) = (words.next().expect(line), words.next().expect(line));
        if depth == "1" {
            in_bare = BARE.contains(&name);
        }
        if depth != "0" {
            all.insert(format!("{name} {version}"));
        }
        if in_bare {
            bare.insert(format!("{name} {version}"));
        }
    }
    (all, bare)
}

#[test]
fn the_default_tree_keeps_to_its_budget() {
    let (all, bare) = crates();
    for name in BARE {
        let found = bare
            .iter()
            .any(|known| known.starts_with(&format!("{name} ")));
        assert!(
            found,
            "{name} is no direct dependency: is this still the tree?"
        );
    }
    let added: Vec<&String> = all.difference(&bare).collect();
    assert!(
        added.len() <= BUDGET,
        "{} crates beyond {BARE:?}, and not {BUDGET}: {added:?}. Put what needs them behind a feature",
        added.len(),
    );
}

/// What features carry is not in the default tree.
#[test]
fn features_carry_their_own_weight() {
    let (all, _) = crates();
    for heavy in ["tokio-tungstenite", "rmp", "tracing-attributes", "clap"] {
        let found = all
            .iter()
            .any(|known| known.starts_with(&format!("{heavy} ")));
        assert!(!found, "{heavy} is in the default tree");
    }
}
