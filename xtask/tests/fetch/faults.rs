//! Servers that fail: statuses, broken bodies, answers of other people.

use crate::{
    Bench, Catalog, Reply,
    catalog::{document, failed_expansion},
    names,
};
use cargo_fal::fetch::{Options, Selection, run};
use serde_json::{Value, json};
use std::{
    fs,
    sync::atomic::{AtomicUsize, Ordering},
};

/// What both routes may answer in the place of the document of `a/b`.
fn bad_documents() -> Vec<(&'static str, Value)> {
    let mut other = document("a/b");
    other["info"]["x-fal-metadata"]["endpointId"] = json!("a/other");
    let mut pathless = document("a/b");
    pathless["paths"] = json!({});
    let mut foreign = document("a/b");
    foreign["paths"] = json!({"/a/other": {"post": {}}});
    vec![
        ("null", json!(null)),
        ("an error", failed_expansion()),
        ("a list", json!([1])),
        ("a string", json!("<html>")),
        ("another endpoint's", other),
        ("without paths", pathless),
        ("with foreign paths", foreign),
        ("empty", json!({})),
    ]
}

#[tokio::test]
async fn a_bad_document_never_replaces_a_good_one() {
    for (what, bad) in bad_documents() {
        let mut bench = Bench::new(Catalog::of(&["a/b", "c/d"])).await;
        bench.fetch_all().await;
        let files = bench.files();
        let mut catalog = Catalog::of(&["a/b", "c/d"]);
        catalog
            .singles
            .insert("a/b".to_owned(), Reply::new(200, bad.to_string()));
        catalog.expansions.insert("a/b".to_owned(), bad);
        bench.serve(catalog).await;
        let report = bench.fetch_all().await;
        assert_eq!(report.failed.len(), 1, "{what}: {report}");
        assert_eq!(report.failed[0].0, "a/b");
        assert_eq!(names(&report.unchanged), ["c/d"]);
        assert_eq!(bench.files(), files, "{what}");
    }
}

#[tokio::test]
async fn a_broken_body_never_replaces_a_good_document() {
    let text = document("a/b").to_string();
    let replies = [
        ("HTML", Reply::new(200, "<!doctype html><h1>hello</h1>")),
        ("a cut connection", Reply::new(200, text.clone()).cut()),
        ("half a document", Reply::new(200, &text[..text.len() / 2])),
        ("nothing", Reply::new(200, "")),
        (
            "no UTF-8",
            Reply::new(200, b"{\"openapi\": \"\xff\"}".to_vec()),
        ),
        ("a 500", Reply::new(500, "<html>")),
        ("a 403", Reply::new(403, "{}")),
    ];
    for (what, reply) in replies {
        let mut bench = Bench::new(Catalog::of(&["a/b"])).await;
        bench.fetch_all().await;
        let files = bench.files();
        let mut catalog = Catalog::of(&["a/b"]);
        catalog
            .expansions
            .insert("a/b".to_owned(), failed_expansion());
        catalog.singles.insert("a/b".to_owned(), reply);
        bench.serve(catalog).await;
        let report = bench.fetch_all().await;
        assert_eq!(report.failed.len(), 1, "{what}: {report}");
        assert_eq!(bench.files(), files, "{what}");
    }
}

