//! The example of the crate's page: by itself, and with its processes killed.

use std::path::PathBuf;
use std::process::Stdio;

use fal_test_postgres::Cluster;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::world::LIMIT;

/// Builds the example as its reader does, and returns the program.
async fn build() -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--offline", "--quiet", "--message-format=json"])
        .args(["--package", "fal-batch-postgres"])
        .args(["--example", "batch_cluster"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .await
        .expect("cargo");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}");
    let events = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut events = events
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let program = events.find_map(|event| event["executable"].as_str().map(PathBuf::from));
    program.expect("a program")
}

/// Runs the example, shows each line to `see`, and returns all of them.
async fn run(program: &mut Command, mut see: impl AsyncFnMut(&str)) -> Vec<String> {
    let mut process = program
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the example");
    let output = process.stdout.take().expect("its output");
    let mut output = BufReader::new(output).lines();
    let mut lines = Vec::new();
    loop {
        let line = tokio::time::timeout(LIMIT, output.next_line()).await;
        let line = line.unwrap_or_else(|_| panic!("it prints nothing any more: {lines:?}"));
        let Some(line) = line.expect("text") else {
            break;
        };
        see(&line).await;
        lines.push(line);
    }
    let status = process.wait().await.expect("the example");
    assert!(status.success(), "{status}: {lines:?}");
    lines
}

/// The number before a word of a line.
fn number_before(line: &str, word: &str) -> u64 {
    let (before, _) = line.split_once(word).unwrap_or_default();
    let number = before.split_whitespace().next_back();
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[tokio::test]
async fn the_example_loses_nothing_and_pays_once() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let program = build().await;

    // With a database of its own, which is gone afterwards.
    let mut by_itself = Command::new(&program);
    by_itself.arg("30").env_remove("DATABASE_URL");
    let lines = run(&mut by_itself, async |_| {}).await;
    let url = lines[0]
        .strip_prefix("PostgreSQL is at ")
        .expect("its database");
    let connected = tokio_postgres::connect(url, tokio_postgres::NoTls).await;
    assert!(connected.is_err(), "{url} is still there");
    let [.., progress, books] = lines.as_slice() else {
        panic!("{lines:?}");
    };
    assert!(progress.starts_with("30 done; spent 0.30"), "{lines:?}");
    assert_eq!(books, "fal counted 30 jobs; items paid for twice: 0");

    // The first process of each role is killed, and started again.
    let mut killed = 0;
    let mut with_kills = Command::new(&program);
    with_kills.arg("150").env("DATABASE_URL", cluster.url());
    let lines = run(&mut with_kills, async |line| {
        let Some((_, pid)) = line.split_once(": process ") else {
            return;
        };
        if killed < 4 {
            killed += 1;
            tokio::time::sleep(std::time::Duration::from_millis(400)).await;
            let kill = Command::new("kill").args(["-9", pid]).status().await;
            assert!(kill.expect("kill").success(), "{line}");
        }
    })
    .await;
    let ended = lines.iter().filter(|line| line.ends_with(" has ended"));
    assert_eq!(ended.count(), 4, "{lines:?}");
    let [.., progress, books] = lines.as_slice() else {
        panic!("{lines:?}");
    };
    assert!(books.ends_with("items paid for twice: 0"), "{lines:?}");
    let (done, unknown) = (
        number_before(progress, " done"),
        number_before(progress, " unknown"),
    );
    assert_eq!(done, number_before(books, " jobs"), "{lines:?}");
    assert_eq!(done + unknown, 150, "{lines:?}");
}
