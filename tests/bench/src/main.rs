//! The benchmarks: `fal-bench` alone measures, `fal-bench ROLE JSON` is measured.
//!
//! `cargo xtask bench` starts it. Every role is a process of its own, so that processor
//! time and memory are its own alone; it prints one line of JSON with its figures. The
//! runner starts the roles and the peers in turn and compares what they print.

mod roles;
mod runner;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::Value;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// What the roles end with: the line to print, or what went wrong.
type Outcome<T = Value> = Result<T, Error>;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let role = arguments.next().unwrap_or_default();
    let result = match roles::NAMES.contains(&role.as_str()) {
        true => roles::run(&role, &arguments.next().unwrap_or("{}".to_owned())),
        false => runner::main(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Prints a result. A closed pipe (`| head`) is the reader's choice.
fn print(text: &str) -> Outcome<()> {
    let mut stdout = io::stdout().lock();
    let printed = stdout.write_all(text.as_bytes());
    match printed.and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("cannot print: {error}").into())
        }
        _ => Ok(()),
    }
}

/// A file or folder that could not be read or written.
fn file_error(verb: &str, path: &Path, error: &io::Error) -> Error {
    format!("cannot {verb} {}: {error}", path.display()).into()
}

/// The root of the repository.
fn repository() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package
        .join("../..")
        .canonicalize()
        .unwrap_or_else(|_| package.join("../.."))
}
