//! Ids and texts that want to be somewhere else.

use crate::{Bench, Catalog, Reply, Scripted, catalog::document, names};
use serde_json::{Value, json};
use std::path::Path;

/// A catalog that lists exactly these ids and has a document for each.
fn listing(ids: &[&str]) -> impl Fn(&crate::Request) -> Reply + Send + Sync + 'static {
    let models: Vec<Value> = ids
        .iter()
        .map(
            |id| json!({"endpoint_id": id, "openapi": document(id), "metadata": {"category": "x"}}),
        )
        .collect();
    let body = json!({"models": models, "has_more": false, "next_cursor": null}).to_string();
    move |request| match request.path.as_str() {
        "/v1/models" => Reply::new(200, body.clone()),
        "/openapi.json" => Reply::new(
            200,
            document(request.get("endpoint_id").unwrap()).to_string(),
        ),
        _ => Reply::new(401, "{}"),
    }
}

#[tokio::test]
async fn nothing_is_written_outside_the_folder() {
    let hostile = [
        "../escape",
        "../../escape/deep",
        "a/../../escape",
        "/tmp/escape/x",
        "C:/escape",
        "a\\..\\..\\escape/x",
        "a/CON",
        "nul/x",
        "a/com1.json",
        "a/b.json/c",
        "a/.git",
        ".fetch-journal/x",
        "a/x\u{0}y",
        "a/\u{202e}gpj",
        "one-segment",
        "catalog.lock.json/x",
        "",
        "a/%2e%2e/b",
    ];
    let long = format!("a/{}", "x".repeat(4000));
    let mut all = hostile.to_vec();
    all.extend([long.as_str(), "good/one"]);
    let mut bench = Bench::new(Catalog::default()).await;
    bench.server = Scripted::start(listing(&all)).await;
    let report = bench.fetch_all().await;
    assert_eq!(names(&report.new), ["good/one"]);
    assert_eq!(report.failed.len(), hostile.len() + 1, "{report}");
    let files = bench.files();
    assert_eq!(
        files.keys().collect::<Vec<_>>(),
        ["catalog.lock.json", "openapi/good/one.json"]
    );
    assert!(!Path::new("/tmp/escape").exists());
    let shown = report.to_string();
    assert!(
        !shown.contains('\u{202e}') && !shown.contains('\u{0}'),
        "{shown}"
    );
}

#[tokio::test]
async fn ids_that_differ_in_case_only_do_not_share_a_file() {
    let mut bench = Bench::new(Catalog::default()).await;
    bench.server = Scripted::start(listing(&["a/Model", "a/model", "A/other", "a/model/x"])).await;
    let report = bench.fetch_all().await;
    assert_eq!(
        names(&report.new),
        ["A/other"],
        "the first in order has the spelling"
    );
    assert_eq!(report.failed.len(), 3, "{report}");
    let mut bench = Bench::new(Catalog::of(&["a/model"])).await;
    bench.fetch_all().await;
    bench.server = Scripted::start(listing(&["a/Model", "a/model"])).await;
    let report = bench.fetch_all().await;
    assert_eq!(
        names(&report.unchanged),
        ["a/model"],
        "what is on disk has the spelling"
    );
    assert_eq!(report.failed[0].0, "a/Model");
    assert!(report.failed[0].1.contains("in case only"), "{report}");
}

#[tokio::test]
async fn an_answer_for_ids_that_nobody_asked_for_is_ignored() {
    let mut bench = Bench::new(Catalog::default()).await;
    bench.server = Scripted::start(listing(&["a/b", "c/d", "../e"])).await;
    let report = bench.fetch(crate::ids(&["a/b"])).await;
    assert_eq!(names(&report.new), ["a/b"]);
    assert_eq!(bench.files().len(), 2);
}

#[tokio::test]
async fn odd_entries_of_a_page_do_not_spoil_it() {
    let mut bench = Bench::new(Catalog::default()).await;
    let body = json!({"models": [
        null, 1, "a/b", {}, {"endpoint_id": 7}, {"endpoint_id": "a/b", "metadata": 3, "openapi": document("a/b")},
    ], "next_cursor": ""});
    bench.server = Scripted::start(move |request| match request.path.as_str() {
        "/v1/models" => Reply::new(200, body.to_string()),
        _ => Reply::new(404, "null"),
    })
    .await;
    let report = bench.fetch_all().await;
    assert_eq!(
        (names(&report.new), report.failed.len()),
        (vec!["a/b"], 0),
        "{report}"
    );
}

#[tokio::test]
async fn a_document_as_deep_as_it_likes_is_only_a_bad_document() {
    let mut bench = Bench::new(Catalog::default()).await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    bench.server = Scripted::start(move |request| match request.path.as_str() {
        "/openapi.json" => Reply::new(200, deep.clone()),
        _ => Reply::new(200, r#"{"models": []}"#),
    })
    .await;
    let report = bench.fetch(crate::ids(&["a/b"])).await;
    assert!(report.failed[0].1.contains("recursion limit"), "{report}");
}
