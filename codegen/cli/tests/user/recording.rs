//! `cargo fal mock --record` and `--replay`, between `cargo fal run` and a server that stands for fal.

use crate::bench::{Crate, Ended, ID, document, server};
use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

/// A server that runs until it is interrupted.
struct Running {
    child: Child,
    url: String,
}

impl Running {
    fn start(krate: &Crate, arguments: &[&str]) -> Self {
        let arguments = [&["mock", "--port", "0"], arguments].concat();
        let mut child = krate
            .command("http://127.0.0.1:1", &arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
        let mut lines = lines.map(Result::unwrap);
        let url =
            lines.find_map(|line| line.trim().strip_prefix("FAL_BASE_URL=").map(str::to_owned));
        let url = url.expect("an address");
        Self {
            url: url.split(' ').next().unwrap().to_owned(),
            child,
        }
    }

    fn run(&self, krate: &Crate, arguments: &[&str]) -> Ended {
        let arguments = [&["run", ID], arguments].concat();
        krate
            .command(&self.url, &arguments)
            .output()
            .unwrap()
            .into()
    }

    /// Interrupts the server, and returns its exit code and what it told.
    fn end(self) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-INT", &pid])
                .status()
                .unwrap()
                .success()
        );
        let ended: Ended = self.child.wait_with_output().unwrap().into();
        (ended.code, ended.err)
    }
}

#[test]
#[cfg(unix)]
fn a_program_is_recorded_and_replayed() {
    let (krate, fal) = (Crate::empty(), server([document(ID, 50)]));
    let recorder = Running::start(&krate, &["--record", "tape", "--upstream", &fal.url()]);
    let recorded = recorder.run(&krate, &["prompt=night", "-o", "first"]);
    assert_eq!(recorded.code, Some(0), "{}", recorded.err);
    assert_eq!(recorder.end(), (Some(0), String::new()));
    assert_eq!(fal.jobs_created(), 1);
    let files = krate.files();
    let secret = files
        .iter()
        .find(|(_, text)| String::from_utf8_lossy(text).contains("id:secret"));
    assert_eq!(secret, None);
    drop(fal);

    let replay = Running::start(&krate, &["--replay", "tape"]);
    for folder in ["second", "third"] {
        let replayed = replay.run(&krate, &["prompt=night", "-o", folder]);
        assert_eq!(replayed.code, Some(0), "{}", replayed.err);
    }
    let files = krate.files();
    let saved = |folder: &str| {
        files
            .iter()
            .find(|(path, _)| path.starts_with(folder))
            .unwrap()
            .1
    };
    assert_eq!(saved("first"), saved("third"));
    let other = replay.run(&krate, &["prompt=day"]);
    assert_eq!(other.code, Some(1), "{}", other.err);
    assert!(
        other.err.contains("-      \"prompt\": \"night\""),
        "{}",
        other.err
    );
    let (code, told) = replay.end();
    assert_eq!(code, Some(1), "{told}");
    assert!(
        told.contains("mismatch: the recording has no reply to POST"),
        "{told}"
    );
}

#[test]
fn folders_that_cannot_be_used_are_refused() {
    let krate = Crate::empty();
    krate.write("tape/0001-x.json", "{}");
    for (arguments, words) in [
        (vec!["mock", "--replay", "nowhere"], "nowhere"),
        (vec!["mock", "--replay", "tape"], "0001-x.json"),
        (vec!["mock", "--record", "tape"], "has a recording already"),
    ] {
        krate.refused("http://127.0.0.1:1", &arguments, &[words]);
    }
    for arguments in [
        vec!["mock", "--replay", "a", "--record", "b"],
        vec!["mock", "--replay", "a", "--any-app"],
        vec!["mock", "--upstream", "http://127.0.0.1:1"],
    ] {
        let ended: Ended = krate
            .command("http://127.0.0.1:1", &arguments)
            .output()
            .unwrap()
            .into();
        assert_eq!(ended.code, Some(2), "{arguments:?} {}", ended.err);
    }
}

#[test]
fn a_server_of_any_id_needs_no_crate() {
    let mut server = Running::start(&Crate::empty(), &["--any-app"]);
    assert!(server.url.starts_with("http://127.0.0.1:"));
    // It may not wait for Ctrl-C yet.
    server.child.kill().unwrap();
    let ended: Ended = server.child.wait_with_output().unwrap().into();
    assert_eq!(ended.err, "");
}
