//! The programs that measure: built or installed where they are not yet.

use super::caller::Caller;
use crate::{Outcome, repository};
use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The callers of this repository, for which there are goals: plain, and over TLS.
pub const OURS: [&str; 2] = ["fal-sdk", "fal-sdk, TLS"];

/// What they are compared with.
pub const BARE: [&str; 2] = ["bare reqwest", "bare reqwest, TLS"];

/// The programs that are available, and a line for each that is not.
pub struct Tools {
    /// This program: the server, and the callers that are written in Rust.
    pub bench: PathBuf,
    pub python: Option<PathBuf>,
    pub javascript: Option<PathBuf>,
    /// The crate `fal`.
    pub fal: Option<PathBuf>,
    /// Other generators.
    pub generators: Option<PathBuf>,
    pub curl: bool,
    /// Whether valgrind is installed, which counts instructions.
    pub valgrind: bool,
    pub missing: Vec<String>,
}

impl Tools {
    /// Builds and installs the peers; one that is not available is reported in `missing`.
    ///
    /// # Errors
    ///
    /// If this program does not know where it is itself.
    pub fn prepare() -> Outcome<Self> {
        eprintln!("building the peers (minutes, the first time)");
        let mut missing = Vec::new();
        let mut peer = |folder: &str, program: &str, name: &str| {
            let manifest = format!("tests/bench/peers/{folder}/Cargo.toml");
            let built = build(&manifest, program);
            built
                .map_err(|why| missing.push(format!("{name} is left out: {why}")))
                .ok()
        };
        let fal = peer("fal", "fal-peer", "the crate fal 0.3.6");
        let generators = peer("generators", "generator-peers", "progenitor and typify");
        let clients = repository().join("tests/interop");
        install(&clients, &mut missing);
        let valgrind = runs("valgrind");
        if !valgrind {
            missing.push("instructions are not counted: valgrind is not installed".to_owned());
        }
        Ok(Self {
            bench: env::current_exe()?,
            fal,
            generators,
            python: there(
                &clients.join(".env/installed"),
                &clients.join(".env/bin/python"),
            ),
            javascript: there(&clients.join("node_modules/installed"), Path::new("node")),
            valgrind,
            curl: runs("curl"),
            missing,
        })
    }

    /// A role of our own program.
    pub fn role(&self, name: &str, role: &str, secure: bool) -> Caller {
        Caller::new(name, &self.bench, role, secure)
    }

    /// The SDK, plain and over TLS.
    pub fn sdk(&self) -> [Caller; 2] {
        OURS.map(|name| self.role(name, "sdk", name.ends_with("TLS")))
    }

    /// Bare reqwest and the SDK, each with the caller that it is compared with, plain and over TLS.
    pub fn own(&self) -> [(Caller, Option<&'static str>); 4] {
        let [plain, secure] = self.sdk();
        let [bare, bare_secure] = BARE.map(|name| self.role(name, "bare", name.ends_with("TLS")));
        [
            (bare, None),
            (plain, Some(BARE[0])),
            (bare_secure, None),
            (secure, Some(BARE[1])),
        ]
    }

    /// The official clients, over TLS, as far as they are available.
    pub fn official(&self) -> Vec<Caller> {
        let clients = repository().join("tests/interop");
        let python = self.python.iter().map(|program| {
            let script = clients.join("bench.py");
            Caller::new("Python fal-client, TLS", program, "task", true).script(&script)
        });
        let javascript = self.javascript.iter().map(|program| {
            let script = clients.join("bench.mjs");
            Caller::new("JavaScript @fal-ai/client, TLS", program, "task", true).script(&script)
        });
        python.chain(javascript).collect()
    }

    /// The crate `fal`, led to the server by a proxy.
    pub fn fal_crate(&self, tunnel: &str) -> Option<Caller> {
        let program = self.fal.as_deref()?;
        let caller = Caller::new("crate fal 0.3.6, TLS", program, "task", true);
        Some(caller.env("HTTPS_PROXY", &format!("http://{tunnel}")))
    }
}

/// Builds a peer and returns its path, or the reason why there is none.
fn build(manifest: &str, program: &str) -> Result<PathBuf, String> {
    let target = repository().join("target/peers");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let output = Command::new(cargo)
        .args(["build", "--quiet", "--release", "--locked"])
        .args(["--manifest-path", manifest])
        .arg("--target-dir")
        .arg(&target)
        .current_dir(repository())
        .output()
        .map_err(|error| format!("cargo cannot be run: {error}"))?;
    if output.status.success() {
        let name = format!("{program}{}", env::consts::EXE_SUFFIX);
        return Ok(target.join("release").join(name));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let first = said.lines().find(|line| line.contains("error"));
    Err(format!(
        "cargo build ended with {}",
        first.unwrap_or("an error")
    ))
}

/// The official clients; the script tells what it cannot install.
fn install(clients: &Path, missing: &mut Vec<String>) {
    let output = Command::new(clients.join("run")).arg("install").output();
    match output {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout);
            let skipped = said.lines().filter_map(|line| line.strip_prefix("skip "));
            missing.extend(skipped.map(|why| format!("left out: {why}")));
        }
        Err(error) => missing.push(format!("the official clients are left out: {error}")),
    }
}

fn there(mark: &Path, program: &Path) -> Option<PathBuf> {
    mark.exists().then(|| program.to_owned())
}

fn runs(program: &str) -> bool {
    let mut command = Command::new(program);
    command
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
