//! A server in a process of its own, so that memory and processor time of the
//! benchmark are the client's alone.

use std::env::{args, current_exe};
use std::io::{BufRead, BufReader, Write, stdin, stdout};
use std::process::{Child, Command, Stdio};

/// The arguments of a benchmark, without what cargo adds.
pub fn arguments() -> Vec<String> {
    args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect()
}

/// Tells the parent where the server is, and returns when the parent ends it.
pub async fn until_ended(address: &str) {
    println!("{address}");
    stdout().flush().expect("the parent listens");
    let ended = tokio::task::spawn_blocking(|| stdin().read_line(&mut String::new()));
    ended.await.expect("a thread").expect("standard input");
}

/// This program once more, as the server.
#[derive(Debug)]
pub struct Served {
    child: Child,
    /// What it told: see [`until_ended`].
    pub address: String,
}

impl Served {
    /// Starts it with these arguments and waits until it can be reached.
    pub fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(current_exe().expect("this program"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program starts");
        let output = child.stdout.take().expect("a pipe");
        let mut address = String::new();
        BufReader::new(output)
            .read_line(&mut address)
            .expect("a line");
        Self {
            child,
            address: address.trim().to_owned(),
        }
    }

    /// Ends it.
    pub fn end(mut self) {
        drop(self.child.stdin.take());
        self.child.wait().expect("it ends");
    }
}
