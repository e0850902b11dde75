//! The server that is called, in a process of its own.

use super::{caller::Figures, tools::Tools};
use crate::{
    Error, Outcome, file_error,
    roles::{ENDPOINT, KEY},
};
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A process that ends when its standard input does.
struct Served {
    child: Child,
    lines: BufReader<ChildStdout>,
    /// The JSON that it printed when it started.
    said: Value,
}

impl Served {
    fn start(program: &Path, role: &str, options: &Value) -> Outcome<Self> {
        let failed = |why: String| Error::from(format!("fal-bench {role}: {why}"));
        let mut child = Command::new(program)
            .arg(role)
            .arg(options.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| failed(error.to_string()))?;
        let stdout = child.stdout.take();
        let mut lines = BufReader::new(stdout.ok_or_else(|| failed("no output".to_owned()))?);
        let mut line = String::new();
        lines
            .read_line(&mut line)
            .map_err(|error| failed(error.to_string()))?;
        let said = serde_json::from_str(&line).map_err(|error| failed(error.to_string()))?;
        Ok(Self { child, lines, said })
    }

    fn address(&self) -> &str {
        self.said["address"].as_str().unwrap_or_default()
    }

    /// Ends the process, and returns the JSON that it printed last.
    fn end(&mut self) -> Value {
        drop(self.child.stdin.take());
        let mut text = String::new();
        let _ = self.lines.read_to_string(&mut text);
        let _ = self.child.wait();
        serde_json::from_str(text.trim()).unwrap_or_default()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.end();
    }
}

/// fal-mock, and the tunnel for those that know fal's own hosts alone.
pub struct Server<'r> {
    served: Served,
    tunnel: Served,
    ca_file: PathBuf,
    /// Goes with the server.
    _folder: TempDir,
    runtime: &'r Runtime,
    http: reqwest::Client,
}

impl<'r> Server<'r> {
    /// # Errors
    ///
    /// If our own program does not start.
    pub fn start(tools: &Tools, runtime: &'r Runtime, options: &Value) -> Outcome<Self> {
        let served = Served::start(&tools.bench, "serve", options)?;
        let tunnel = Served::start(&tools.bench, "tunnel", &json!({ "to": served.address() }))?;
        let folder = TempDir::new()?;
        let ca_file = folder.path().join("ca.pem");
        fs::write(&ca_file, served.said["ca"].as_str().unwrap_or_default())
            .map_err(|error| file_error("write", &ca_file, &error))?;
        let http = reqwest::Client::builder().no_proxy().build();
        Ok(Self {
            served,
            tunnel,
            ca_file,
            _folder: folder,
            runtime,
            http: http?,
        })
    }

    pub fn address(&self) -> &str {
        self.served.address()
    }

    pub fn tunnel(&self) -> &str {
        self.tunnel.address()
    }

    pub fn pid(&self) -> u32 {
        self.served.child.id()
    }

    pub fn base(&self, secure: bool) -> String {
        let scheme = if secure { "https" } else { "http" };
        format!("{scheme}://{}", self.address())
    }

    pub fn ca_file(&self) -> &Path {
        &self.ca_file
    }

    /// Sets how long jobs run.
    ///
    /// # Errors
    ///
    /// If the server does not answer.
    pub fn jobs_run_for(&self, milliseconds: u64) -> Outcome<()> {
        let script = json!({ "endpoint": ENDPOINT, "script": { "run_ms": milliseconds } });
        self.post("/__mock/scripts", &script).map(drop)
    }

    /// Sends JSON and reads JSON.
    ///
    /// # Errors
    ///
    /// If the server does not answer, or not with success.
    pub fn post(&self, path: &str, body: &Value) -> Outcome<Value> {
        let request = self
            .http
            .post(format!("{}{path}", self.base(false)))
            .header("authorization", format!("Key {KEY}"))
            .header("content-type", "application/json")
            .body(body.to_string());
        self.send(request)
    }

    /// How many requests came to fal's routes, and how many jobs there were, so far.
    ///
    /// # Errors
    ///
    /// If the server does not answer.
    pub fn counters(&self) -> Outcome<(u64, u64)> {
        let request = self
            .http
            .get(format!("{}/__mock/counters", self.base(false)));
        let counters = self.send(request)?;
        let routes = counters["routes"].as_object().cloned().unwrap_or_default();
        let own = |route: &str| route == "control" || route == "connection";
        let counts = routes.iter().filter(|(route, _)| !own(route));
        let requests = counts.filter_map(|(_, count)| count.as_u64()).sum();
        Ok((requests, counters["jobs_created"].as_u64().unwrap_or(0)))
    }

    fn send(&self, request: reqwest::RequestBuilder) -> Outcome<Value> {
        let text = self.runtime.block_on(async {
            let reply = request.send().await?.error_for_status()?;
            reply.text().await
        });
        let text = text.map_err(|error| Error::from(format!("fal-mock: {error}")))?;
        Ok(serde_json::from_str(&text).unwrap_or_default())
    }

    /// Ends the server, and returns its figures.
    pub fn end(mut self) -> Figures {
        match self.served.end() {
            Value::Object(figures) => figures,
            _ => Figures::new(),
        }
    }
}