#[tokio::test]
async fn passing_trouble_is_waited_out() {
    let troubles = [
        Reply::new(
            429,
            r#"{"error":{"type":"rate_limited","message":"slow down"}}"#,
        )
        .header("retry-after", "0"),
        Reply::new(503, "<html>nginx</html>"),
        Reply::new(500, ""),
        Reply::new(200, r#"{"models": []"#).header("x", "y").cut(),
    ];
    for trouble in troubles {
        let count = AtomicUsize::new(0);
        let again = trouble.clone();
        let bench = Bench::with(Catalog::of_size(60), move |_| {
            // Two of three requests fail.
            (count.fetch_add(1, Ordering::SeqCst) % 3 != 2).then(|| again.clone())
        })
        .await;
        // One at a time: whose turn it is decides who fails.
        let options = Options {
            jobs: std::num::NonZeroUsize::MIN,
            ..bench.options(Selection::All)
        };
        let report = run(&options).await.unwrap();
        assert_eq!(
            (report.new.len(), report.failed.len()),
            (60, 0),
            "{trouble:?}: {report}"
        );
    }
}

#[tokio::test]
async fn a_page_that_never_comes_whole_falls_back_to_single_documents() {
    let bench = Bench::with(Catalog::of(&["a/b", "c/d"]), |request| {
        request
            .is_find()
            .then(|| Reply::new(200, "<html>maintenance</html>"))
    })
    .await;
    let report = bench.fetch_all().await;
    assert_eq!(names(&report.new), ["a/b", "c/d"], "{report}");
    assert!(
        bench.lock().contains("\"display_name\": \"Model a/b\""),
        "the list said so"
    );
}

#[tokio::test]
async fn when_the_platform_is_silent_a_missing_single_document_does_not_mean_gone() {
    let mut bench = Bench::new(Catalog::of(&["a/b"])).await;
    bench.fetch_all().await;
    let mut catalog = Catalog::of(&["a/b"]);
    catalog
        .singles
        .insert("a/b".to_owned(), Reply::new(404, "null"));
    bench.server = crate::Scripted::start(move |request| {
        if request.is_find() {
            Reply::new(500, "")
        } else {
            catalog.answer(request)
        }
    })
    .await;
    let report = bench.prune_all().await;
    assert_eq!(
        (report.failed.len(), report.gone.len(), report.pruned.len()),
        (1, 0, 0),
        "{report}"
    );
    assert!(bench.root().join("a/b.json").exists());
}

#[tokio::test]
async fn a_catalog_that_cannot_be_listed_is_an_error_and_touches_nothing() {
    let mut bench = Bench::new(Catalog::of(&["a/b"])).await;
    bench.fetch_all().await;
    let files = bench.files();
    let answers = [
        (
            Reply::new(
                401,
                r#"{"error":{"type":"authorization_error","message":"bad key"}}"#,
            ),
            "FAL_KEY",
        ),
        (Reply::new(503, ""), "3 attempts"),
        (Reply::new(200, "<html>"), "is HTML"),
        (Reply::new(200, "{}"), "has no `models`"),
        (Reply::new(200, "[]"), "not an object"),
        (
            Reply::new(200, r#"{"models": [], "next_cursor": "x"}"#),
            "a cursor was repeated",
        ),
        (
            Reply::new(302, "").header("location", "http://127.0.0.1:1/"),
            "302",
        ),
    ];
    for (answer, words) in answers {
        bench.server = crate::Scripted::start(move |_| answer.clone()).await;
        let options = Options {
            prune: true,
            ..bench.options(Selection::All)
        };
        let error = run(&options).await.unwrap_err().to_string();
        assert!(error.contains(words) && error.contains("help: "), "{error}");
        assert_eq!(bench.files(), files);
    }
}

#[tokio::test]
async fn nobody_there_is_said_in_plain_words() {
    let mut bench = Bench::new(Catalog::default()).await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    bench.server.url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = run(&bench.options(Selection::All))
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("cannot list the catalog") && error.contains("--api-url"),
        "{error}"
    );
    let report = bench.fetch(crate::ids(&["a/b", "c/d", "e/f"])).await;
    assert_eq!(report.failed.len(), 3, "{report}");
}

#[tokio::test]
async fn prices_that_do_not_come_stay_as_they_were() {
    let mut catalog = Catalog::of(&["a/b"]);
    catalog.prices.insert("a/b".to_owned(), 0.5);
    let mut bench = Bench::new(catalog.clone()).await;
    bench.fetch_all().await;
    let lock = bench.lock();
    assert!(lock.contains("0.5"));
    for status in [401, 403, 500, 200] {
        let catalog = catalog.clone();
        bench.server = crate::Scripted::start(move |request| match request.path.as_str() {
            "/v1/models/pricing" => Reply::new(status, "{}"),
            _ => catalog.answer(request),
        })
        .await;
        let report = bench.fetch_all().await;
        assert_eq!(
            (report.failed.len(), report.notes.len()),
            (0, 1),
            "{report}"
        );
        assert_eq!(bench.lock(), lock, "{status}");
    }
}

#[tokio::test]
async fn one_id_without_a_price_does_not_cost_the_others_theirs() {
    let mut catalog = Catalog::of_size(20);
    let ids: Vec<_> = catalog.documents.keys().cloned().collect();
    for id in &ids[1..] {
        catalog.prices.insert(id.clone(), 2.0);
    }
    let unknown = ids[0].clone();
    let bench = Bench::with(catalog, move |request| {
        let asked = request.path == "/v1/models/pricing"
            && request.all("endpoint_id").contains(&unknown.as_str());
        asked.then(|| Reply::new(404, r#"{"error":{"type":"not_found","message":"unknown"}}"#))
    })
    .await;
    let report = bench.fetch_all().await;
    assert_eq!(report.notes, Vec::<String>::new());
    let lock: Value = serde_json::from_str(&bench.lock()).unwrap();
    let priced = lock["endpoints"]
        .as_object()
        .unwrap()
        .values()
        .filter(|entry| entry["price"].is_object());
    assert_eq!(priced.count(), 19);
}

#[tokio::test]
async fn a_lock_file_that_is_none_is_an_error_that_names_it() {
    let bench = Bench::new(Catalog::of(&["a/b"])).await;
    fs::write(
        bench.folder.path().join("catalog.lock.json"),
        "<<<<<<< ours",
    )
    .unwrap();
    let error = run(&bench.options(Selection::All))
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("catalog.lock.json") && error.contains("version control"),
        "{error}"
    );
}
