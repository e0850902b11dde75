//! Runs that come to an end.

use crate::tree::{CHANGELOG, Tree, catalog, document, server};
use cargo_fal::schemas::Layout;
use fal_mock::{Fault, Route};
use serde_json::{Value, json};
use xtask::generate::{Target, compare, plan};

const ID: &str = "acme/model/run";

fn prompt_and(extra: &str) -> Value {
    let mut properties = json!({"prompt": {"type": "string"}});
    properties[extra] = json!({"type": "integer"});
    properties
}

#[test]
fn the_first_sync_brings_everything() {
    let tree = Tree::new();
    let server = server(&[document(ID, prompt_and("seed"), &["prompt"])]);
    let report = tree.sync_all(&server);
    assert!(report.contains("the next version is 0.1.1"), "{report}");
    let added = "added acme/model/run: feature `misc-text-to-image` of fal-sdk\n  use fal_sdk::endpoints::acme::model::run::RunInput;\n";
    assert!(report.contains(added), "{report}");
    let code = tree.read("sdk/src/endpoints/acme/model/run.rs");
    assert!(
        code.contains("from schemas/openapi/acme/model/run.json"),
        "{code}"
    );
    assert!(
        tree.read("sdk/Cargo.toml")
            .contains("misc-text-to-image = []")
    );
    assert!(
        tree.read("schemas/catalog.lock.json")
            .contains("\"acme/model/run\"")
    );
    assert!(
        tree.read("schemas/ledger/groups.json")
            .contains("misc-text-to-image")
    );
    assert!(tree.read("sdk/ENDPOINTS.md").contains("acme/model/run"));
    assert!(
        tree.read("Cargo.toml")
            .contains("fal-sdk = { path = \"sdk\", version = \"0.1.1\" }")
    );
    assert!(tree.read("Cargo.lock").contains("version = \"0.1.1\""));
    let log = tree.read("CHANGELOG.md");
    assert!(
        log.contains("## [Unreleased]\n\n### Additions\n\n- New: `acme/model/run`\n\n## [0.1.0]"),
        "{log}"
    );
    assert_eq!(tree.files(), tree.visible(), "nothing is left over");
}

#[test]
fn what_is_synced_is_what_generate_makes() {
    let tree = Tree::new();
    tree.sync_all(&server(&catalog(5, 1)));
    let target = Target::sdk(tree.root());
    let (_, plan) = plan(&Layout::of(tree.root().join("schemas/openapi")), &target).unwrap();
    let differing = compare(&plan, &target, false).unwrap();
    // Documents of another root are shown by another path in the first line of their modules.
    assert_eq!((differing.added, differing.removed), (vec![], vec![]));
    assert!(
        differing
            .changed
            .iter()
            .all(|path| path.starts_with("sdk/src/endpoints/acme/model_")),
        "{:?}",
        differing.changed
    );
}

#[test]
fn a_sync_without_news_changes_no_byte() {
    let tree = Tree::new();
    let server = server(&catalog(5, 1));
    tree.sync_all(&server);
    let before = tree.files();
    let report = tree.sync_all(&server);
    assert!(report.contains("nothing changed"), "{report}");
    assert_eq!(tree.files(), before);
}

#[test]
fn changes_are_grouped_and_the_version_rises_once() {
    let tree = Tree::new();
    tree.sync_all(&server(&[document(ID, prompt_and("seed"), &["prompt"])]));
    tree.write("CHANGELOG.md", CHANGELOG);
    let body = tree.root().join("body.md");
    let second = server(&[document(ID, prompt_and("steps"), &["prompt"])]);
    let output = tree.sync(&second, &[ID, "--report", body.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0));
    let log = tree.read("CHANGELOG.md");
    let expected = "## [Unreleased]\n\n### Breaking changes of the Rust API\n\n- `acme/model/run`: property removed (input `/seed`)\n\n### Additions\n\n- `acme/model/run`: property added (input `/steps`)\n\n## [0.1.0]";
    assert!(log.contains(expected), "{log}");
    assert!(tree.read("Cargo.toml").contains("version = \"0.2.0\""));
    let markdown = tree.read("body.md");
    assert!(
        markdown.contains("### Breaking (1)\n\n- `acme/model/run`\n"),
        "{markdown}"
    );
    tree.sync_all(&server(&[document(
        ID,
        prompt_and("guidance"),
        &["prompt"],
    )]));
    assert!(
        tree.read("Cargo.toml").contains("version = \"0.2.0\""),
        "0.1.0 is the last release still"
    );
    assert!(
        tree.read("sdk/src/endpoints/acme/model/run.rs")
            .contains("guidance")
    );
}

