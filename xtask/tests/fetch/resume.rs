//! Runs that are killed, and the runs after them.

use crate::{Bench, Catalog, Reply};
use cargo_fal::fetch::Selection;
use std::{
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// Pages of 7 ids: 33 requests list the catalog, 5 fetch documents, 5 fetch prices.
const SIZE: usize = 230;
/// All pages of the list, and three of five chunks of documents. The fourth chunk is asked for once the documents of
/// two are stored and noted.
const AMID_DOCUMENTS: usize = 36;

/// Lets requests through up to a limit; the rest wait for ever.
#[derive(Clone, Default)]
struct Gate {
    count: Arc<AtomicUsize>,
    limit: Arc<AtomicUsize>,
}

impl Gate {
    fn pass(&self) -> Option<Reply> {
        let number = self.count.fetch_add(1, Ordering::SeqCst);
        (number >= self.limit.load(Ordering::SeqCst)).then(Reply::hang)
    }

    fn open(&self) {
        self.limit.store(usize::MAX, Ordering::SeqCst);
    }
}

fn spawn(bench: &Bench) -> Child {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["fetch", "--all", "--jobs", "2"])
        .args(["--api-url", &format!("{}/v1", bench.server.url)])
        .args([
            "--openapi-url",
            &format!("{}/openapi.json", bench.server.url),
        ])
        .arg("--schemas")
        .arg(bench.root())
        .env_remove("FAL_KEY")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Lets a fetch run until the server has been asked more than `limit` times, kills it, and lets the server answer again.
async fn kill_after(limit: usize) -> Bench {
    let gate = Gate::default();
    gate.limit.store(limit, Ordering::SeqCst);
    let at_server = gate.clone();
    let bench = Bench::with(Catalog::of_size(SIZE), move |_| at_server.pass()).await;
    let mut child = spawn(&bench);
    while gate.count.load(Ordering::SeqCst) <= limit {
        assert_eq!(
            child.try_wait().unwrap(),
            None,
            "it ended before it was killed"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    gate.open();
    bench.server.forget();
    bench
}

async fn clean() -> Bench {
    let clean = Bench::new(Catalog::of_size(SIZE)).await;
    clean.fetch_all().await;
    clean
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_anywhere_the_next_run_finishes() {
    let clean = clean().await;
    for limit in [0, 20, 33, 34, 35, 36, 37, 38, 41] {
        let bench = kill_after(limit).await;
        assert!(
            !bench.files().contains_key("catalog.lock.json"),
            "the lock file comes last"
        );
        let report = bench.fetch_all().await;
        assert_eq!(
            (report.documents(), report.failed.len()),
            (SIZE, 0),
            "{limit}: {report}"
        );
        assert_eq!(
            bench.files(),
            clean.files(),
            "killed after {limit} requests"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_run_stored_is_not_fetched_again() {
    let bench = kill_after(AMID_DOCUMENTS).await;
    let report = bench.fetch_all().await;
    assert!(report.resumed.len() >= 100, "{report}");
    let requests = bench.server.requests();
    let finds = requests.iter().filter(|request| request.is_find());
    let asked: usize = finds.map(|request| request.all("endpoint_id").len()).sum();
    assert_eq!(asked + report.resumed.len(), SIZE);
    let report = bench.fetch_all().await;
    assert_eq!(
        report.unchanged.len(),
        SIZE,
        "the run that finished left no journal: {report}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_is_believed_only_where_the_disk_agrees() {
    let bench = kill_after(AMID_DOCUMENTS).await;
    let journal = std::fs::read_to_string(bench.folder.path().join(".fetch-journal")).unwrap();
    let noted = journal
        .split("\"id\":\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap();
    std::fs::write(bench.root().join(format!("{noted}.json")), "{}").unwrap();
    let report = bench.fetch_all().await;
    assert_eq!(crate::names(&report.changed), [noted]);
    assert!(report.resumed.len() >= 99, "{report}");
    assert_eq!(bench.files(), clean().await.files());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_selection_does_not_go_on_from_there() {
    let bench = kill_after(AMID_DOCUMENTS).await;
    let report = bench
        .fetch(Selection::Category("text-to-image".to_owned()))
        .await;
    assert_eq!(
        (report.resumed.len(), report.failed.len()),
        (0, 0),
        "{report}"
    );
}
