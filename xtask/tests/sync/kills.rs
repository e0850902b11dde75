//! Runs that are killed, and the runs after them.

use crate::tree::{Tree, catalog, server};
use fal_mock::MockServer;
use std::{
    process::{Child, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

const SIZE: usize = 12;

/// A tree with the first edition, and a server with the second.
fn before() -> (Tree, MockServer) {
    let tree = Tree::new();
    tree.sync_all(&server(&catalog(SIZE, 1)));
    (tree, server(&catalog(SIZE, 2)))
}

/// What a run that nobody kills makes.
fn undisturbed() -> Tree {
    let (tree, server) = before();
    tree.sync_all(&server);
    tree
}

fn spawn(tree: &Tree, server: &MockServer) -> Child {
    let mut command = tree.command(server, &["--all"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// Kills the run as soon as something holds, unless it has ended before.
fn kill_when(tree: &Tree, server: &MockServer, holds: impl Fn() -> bool) {
    let mut child = spawn(tree, server);
    while !holds() && child.try_wait().unwrap().is_none() {
        sleep(Duration::from_micros(200));
    }
    let _ = child.kill();
    child.wait().unwrap();
}

/// Whenever the run was killed: before it decided, the tree is as it was; after, the next run finishes.
#[track_caller]
fn assert_recovers(tree: &Tree, server: &MockServer, started: &Tree, wanted: &Tree, when: &str) {
    let decided = tree.root().join(".sync/manifest.json").exists();
    let visible = tree.visible();
    if !decided && visible != wanted.files() {
        assert_eq!(
            visible.keys().collect::<Vec<_>>(),
            started.files().keys().collect::<Vec<_>>(),
            "{when}"
        );
        assert_eq!(
            visible,
            started.files(),
            "{when}: undecided, and yet something changed"
        );
    }
    tree.sync_all(server);
    assert_eq!(tree.files(), wanted.files(), "{when}");
}

#[test]
fn killed_at_any_request_the_next_run_finishes() {
    let (started, wanted) = (before().0, undisturbed());
    for requests in 0..6 {
        let (tree, server) = before();
        kill_when(&tree, &server, || server.total() > requests);
        assert_recovers(
            &tree,
            &server,
            &started,
            &wanted,
            &format!("after {requests} requests"),
        );
    }
}

#[test]
fn killed_at_any_moment_the_next_run_finishes() {
    let (started, wanted) = (before().0, undisturbed());
    let (tree, server) = before();
    let begin = Instant::now();
    tree.sync_all(&server);
    let whole = begin.elapsed();
    for part in 0..10 {
        let (tree, server) = before();
        let begin = Instant::now();
        kill_when(&tree, &server, || begin.elapsed() > whole * part / 10);
        assert_recovers(
            &tree,
            &server,
            &started,
            &wanted,
            &format!("after {part}/10 of the time"),
        );
    }
}

#[test]
fn killed_while_files_are_moved_the_next_run_finishes() {
    let (started, wanted) = (before().0, undisturbed());
    let last = [
        "CHANGELOG.md",
        "Cargo.toml",
        "schemas/openapi/acme/model-01/run.json",
        "sdk/src/endpoints/acme/model_07/run.rs",
    ];
    for path in last {
        let (tree, server) = before();
        let text = wanted.files()[path].clone();
        let file = tree.root().join(path);
        kill_when(&tree, &server, || {
            std::fs::read(&file).is_ok_and(|now| now == text)
        });
        assert_recovers(&tree, &server, &started, &wanted, path);
    }
    let (tree, server) = before();
    let manifest = tree.root().join(".sync/manifest.json");
    kill_when(&tree, &server, || manifest.exists());
    assert_recovers(
        &tree,
        &server,
        &started,
        &wanted,
        "as soon as it was decided",
    );
}

#[test]
fn a_run_that_was_killed_amid_its_copy_starts_again() {
    let (started, wanted) = (before().0, undisturbed());
    let (tree, server) = before();
    tree.write(".sync/schemas/openapi/acme/model-01/run.json", "{\"half");
    assert_recovers(&tree, &server, &started, &wanted, "half a copy");
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_says_that_the_next_one_goes_on() {
    use fal_mock::{Fault, Route};
    use std::process::{Command, Output};
    let (tree, server) = before();
    let started = tree.visible();
    server.inject(Fault::Stall { keep: Some(10) }.on(Route::Models).always());
    let mut command = tree.command(&server, &["--all"]);
    let child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while server.total() == 0 {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "nothing was asked"
        );
        sleep(Duration::from_millis(10));
    }
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    let Output { status, stderr, .. } = child.wait_with_output().unwrap();
    let said = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(130), "{said}");
    assert!(
        said.contains("interrupted; run the command again to continue"),
        "{said}"
    );
    assert_eq!(tree.visible(), started);
    server.clear_faults();
    tree.sync_all(&server);
    assert_eq!(tree.visible(), undisturbed().files());
}
