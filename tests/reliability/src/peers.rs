//! fal's official clients on the same faults, as far as they are installed: Python and
//! JavaScript, each a process that takes a call after the other.

mod process;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use self::process::{Call, Process};
use crate::report::{Machine, Peers, TableRow};

/// One of the clients.
#[derive(Debug)]
pub struct Client {
    /// The name in the figures.
    pub key: &'static str,
    name: &'static str,
    /// The file that pins the version, and what stands before the version in it.
    pin: (&'static str, &'static str),
    /// The file that is there once the client is installed.
    mark: &'static str,
    interpreter: fn() -> PathBuf,
    script: &'static str,
}

/// Both clients.
pub static CLIENTS: [Client; 2] = [
    Client {
        key: "python",
        name: "Python fal-client",
        pin: ("requirements.txt", "fal_client=="),
        mark: ".env/installed",
        interpreter: || folder().join(".env/bin/python"),
        script: "faults.py",
    },
    Client {
        key: "javascript",
        name: "JavaScript @fal-ai/client",
        pin: ("package.json", "\"@fal-ai/client\": \""),
        mark: "node_modules/installed",
        interpreter: || "node".into(),
        script: "faults.mjs",
    },
];

impl Client {
    /// The version that is pinned.
    fn version(&self) -> String {
        let (file, mark) = self.pin;
        let text = std::fs::read_to_string(folder().join(file)).unwrap_or_default();
        let rest = text.split_once(mark).map_or("", |(_, rest)| rest);
        let end = rest.find(['"', '\n']).unwrap_or(rest.len());
        rest[..end].to_owned()
    }

    fn is_installed(&self) -> bool {
        folder().join(self.mark).exists()
    }
}

/// Where the clients are.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../interop")
}

/// What a client made of a fault.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PeerRow {
    /// Which client.
    pub client: String,
    /// The fault.
    pub fault: String,
    /// What met it.
    pub operation: String,
    /// `output`, or the class of the error.
    pub outcome: String,
    /// Requests for paid work that the server counted.
    pub submits: u64,
    /// Jobs that it made.
    pub jobs: u64,
    /// Jobs of which the caller has nothing.
    pub lost: u64,
    /// How long it took.
    pub seconds: f64,
    /// The error's words.
    pub words: String,
}

impl PeerRow {
    /// Whether a row of the table is the same fault and operation.
    pub fn is_of(&self, row: &TableRow) -> bool {
        self.fault == row.fault && self.operation == row.operation
    }
}

/// How many processes of a client there are.
const PROCESSES: usize = 4;

/// Installs the clients if they are not there, and runs them.
pub async fn run() -> Peers {
    let machine = Machine::describe();
    let install = Command::new(folder().join("run"))
        .arg("install")
        .stdout(Stdio::null())
        .status();
    let mut peers = Peers {
        machine,
        clients: Vec::new(),
        missing: Vec::new(),
        rows: Vec::new(),
    };
    for client in &CLIENTS {
        let name = format!("{} {}", client.name, client.version());
        if install.is_err() || !client.is_installed() {
            peers
                .missing
                .push(format!("{name} could not be installed here"));
            continue;
        }
        eprintln!("running: {name}");
        peers.clients.push(name);
        peers.rows.extend(run_client(client).await);
    }
    peers
}

async fn run_client(client: &'static Client) -> Vec<PeerRow> {
    let calls: VecDeque<(usize, Call)> = process::calls().into_iter().enumerate().collect();
    let calls = Arc::new(Mutex::new(calls));
    let mut processes = JoinSet::new();
    for _ in 0..PROCESSES {
        let calls = Arc::clone(&calls);
        processes.spawn(async move {
            let mut process = Process::new(client).await;
            let mut rows = Vec::new();
            loop {
                let next = calls.lock().expect("calls").pop_front();
                let Some((place, call)) = next else {
                    return rows;
                };
                rows.push((place, process.row(&call).await));
            }
        });
    }
    let mut rows: Vec<(usize, PeerRow)> =
        processes.join_all().await.into_iter().flatten().collect();
    rows.sort_by_key(|(place, _)| *place);
    rows.into_iter().map(|(_, row)| row).collect()
}
