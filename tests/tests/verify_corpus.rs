//! `cargo xtask verify` agrees with a sample of real documents: of the corpus, where it is
//! available, and of the repository's own.

use std::path::Path;

use cargo_fal::schemas::{Layout, load};
use fal_codegen::Source;
use fal_verify::{Options, verify};

/// Real documents are beside the repository and not part of it; without them the
/// repository's own have to do.
fn documents(folder: &str) -> Vec<Source> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/corpus")
        .join(folder);
    let layout = match path.is_dir() {
        true => Layout::of(path),
        false => {
            println!("only schemas/openapi: there is no ../shared/corpus/{folder}");
            xtask::workspace::layout(None)
        }
    };
    load(&layout).unwrap().sources
}

/// Verifies a sample, and expects nothing to find.
fn agrees(folder: &str, endpoints: usize) {
    let sources = documents(folder);
    let options = Options {
        endpoints: Some(endpoints),
        seed: 20,
        key: format!("corpus-{folder}"),
        ..Options::default()
    };
    let report = verify(&sources, &options).unwrap();
    assert!(report.passed(), "{report}");
    let endpoints = endpoints.min(sources.len());
    assert_eq!(report.compiled, endpoints);
    assert!(
        report.accepted > 100 * endpoints as u64 && report.accepted < report.instances,
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
