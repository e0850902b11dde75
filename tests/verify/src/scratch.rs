//! The crate that generated code is compiled in.
//!
//! It is in the target folder and has a workspace of its own with the project's lock
//! file, so that cargo needs no network. Its dependencies are built once for all
//! such crates.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::documented_call::with_call;
use fal_codegen::{EndpointEntry, Outcome, Plan};
use serde::Serialize;
use serde_json::Value;
use xtask::workspace::repository;

/// The program that answers for the generated types.
const HARNESS: &str = include_str!("../harness/main.rs");

/// A scratch crate.
#[derive(Debug)]
pub struct Scratch {
    workspace: PathBuf,
    folder: PathBuf,
    build: PathBuf,
    name: String,
}

/// A warning or an error of the compiler, of clippy or of rustdoc.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// The generated file, relative to the folder of `endpoints.rs`; empty if the message is about no file in particular.
    pub file: String,
    /// The first line of the message.
    pub title: String,
    /// The message as the compiler prints it.
    pub text: String,
    /// Whether the message keeps the crate from being compiled.
    #[serde(rename = "error")]
    pub is_error: bool,
}

impl Scratch {
    /// The scratch crate called `key`: crates that are in use at the same time need
    /// different ones.
    pub fn new(key: &str) -> Self {
        let workspace = repository();
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| workspace.join("target"), |target| workspace.join(target))
            .join("verify");
        let name = format!("verify-{key}");
        Self {
            folder: target.join(&name),
            build: target.join("build"),
            workspace,
            name,
        }
    }

    /// The folder of the crate.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes the crate; files that stay the same are not touched.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self, plan: &Plan, generated: &Outcome) -> io::Result<()> {
        let sources = self.folder.join("src");
        let manifest = self.manifest(&generated.features);
        let entries = self.entries(&generated.endpoints);
        let own = [
            (self.folder.join("Cargo.toml"), manifest),
            (sources.join("lib.rs"), LIBRARY.to_owned()),
            (sources.join("main.rs"), HARNESS.to_owned()),
            (sources.join("entries.rs"), entries),
        ];
        let planned = plan.files();
        let planned = planned.map(|(path, text)| (sources.join(path), with_call(text)));
        let mut files = BTreeSet::new();
        for (path, text) in own.into_iter().chain(planned) {
            write_changed(&path, &text)?;
            files.insert(path);
        }
        remove_others(&sources, &files)?;
        self.copy_lock_file()
    }

    /// Cargo removes what it does not need from the lock file, so a copy is kept beside
    /// it to see whether the project's own has changed.
    fn copy_lock_file(&self) -> io::Result<()> {
        let copy = self.folder.join("workspace.lock");
        let own = self.folder.join("Cargo.lock");
        let lock = std::fs::read_to_string(self.workspace.join("Cargo.lock"))?;
        let is_known = std::fs::read_to_string(&copy).is_ok_and(|known| known == lock);
        if !is_known || !own.is_file() {
            std::fs::write(own, &lock)?;
            std::fs::write(copy, lock)?;
        }
        Ok(())
    }

    fn manifest(&self, features: &BTreeSet<String>) -> String {
        let features = features.iter().fold(String::new(), |mut text, feature| {
            let _ = writeln!(text, "{feature:?} = []");
            text
        });
        let sdk = self.workspace.join("sdk");
        format!(
            r#"[package]
name = "{name}"
version = "0.0.0"
edition = "2024"
publish = false
autobins = false

[[bin]]
name = "{name}"
path = "src/main.rs"

[dependencies]
fal-sdk = {{ path = {sdk:?}, default-features = false, features = ["schemars"] }}
serde = {{ version = "1", default-features = false }}
# A float must come out as it went in.
serde_json = {{ version = "1", features = ["float_roundtrip"] }}

[features]
schemars = []
{features}
[profile.dev]
debug = false

[workspace]
"#,
            name = self.name,
        )
    }

    fn entries(&self, entries: &[EndpointEntry]) -> String {
        let krate = self.name.replace('-', "_");
        let mut text = String::from("use crate::Entry;\n\npub const ENTRIES: &[Entry] = &[\n");
        for entry in entries {
            let path = |name: &str| format!("{krate}::endpoints::{}::{name}", entry.module);
            let line = match (&entry.input, &entry.output) {
                (Some(input), _) => format!("crate::typed::<{}>()", path(input)),
                (None, output) => {
                    let output = output
                        .as_deref()
                        .map_or("serde_json::Value".to_owned(), path);
                    format!("crate::untyped::<{output}>({:?})", entry.id)
                }
            };
            let _ = writeln!(text, "    {line},");
        }
        text.push_str("];\n");
        text
    }

    /// The messages of the compiler, clippy and rustdoc about the crate.
    ///
    /// # Errors
    /// When cargo cannot be run.
    pub fn lint(&self) -> io::Result<Vec<Message>> {
        let mut messages = self.cargo("clippy", &["--lib"])?.messages;
        if !messages.iter().any(|message| message.is_error) {
            messages.extend(self.cargo("doc", &["--lib", "--no-deps"])?.messages);
        }
        Ok(messages)
    }

    /// Builds the program.
    ///
    /// # Errors
    /// When cargo cannot be run. A crate that does not compile is not an error here: the
    /// messages say so.
    pub fn build(&self) -> io::Result<Result<PathBuf, Vec<Message>>> {
        let run = self.cargo("build", &["--bins"])?;
        Ok(match run.executable {
            Some(program) if run.success => Ok(program),
            _ => Err(run.messages),
        })
    }

    fn cargo(&self, command: &str, arguments: &[&str]) -> io::Result<Run> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .arg(command)
            .args([
                "--offline",
                "--quiet",
                "--all-features",
                "--message-format=json",
            ])
            .args(arguments)
            .current_dir(&self.folder)
            // Intermediate files are shared; the results are this crate's own, so that
            // the documentation of two crates is not merged.
            .env("CARGO_BUILD_BUILD_DIR", &self.build)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .stdin(Stdio::null())
            .output()?;
        let mut run = Run::read(&String::from_utf8_lossy(&output.stdout), &self.name);
        run.success = output.status.success();
        if !run.success && !run.messages.iter().any(|message| message.is_error) {
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            run.messages.push(Message {
                file: String::new(),
                title: format!("`cargo {command}` failed"),
                text,
                is_error: true,
            });
        }
        Ok(run)
    }
}

