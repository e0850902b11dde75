//! Servers that work as they should.

use crate::{Bench, Catalog, Reply, catalog::failed_expansion, ids, names};
use cargo_fal::fetch::{Key, Options, Selection, run};
use fal_codegen::source::canonical;
use serde_json::{Value, json};
use std::fs;

#[tokio::test]
async fn a_whole_catalog_comes_canonical_and_a_second_fetch_changes_no_byte() {
    let catalog = Catalog::of_size(120);
    let bench = Bench::new(catalog.clone()).await;
    let first = bench.fetch_all().await;
    assert_eq!((first.new.len(), first.failed.len()), (120, 0), "{first}");
    let files = bench.files();
    assert_eq!(
        files.len(),
        121,
        "the documents and the lock file: {:?}",
        files.keys()
    );
    for (id, document) in &catalog.documents {
        assert_eq!(
            files[&format!("openapi/{id}.json")],
            canonical::to_string(document).into_bytes()
        );
    }
    let second = bench.fetch_all().await;
    assert_eq!(
        (
            second.unchanged.len(),
            second.new.len(),
            second.changed.len()
        ),
        (120, 0, 0),
        "{second}"
    );
    assert_eq!(bench.files(), files);
}

#[tokio::test]
async fn fifty_ids_go_into_a_call() {
    let bench = Bench::new(Catalog::of_size(120)).await;
    bench.fetch_all().await;
    let sizes: Vec<_> = bench
        .server
        .requests()
        .iter()
        .filter(|request| request.is_find())
        .map(|request| request.all("endpoint_id").len())
        .collect();
    assert_eq!(sizes.iter().sum::<usize>(), 120);
    assert_eq!(sizes.len(), 3, "{sizes:?}");
}

#[tokio::test]
async fn key_order_is_no_change() {
    let mut bench = Bench::new(Catalog::of(&["a/b"])).await;
    bench.fetch_all().await;
    let files = bench.files();
    // The same document, as another serialiser would have it.
    let shuffled = r#"{"paths": {"/a/b/requests/{request_id}": {"get": {}}, "/a/b": {"post": {}}}, "components":
        {"schemas": {"Input": {"properties": {"scale": {"maximum": 10, "minimum": 1.0, "type": "number"}}, "type":
        "object"}}}, "openapi": "3.0.4", "info": {"x-fal-metadata": {"category": "image-to-video", "endpointId":
        "a/b"}, "version": "1.0.0", "title": "a/b"}}"#;
    let mut catalog = Catalog::of(&["a/b"]);
    catalog
        .expansions
        .insert("a/b".to_owned(), failed_expansion());
    catalog
        .singles
        .insert("a/b".to_owned(), Reply::new(200, shuffled));
    bench.serve(catalog).await;
    let report = bench.fetch_all().await;
    assert_eq!(names(&report.unchanged), ["a/b"]);
    assert_eq!(
        bench.files(),
        files,
        "not even the source in the lock file moves"
    );
}

#[tokio::test]
async fn a_changed_document_is_replaced() {
    let mut bench = Bench::new(Catalog::of(&["a/b", "c/d"])).await;
    bench.fetch_all().await;
    let mut catalog = Catalog::of(&["a/b", "c/d"]);
    let document = catalog.documents.get_mut("a/b").unwrap();
    document["components"]["schemas"]["Input"]["properties"]["scale"]["maximum"] = json!(20);
    bench.serve(catalog).await;
    let report = bench.fetch_all().await;
    assert_eq!(
        (names(&report.changed), names(&report.unchanged)),
        (vec!["a/b"], vec!["c/d"])
    );
    let text = fs::read_to_string(bench.root().join("a/b.json")).unwrap();
    assert!(
        text.contains("\"maximum\": 20,\n") && text.contains("\"minimum\": 1.0,\n"),
        "{text}"
    );
}

#[tokio::test]
async fn failed_expansions_come_from_the_single_document_url() {
    let mut catalog = Catalog::of(&["a/b", "c/d"]);
    catalog
        .expansions
        .insert("a/b".to_owned(), failed_expansion());
    let bench = Bench::new(catalog).await;
    let report = bench.fetch_all().await;
    assert_eq!(names(&report.new), ["a/b", "c/d"], "{report}");
    let lock: Value = serde_json::from_str(&bench.lock()).unwrap();
    assert_eq!(lock["endpoints"]["a/b"]["source"], "document");
    assert_eq!(lock["endpoints"]["c/d"]["source"], "platform");
}

