//! Against `fal-mock`, over the routes that fal has.

use crate::names;
use cargo_fal::{
    fetch::{Backoff, Key, Options, Report, Selection, run},
    schemas::{Layout, Store},
};
use fal_codegen::source::canonical;
use fal_mock::{Fault, MockServer, Route};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

const DEPTH: &str = "fal-ai/wan-22-vace-fun-a14b/depth";
const PROJECT: &str = env!("CARGO_MANIFEST_DIR");

fn committed() -> PathBuf {
    Path::new(PROJECT).join("../schemas/openapi")
}

fn options(server: &MockServer, selection: Selection, folder: &Path) -> Options {
    let urls = server.urls();
    let single = format!("{}/api/openapi/queue/openapi.json", urls.fal);
    Options::new(
        selection,
        urls.platform.parse().unwrap(),
        single.parse().unwrap(),
        Layout::of(folder),
    )
}

async fn fetch_all(server: &MockServer, folder: &Path) -> Report {
    run(&options(server, Selection::All, folder)).await.unwrap()
}

#[tokio::test]
async fn the_committed_document_comes_back_byte_for_byte() {
    let server = MockServer::builder()
        .documents(committed())
        .start()
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let selection = Selection::of_ids(&[DEPTH]).unwrap();
    let report = run(&options(&server, selection, folder.path()))
        .await
        .unwrap();
    assert_eq!(names(&report.new), [DEPTH], "{report}");
    let path = format!("{DEPTH}.json");
    assert_eq!(
        fs::read(folder.path().join(&path)).unwrap(),
        fs::read(committed().join(&path)).unwrap()
    );
}

#[tokio::test]
async fn a_failed_expansion_is_fetched_singly_and_without_the_key() {
    let server = MockServer::builder()
        .documents(committed())
        .failed_expansion(DEPTH)
        .start()
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let key = Some(Key::new("id:secret").unwrap());
    let options = Options {
        key,
        ..options(&server, Selection::All, folder.path())
    };
    let report = run(&options).await.unwrap();
    assert_eq!(names(&report.new), [DEPTH], "{report}");
    let single = server.requests_to(Route::Document);
    assert_eq!(single.len(), 1);
    assert_eq!(single[0].header("authorization"), None);
    for request in server.requests_to(Route::Models) {
        assert_eq!(request.header("authorization"), Some("Key id:secret"));
    }
}