const LIBRARY: &str = "\
//! Generated endpoints, compiled to be verified.
#![deny(missing_docs)]

pub mod endpoints;
";

/// The result of a run of cargo.
#[derive(Debug, Default)]
struct Run {
    success: bool,
    executable: Option<PathBuf>,
    messages: Vec<Message>,
}

impl Run {
    fn read(lines: &str, package: &str) -> Self {
        let mut run = Self::default();
        for line in lines.lines() {
            let Ok(event) = serde_json::from_str::<Value>(line) else {
                continue;
            };
            let id = event["package_id"].as_str().unwrap_or_default();
            if !id.contains(package) {
                continue;
            }
            match event["reason"].as_str() {
                Some("compiler-message") => run.messages.extend(message(&event["message"])),
                Some("compiler-artifact") => {
                    let executable = event["executable"].as_str().map(PathBuf::from);
                    run.executable = executable.or(run.executable);
                }
                _ => {}
            }
        }
        run
    }
}

/// A message about generated code; "3 warnings emitted" is not one.
fn message(message: &Value) -> Option<Message> {
    let title = message["message"].as_str()?.to_owned();
    let spans = message["spans"].as_array().into_iter().flatten();
    let main = spans.clone().find(|span| span["is_primary"] == true);
    let span = main.or_else(|| spans.clone().next());
    let is_error = message["level"] == "error";
    if span.is_none() && !is_error {
        return None;
    }
    // A macro's own file is not generated code; the file that calls it is.
    let file = span.map_or("", |span| called_from(span));
    Some(Message {
        file: file.strip_prefix("src/").unwrap_or(file).to_owned(),
        title,
        text: message["rendered"].as_str().unwrap_or_default().to_owned(),
        is_error,
    })
}

fn called_from(mut span: &Value) -> &str {
    while let Some(outer) = span["expansion"].get("span") {
        span = outer;
    }
    span["file_name"].as_str().unwrap_or_default()
}

fn write_changed(path: &Path, text: &str) -> io::Result<()> {
    if std::fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text)
}

/// Removes the files of an earlier run.
fn remove_others(folder: &Path, kept: &BTreeSet<PathBuf>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            remove_others(&path, kept)?;
        } else if !kept.contains(&path) {
            std::fs::remove_file(&path)?;
        }
    }
    Ok(())
}
