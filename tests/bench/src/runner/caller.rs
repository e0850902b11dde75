//! A process that does a task and prints its figures.

use super::server::Server;
use crate::roles::KEY;
use serde_json::{Map, Value, json};
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The named figures of a task.
pub type Figures = Map<String, Value>;

/// How long a task may take; a peer that is not done then is stopped, and the table says so.
const LONGEST: Duration = Duration::from_secs(150);

/// The same under valgrind, which runs a program about fifty times slower.
const LONGEST_COUNTED: Duration = Duration::from_secs(1_200);

/// A program that does tasks.
#[derive(Debug, Clone)]
pub struct Caller {
    pub name: String,
    program: PathBuf,
    /// What stands before the role.
    arguments: Vec<OsString>,
    role: String,
    longest: Duration,
    env: Vec<(String, String)>,
    /// Whether it speaks TLS.
    pub secure: bool,
}

impl Caller {
    pub fn new(name: &str, program: &Path, role: &str, secure: bool) -> Self {
        Self {
            name: name.to_owned(),
            program: program.to_owned(),
            arguments: Vec::new(),
            role: role.to_owned(),
            longest: LONGEST,
            env: Vec::new(),
            secure,
        }
    }

    /// The script that the program, an interpreter, runs.
    pub fn script(mut self, path: &Path) -> Self {
        self.arguments.push(path.into());
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same caller, its instructions counted into a file by valgrind.
    pub fn counted(mut self, file: &Path) -> Self {
        let program = std::mem::replace(&mut self.program, PathBuf::from("valgrind"));
        let log = format!("--log-file={}", file.display());
        let options = ["--tool=callgrind", "--callgrind-out-file=/dev/null", &log];
        let own = std::mem::take(&mut self.arguments);
        self.arguments = options.map(OsString::from).to_vec();
        self.arguments.push(program.into());
        self.arguments.extend(own);
        self.longest = LONGEST_COUNTED;
        self
    }

    /// The same caller under another name.
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Does a task against a server; the error is one line of text.
    pub fn call(&self, server: &Server<'_>, task: &str, options: Value) -> Result<Figures, String> {
        let mut options = options;
        options["task"] = json!(task);
        options["base"] = json!(server.base(self.secure));
        let ca = server.ca_file();
        if self.secure {
            options["ca"] = json!(ca);
        }
        let address = server.address();
        let mut command = self.command(&options);
        command
            .env("SSL_CERT_FILE", ca)
            .env("NODE_EXTRA_CA_CERTS", ca)
            .env("FAL_RUN_HOST", format!("{address}/run"))
            .env("FAL_QUEUE_RUN_HOST", format!("{address}/queue"));
        finish(command, self.longest)
    }

    /// Does a task that needs no server.
    pub fn work(&self, task: &str, mut options: Value) -> Result<Figures, String> {
        options["task"] = json!(task);
        finish(self.command(&options), self.longest)
    }

    fn command(&self, options: &Value) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        command.arg(&self.role).arg(options.to_string());
        for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            // A proxy of the machine has no business with the loopback address.
            command.env_remove(proxy).env_remove(proxy.to_lowercase());
        }
        command
            .env("FAL_KEY", KEY)
            .env("NODE_NO_WARNINGS", "1")
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if self.env.is_empty() {
            command.env("NO_PROXY", "127.0.0.1");
        } else {
            command.env_remove("NO_PROXY").env_remove("no_proxy");
        }
        command
    }
}

fn finish(mut command: Command, longest: Duration) -> Result<Figures, String> {
    let mut child = command
        .spawn()
        .map_err(|error| format!("cannot be started: {error}"))?;
    let said = gather(child.stdout.take());
    let complaint = gather(child.stderr.take());
    let status = wait(&mut child, longest)?;
    let said = said.join().unwrap_or_default();
    let complaint = complaint.join().unwrap_or_default();
    if !status {
        let last = complaint.lines().rev().find(|line| !line.trim().is_empty());
        return Err(last.unwrap_or("it failed without a word").to_owned());
    }
    serde_json::from_str(said.trim()).map_err(|error| format!("its figures: {error}"))
}

/// Reads to the end on a thread, so that a full pipe does not block the process.
fn gather(source: Option<impl std::io::Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut source) = source {
            let _ = source.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Whether it succeeded; it is killed when it takes too long.
fn wait(child: &mut Child, longest: Duration) -> Result<bool, String> {
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) if started.elapsed() > longest => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("not done after {} s", longest.as_secs()));
            }
            Ok(None) => thread::sleep(Duration::from_millis(20)),
            Err(error) => return Err(error.to_string()),
        }
    }
}
