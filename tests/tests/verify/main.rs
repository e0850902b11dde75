//! `cargo xtask verify` agrees with the types that the generator makes of documents with every construct of the
//! dialect, and catches each of the faults that are planted in them.

mod broken;
mod faults;

use std::path::Path;

use cargo_fal::schemas::Layout;
use fal_codegen::Source;
use fal_tests::fixture;
use fal_verify::{Options, verify};

fn options(key: &str) -> Options {
    Options {
        key: key.to_owned(),
        ..Options::default()
    }
}

fn documents() -> Vec<Source> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/verify");
    cargo_fal::schemas::load(&Layout::of(folder))
        .unwrap()
        .sources
}

#[test]
fn types_agree_with_documents_of_every_construct() {
    let report = verify(&documents(), &options("fixtures")).unwrap();
    assert!(
        report.disagreements.is_empty() && report.messages.is_empty(),
        "{report}"
    );
    assert_eq!(report.compiled, report.documents);
    // Its components double with every level.
    let is_expected = |line: &String| line.starts_with("atelier/doubling");
    assert!(report.limited.iter().all(is_expected), "{report}");
}

/// Cases whose documents are no documents, or that make the same modules as others.
const NOT_VERIFIED: &[&str] = &["bad_documents"];

#[test]
fn types_agree_with_the_fixtures_of_the_generator() {
    let cases = fixture::cases().into_iter();
    let sources: Vec<Source> = cases
        .filter(|case| !NOT_VERIFIED.contains(&case.as_str()))
        .flat_map(|case| {
            let sources = fixture::sources(&case).into_iter();
            sources.map(move |source| Source::new(format!("{case}/{}", source.path), source.text))
        })
        .collect();
    let report = verify(&sources, &options("generator")).unwrap();
    assert!(
        report.disagreements.is_empty() && report.messages.is_empty(),
        "{report}"
    );
    assert_eq!(report.compiled, report.generated);
}
