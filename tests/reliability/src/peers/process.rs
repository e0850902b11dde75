//! A client's process, and the server that it is pointed at.

use std::process::Stdio;
use std::time::{Duration, Instant};

use fal_mock::{Injection, MockServer, Route};
use fal_tests::sample::{ENDPOINT, KEY, script};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::{Client, PeerRow, folder};
use crate::faults::faults;

/// A client that is still waiting by then is ended.
const PATIENCE: Duration = Duration::from_secs(25);

/// A call that meets a fault.
pub(super) struct Call {
    fault: &'static str,
    operation: &'static str,
    /// `run`, or `subscribe`, or `stream` where the status is streamed.
    task: &'static str,
    injection: Injection,
}

/// The rows of the table that these clients can be put beside.
pub(super) fn calls() -> Vec<Call> {
    let mut calls = Vec::new();
    for row in faults(true) {
        let on = |route| row.fault.clone().on(route);
        let mut call = |operation, task, injection| {
            calls.push(Call {
                fault: row.name,
                operation,
                task,
                injection,
            });
        };
        // Over a minute of waiting, as is asked for, shows nothing.
        if row.name == "429, an hour" {
            continue;
        }
        call("submit", "subscribe", on(Route::Submit));
        call("run", "run", on(Route::Run));
        if !row.is_handled() && !row.denies() {
            call("submit, job made", "subscribe", on(Route::Submit).handled());
            call("run, carried out", "run", on(Route::Run).handled());
        }
        call("result, once", "subscribe", on(Route::Result));
        call("status, once", "subscribe", on(Route::Status));
        let always = on(Route::StatusStream).always();
        call("status stream, always", "stream", always);
    }
    calls
}

/// A process and its server, which both live until a call takes too long.
pub(super) struct Process {
    client: &'static Client,
    server: MockServer,
    ca: tempfile::NamedTempFile,
    running: Option<Running>,
}

struct Running {
    _child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Process {
    pub(super) async fn new(client: &'static Client) -> Self {
        let server = MockServer::builder().script(ENDPOINT, script()).tls();
        let server = server.start().await.expect("a server on a free port");
        let ca = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(ca.path(), server.ca_pem().unwrap_or_default()).expect("a file");
        Self {
            client,
            server,
            ca,
            running: None,
        }
    }

    /// Makes a call, and tells what came of it.
    pub(super) async fn row(&mut self, call: &Call) -> PeerRow {
        self.server.reset();
        let started = Instant::now();
        self.server.inject(call.injection.clone());
        let told = match tokio::time::timeout(PATIENCE, self.call(call.task)).await {
            Ok(told) => told,
            Err(_) => json!({ "outcome": "still waiting", "known": true, "words": "" }),
        };
        // A process whose call goes on would go on sending requests.
        if told["outcome"] == "still waiting" {
            self.running = None;
        }
        let text = |key: &str| told[key].as_str().unwrap_or_default().to_owned();
        let submits = self.server.count(Route::Submit) + self.server.count(Route::Run);
        let jobs = self.server.jobs_created() + self.server.direct_calls().len() as u64;
        let is_known = told["known"] == true || told["outcome"] == "output";
        PeerRow {
            client: self.client.key.to_owned(),
            fault: call.fault.to_owned(),
            operation: call.operation.to_owned(),
            outcome: text("outcome"),
            submits,
            jobs,
            lost: u64::from(jobs > 0 && !is_known),
            seconds: (started.elapsed().as_secs_f64() * 10.0).round() / 10.0,
            words: text("words").replace(&self.server.address().to_string(), "HOST"),
        }
    }

    async fn call(&mut self, task: &str) -> Value {
        if self.running.is_none() {
            self.running = Some(self.start());
        }
        let running = self.running.as_mut().expect("it was started");
        let line = json!({ "task": task, "endpoint": ENDPOINT }).to_string() + "\n";
        let sent = running.input.write_all(line.as_bytes()).await;
        let told = match sent {
            Ok(()) => running.output.next_line().await.ok().flatten(),
            Err(_) => None,
        };
        let told = told.and_then(|line| serde_json::from_str(&line).ok());
        told.unwrap_or_else(|| {
            self.running = None;
            json!({ "outcome": "the process ended", "known": false, "words": "" })
        })
    }

    fn start(&self) -> Running {
        let address = self.server.address();
        let mut child = Command::new((self.client.interpreter)())
            .arg(folder().join(self.client.script))
            .arg(format!("https://{address}"))
            .env("FAL_KEY", KEY)
            .env("FAL_RUN_HOST", format!("{address}/run"))
            .env("FAL_QUEUE_RUN_HOST", format!("{address}/queue"))
            .env("SSL_CERT_FILE", self.ca.path())
            .env("NODE_EXTRA_CA_CERTS", self.ca.path())
            .env("NO_PROXY", "127.0.0.1")
            .env("no_proxy", "127.0.0.1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("an installed client starts");
        Running {
            input: child.stdin.take().expect("a pipe"),
            output: BufReader::new(child.stdout.take().expect("a pipe")).lines(),
            _child: child,
        }
    }
}

/// That `fault` is nowhere left out silently.
#[cfg(test)]
mod tests {
    #[test]
    fn every_fault_is_tried_but_for_the_wait_of_an_hour() {
        let calls = super::calls();
        let tried = |name| calls.iter().any(|call| call.fault == name);
        let all = super::faults(true);
        let missing: Vec<_> = all.iter().filter(|row| !tried(row.name)).collect();
        assert_eq!(missing.len(), 1);
        assert_eq!(missing[0].name, "429, an hour");
    }
}
