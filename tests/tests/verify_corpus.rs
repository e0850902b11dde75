//! `cargo xtask verify` agrees with a sample of real documents, where they are at hand.

use std::path::{Path, PathBuf};

use cargo_fal::schemas::Layout;
use xtask::verify::{Options, verify};

/// Real documents lie beside the repository and are no part of it.
fn corpus(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/corpus")
        .join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: there is no ../shared/corpus/{folder} beside the repository");
    None
}

/// Verifies a sample, and expects nothing to find.
fn agrees(folder: &str, endpoints: usize) {
    let Some(path) = corpus(folder) else { return };
    let sources = cargo_fal::schemas::load(&Layout::of(path)).unwrap().sources;
    let options = Options {
        endpoints: Some(endpoints),
        seed: 20,
        key: format!("corpus-{folder}"),
        ..Options::default()
    };
    let report = verify(&sources, &options).unwrap();
    assert!(report.passed(), "{report}");
    assert_eq!(report.compiled, endpoints);
    assert!(
        report.taken > 100 * endpoints as u64 && report.taken < report.instances,
        "{report}"
    );
}

#[test]
fn types_agree_with_real_documents() {
    agrees("current", 40);
}

#[test]
fn types_agree_with_older_documents() {
    agrees("earlier", 20);
}