#[test]
fn an_endpoint_that_is_gone_is_kept_unless_pruned() {
    let tree = Tree::new();
    tree.sync_all(&server(&catalog(3, 1)));
    let second = server(&catalog(3, 2));
    tree.sync_all(&second);
    assert!(
        tree.files()
            .contains_key("sdk/src/endpoints/acme/model_00/run.rs")
    );
    let output = tree.sync(&second, &["--all", "--prune"]);
    assert_eq!(output.status.code(), Some(0));
    let gone = [
        "sdk/src/endpoints/acme/model_00.rs",
        "sdk/src/endpoints/acme/model_00/run.rs",
        "schemas/openapi/acme/model-00/run.json",
    ];
    assert!(gone.iter().all(|path| !tree.files().contains_key(*path)));
    assert!(
        tree.read("CHANGELOG.md")
            .contains("- Removed: `acme/model-00/run`")
    );
}

#[test]
fn a_document_that_cannot_be_fetched_leaves_the_old_one() {
    let tree = Tree::new();
    tree.sync_all(&server(&catalog(3, 1)));
    let mut second = fal_mock::MockServer::builder();
    for document in catalog(3, 2) {
        second = second.document(document);
    }
    let second = second
        .failed_expansion("acme/model-01/run")
        .start_on_thread()
        .unwrap();
    second.inject(Fault::html().on(Route::Document).always());
    let before = tree.read("schemas/openapi/acme/model-01/run.json");
    let output = tree.sync(&second, &["--all"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("failed  acme/model-01/run"), "{text}");
    assert_eq!(tree.read("schemas/openapi/acme/model-01/run.json"), before);
    assert!(
        tree.read("schemas/openapi/acme/model-02/run.json")
            .contains("steps")
    );
}

#[test]
fn a_document_that_cannot_be_used_leaves_the_old_one() {
    let tree = Tree::new();
    tree.sync_all(&server(&catalog(3, 1)));
    let mut documents = catalog(3, 2);
    let path = documents[0]["paths"].as_object_mut().unwrap();
    path.remove("/acme/model-01/run");
    let before = tree.read("schemas/openapi/acme/model-01/run.json");
    let lock = tree.read("schemas/catalog.lock.json");
    let output = tree.sync(&server(&documents), &["--all"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert_eq!(
        tree.read("schemas/openapi/acme/model-01/run.json"),
        before,
        "{text}"
    );
    let entry = |lock: &str| {
        let lock: Value = serde_json::from_str(lock).unwrap();
        lock["endpoints"]["acme/model-01/run"]["sha256"].clone()
    };
    assert!(entry(&lock).is_string());
    assert_eq!(entry(&tree.read("schemas/catalog.lock.json")), entry(&lock));
    assert!(
        tree.files()
            .contains_key("sdk/src/endpoints/acme/model_01/run.rs")
    );
}

#[test]
fn a_server_that_is_not_there_changes_nothing() {
    let tree = Tree::new();
    tree.sync_all(&server(&catalog(3, 1)));
    let before = tree.visible();
    let second = server(&catalog(3, 2));
    second.inject(Fault::status(403).on(Route::Models).always());
    let output = tree.sync(&second, &["--all"]);
    assert_eq!(
        output.status.code(),
        Some(2),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    assert_eq!(tree.visible(), before);
    second.clear_faults();
    tree.sync_all(&second);
    assert!(
        tree.read("schemas/openapi/acme/model-01/run.json")
            .contains("steps")
    );
}

#[test]
fn a_folder_that_is_no_repository_is_refused_before_anything_is_fetched() {
    let tree = Tree::new();
    std::fs::remove_file(tree.root().join("Cargo.toml")).unwrap();
    let server = server(&catalog(3, 1));
    let output = tree.sync(&server, &["--all"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("Cargo.toml"));
    assert_eq!(server.total(), 0);
}

#[test]
fn a_file_that_cannot_be_generated_stops_everything() {
    let tree = Tree::new();
    tree.write("sdk/Cargo.toml", "[package]\nname = \"fal-sdk\"\n");
    let before = tree.visible();
    let output = tree.sync(&server(&catalog(3, 1)), &["--all"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(tree.visible(), before);
}