#[tokio::test]
async fn an_endpoint_of_which_fal_serves_no_document_is_reported() {
    let mut catalog = Catalog::of(&["a/b", "c/d"]);
    catalog
        .expansions
        .insert("a/b".to_owned(), failed_expansion());
    catalog
        .singles
        .insert("a/b".to_owned(), Reply::new(404, "null"));
    let bench = Bench::new(catalog).await;
    let report = bench.fetch_all().await;
    assert_eq!(names(&report.new), ["c/d"]);
    let (id, reason) = &report.unavailable[0];
    assert_eq!(id.as_str(), "a/b");
    assert!(
        reason.contains("Failed to fetch OpenAPI schema"),
        "{reason}"
    );
    assert!(
        report.to_string().contains("no document  a/b: "),
        "{report}"
    );
}

#[tokio::test]
async fn some_ids_or_one_category_leave_the_rest_alone() {
    let bench = Bench::new(Catalog::of(&["a/b", "a/bc", "a/bcd", "x/y"])).await;
    let report = bench.fetch(ids(&["a/b", "a/bc"])).await;
    assert_eq!(names(&report.new), ["a/b", "a/bc"]);
    let report = bench
        .fetch(Selection::Category("text-to-image".to_owned()))
        .await;
    assert_eq!(names(&report.unchanged), ["a/bc"]);
    assert!(report.new.is_empty(), "the even lengths: {report}");
    let report = bench
        .fetch(Selection::Category("image-to-video".to_owned()))
        .await;
    assert_eq!(
        (names(&report.new), names(&report.unchanged)),
        (vec!["a/bcd", "x/y"], vec!["a/b"])
    );
    let lock: Value = serde_json::from_str(&bench.lock()).unwrap();
    assert_eq!(lock["endpoints"].as_object().unwrap().len(), 4);
}

#[tokio::test]
async fn an_unknown_id_fails_and_stops_no_other() {
    let bench = Bench::new(Catalog::of(&["a/b"])).await;
    let report = bench.fetch(ids(&["a/b", "a/nothing"])).await;
    assert_eq!(names(&report.new), ["a/b"]);
    assert_eq!(
        report.failed,
        [(
            "a/nothing".to_owned(),
            "fal has no such endpoint".to_owned()
        )]
    );
}

#[tokio::test]
async fn the_lock_file_says_what_the_catalog_says() {
    let mut catalog = Catalog::of(&["a/b"]);
    catalog.prices.insert("a/b".to_owned(), 0.025);
    let bench = Bench::new(catalog).await;
    bench.fetch_all().await;
    let lock: Value = serde_json::from_str(&bench.lock()).unwrap();
    let mut entry = lock["endpoints"]["a/b"].clone();
    assert_eq!(entry["sha256"].take().as_str().unwrap().len(), 64);
    let size = fs::metadata(bench.root().join("a/b.json")).unwrap().len();
    let expected = json!({"sha256": null, "size": size, "source": "platform", "display_name": "Model a/b",
        "category": "image-to-video", "status": "active", "kind": "inference",
        "price": {"unit": "images", "unit_price": 0.025, "currency": "USD"}});
    assert_eq!(entry, expected);
    assert!(!bench.lock().contains("2026"), "no time gets into it");
}

#[tokio::test]
async fn the_words_of_a_price_outlive_a_fetch() {
    let mut bench = Bench::new(Catalog::of(&["a/b"])).await;
    bench.fetch_all().await;
    let worded = bench.lock().replace(
        "\"sha256\"",
        "\"price\": {\"text\": \"Two cents.\"},\n      \"sha256\"",
    );
    fs::write(bench.folder.path().join("catalog.lock.json"), worded).unwrap();
    let mut catalog = Catalog::of(&["a/b"]);
    catalog.prices.insert("a/b".to_owned(), 0.02);
    bench.serve(catalog).await;
    bench.fetch_all().await;
    let lock: Value = serde_json::from_str(&bench.lock()).unwrap();
    let expected =
        json!({"text": "Two cents.", "unit": "images", "unit_price": 0.02, "currency": "USD"});
    assert_eq!(lock["endpoints"]["a/b"]["price"], expected);
}