/// Ids of the entries whose expansion failed on the real platform, and a document for each made here.
fn failed_expansions(corpus: &Path) -> Vec<String> {
    let text = fs::read(corpus.join("platform/failed-expansions.json")).unwrap();
    let page: Value = serde_json::from_slice(&text).unwrap();
    let models = page["models"].as_array().unwrap();
    models
        .iter()
        .map(|model| model["endpoint_id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_real_catalog_comes_whole_and_a_second_fetch_changes_no_byte() {
    let corpus = Path::new(PROJECT).join("../../shared/corpus");
    let current = corpus.join("current");
    if !current.is_dir() {
        println!("no corpus at ../shared/corpus/current: the real catalog is not fetched");
        return;
    }
    let mut builder = MockServer::builder().documents(&current);
    for id in failed_expansions(&corpus) {
        // Some of them have a document in the corpus; the rest is served as fal would serve it now.
        builder = builder
            .failed_expansion(&id)
            .document(crate::catalog::document(&id));
    }
    let server = builder.start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let first = fetch_all(&server, folder.path()).await;
    assert!(first.failed.is_empty() && first.new.len() >= 977, "{first}");
    assert_eq!(server.count(Route::Document), 10, "the failed expansions");
    let store = Store::open(Layout::of(&current)).unwrap();
    for id in store.scan().unwrap() {
        let real: Value = serde_json::from_slice(&store.read(&id).unwrap().unwrap()).unwrap();
        let fetched = fs::read_to_string(folder.path().join(id.document_path())).unwrap();
        if !failed_expansions(&corpus).contains(&id.to_string()) {
            assert_eq!(fetched, canonical::to_string(&real), "{id}");
        }
    }
    let lock = fs::read(folder.path().join("catalog.lock.json")).unwrap();
    let second = fetch_all(&server, folder.path()).await;
    assert_eq!(second.unchanged.len(), first.new.len(), "{second}");
    assert_eq!(
        fs::read(folder.path().join("catalog.lock.json")).unwrap(),
        lock
    );
}

/// Sixty endpoints, two of which the platform cannot expand.
async fn sixty(seed: u64) -> MockServer {
    let mut builder = MockServer::builder().documents(committed()).seed(seed);
    for number in 0..59 {
        builder = builder.document(crate::catalog::document(&format!("acme/model-{number}")));
    }
    builder = builder
        .failed_expansion("acme/model-1")
        .failed_expansion("acme/model-2");
    builder.start().await.unwrap()
}

fn patient(server: &MockServer, folder: &Path) -> Options {
    let backoff = Backoff {
        attempts: 20,
        base: Duration::from_millis(1),
        cap: Duration::from_millis(20),
    };
    Options {
        backoff,
        idle: Duration::from_secs(1),
        ..options(server, Selection::All, folder)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn passing_faults_of_every_kind_are_waited_out() {
    let faults = [
        Fault::Refuse,
        Fault::Drop,
        Fault::Truncate { keep: None },
        Fault::Truncate { keep: Some(0) },
        Fault::Stall { keep: Some(10) },
        Fault::MalformedJson,
        Fault::html(),
        Fault::nginx(502),
        Fault::status(500),
        Fault::too_many_requests(Some(Duration::ZERO)),
        Fault::Delay { ms: 20 },
        Fault::Dribble {
            bytes: 999,
            pause_ms: 0,
        },
        Fault::ContentType {
            value: "text/html".to_owned(),
        },
    ];
    for fault in faults {
        for route in [Route::Models, Route::Document] {
            let server = sixty(0).await;
            let injected = server.inject(fault.clone().on(route).times(2));
            let folder = tempfile::tempdir().unwrap();
            let report = run(&patient(&server, folder.path())).await.unwrap();
            assert_eq!(
                (report.new.len(), report.failed.len()),
                (60, 0),
                "{fault:?} on {route:?}: {report}"
            );
            assert_eq!(injected.fired(), 2, "{fault:?} on {route:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lasting_faults_of_single_documents_leave_the_old_ones() {
    let faults = [
        Fault::html(),
        Fault::MalformedJson,
        Fault::Truncate { keep: None },
        Fault::GzipBomb { bytes: 64 << 20 },
        Fault::Endless,
        Fault::redirect(302, "http://localhost:1/"),
        Fault::unauthorized(),
    ];
    let server = sixty(0).await;
    let folder = tempfile::tempdir().unwrap();
    run(&patient(&server, folder.path())).await.unwrap();
    let store = Store::open(Layout::of(folder.path())).unwrap();
    let read = || {
        let ids = store.scan().unwrap();
        ids.iter()
            .map(|id| store.read(id).unwrap().unwrap())
            .collect::<Vec<_>>()
    };
    let before = read();
    for fault in faults {
        let injected = server.inject(fault.clone().on(Route::Document).always());
        let options = patient(&server, folder.path());
        let options = Options {
            backoff: Backoff {
                attempts: 2,
                ..options.backoff
            },
            // Nothing stalls here, and a busy machine is slow with a bomb.
            idle: Duration::from_secs(60),
            ..options
        };
        let report = run(&options).await.unwrap();
        assert_eq!(
            (report.unchanged.len(), report.failed.len()),
            (58, 2),
            "{fault:?}: {report}"
        );
        assert_eq!(read(), before, "{fault:?}");
        assert!(server.remove_fault(&injected));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_third_of_all_answers_may_be_lost() {
    for seed in 0..4 {
        let server = sixty(seed).await;
        for fault in [
            Fault::Drop,
            Fault::nginx(503),
            Fault::Truncate { keep: None },
        ] {
            server.inject(
                fault
                    .on(Route::Models)
                    .on(Route::Document)
                    .always()
                    .chance(0.12),
            );
        }
        let folder = tempfile::tempdir().unwrap();
        let report = run(&patient(&server, folder.path())).await.unwrap();
        assert_eq!(
            (report.new.len(), report.failed.len()),
            (60, 0),
            "seed {seed}: {report}"
        );
    }
}