#[tokio::test]
async fn an_unknown_category_gets_the_near_one() {
    let bench = Bench::new(Catalog::of(&["a/b", "a/bc"])).await;
    let options = |category: &str| bench.options(Selection::Category(category.to_owned()));
    let error = run(&options("txt-to-image")).await.unwrap_err().to_string();
    assert!(
        error.contains("no category \"txt-to-image\"")
            && error.contains("did you mean text-to-image?"),
        "{error}"
    );
    let error = run(&options("zzz")).await.unwrap_err().to_string();
    assert!(error.contains("its categories are "), "{error}");
    assert!(run(&options("text-to-image")).await.is_ok());
}

#[tokio::test]
async fn gone_endpoints_are_kept_until_pruned() {
    let mut bench = Bench::new(Catalog::of(&["a/b", "a/b/c", "d/e"])).await;
    bench.fetch_all().await;
    bench.serve(Catalog::of(&["d/e"])).await;
    let report = bench.fetch_all().await;
    assert_eq!(names(&report.gone), ["a/b", "a/b/c"]);
    assert!(bench.files().contains_key("openapi/a/b.json") && bench.lock().contains("a/b/c"));
    let report = bench.prune_all().await;
    assert_eq!(names(&report.pruned), ["a/b", "a/b/c"]);
    let files = bench.files();
    assert_eq!(
        files.keys().collect::<Vec<_>>(),
        ["catalog.lock.json", "openapi/d/e.json"]
    );
    assert!(!bench.root().join("a").exists());
    assert!(!bench.lock().contains("a/b"));
}

#[tokio::test]
async fn a_document_written_by_hand_is_not_pruned() {
    let mut bench = Bench::new(Catalog::of(&["a/b"])).await;
    bench.fetch_all().await;
    let lock = bench
        .lock()
        .replace("\"source\": \"platform\"", "\"source\": \"hand\"");
    fs::write(bench.folder.path().join("catalog.lock.json"), lock).unwrap();
    bench.serve(Catalog::default()).await;
    let report = bench.fetch_all().await;
    assert!(!report.to_string().contains("--prune"), "{report}");
    let report = bench.prune_all().await;
    assert_eq!(
        (
            names(&report.by_hand),
            report.gone.len(),
            report.pruned.len()
        ),
        (vec!["a/b"], 0, 0)
    );
    assert!(bench.root().join("a/b.json").exists());
}

#[tokio::test]
async fn an_endpoint_that_a_page_left_out_is_asked_for_before_it_counts_as_gone() {
    let mut bench = Bench::new(Catalog::of(&["a/b", "c/d"])).await;
    bench.fetch_all().await;
    // The catalog's pages moved while they were read, and left one out.
    let (all, page) = (Catalog::of(&["a/b", "c/d"]), Catalog::of(&["c/d"]));
    bench.server = crate::Scripted::start(move |request| {
        let listing = request.path == "/v1/models" && request.get("endpoint_id").is_none();
        if listing {
            page.answer(request)
        } else {
            all.answer(request)
        }
    })
    .await;
    let report = bench.prune_all().await;
    assert_eq!(
        (report.unchanged.len(), report.pruned.len()),
        (2, 0),
        "{report}"
    );
}

#[tokio::test]
async fn the_key_goes_to_the_platform_and_nowhere_else() {
    let mut catalog = Catalog::of(&["a/b"]);
    catalog
        .expansions
        .insert("a/b".to_owned(), failed_expansion());
    let bench = Bench::new(catalog).await;
    let key = Some(Key::new("id:secret").unwrap());
    let options = Options {
        key,
        ..bench.options(Selection::All)
    };
    let report = run(&options).await.unwrap();
    let requests = bench.server.requests();
    assert!(
        requests
            .iter()
            .any(|request| request.path == "/openapi.json")
    );
    for request in requests {
        let expected = request.path.starts_with("/v1/").then_some("Key id:secret");
        assert_eq!(
            request.headers.get("authorization").map(String::as_str),
            expected,
            "{}",
            request.path
        );
    }
    let shown = format!("{options:?} {report:?} {report}");
    assert!(!shown.contains("secret"));
    assert!(
        bench
            .files()
            .values()
            .all(|bytes| !String::from_utf8_lossy(bytes).contains("secret"))
    );
}
