//! Programs as users have them, in processes of their own: the README's, in a
//! crate outside the workspace, and the examples. Cargo builds them, without a
//! network, and a local server plays fal.

mod documentation;
mod examples;
mod mistakes;
mod newcomer;
mod road;

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use fal_mock::{MockServer, MockServerBuilder};
use serde_json::Value;
use tokio::process::Command;

/// Nothing here takes as long; what does hangs.
const AGES: Duration = Duration::from_secs(180);

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A server of the documents that the repository holds.
fn mock() -> MockServerBuilder {
    MockServer::builder().documents(repository().join("schemas/openapi"))
}

/// Builds with cargo in a folder, and returns the programs by their names.
async fn build(folder: &Path, arguments: &[&str], environment: &[(&str, &Path)]) -> Programs {
    let (output, events) = cargo_build(folder, arguments, environment).await;
    let words = String::from_utf8_lossy(&output.stderr);
    let said = messages(&events);
    assert!(output.status.success(), "cargo build failed: {words}{said}");
    let programs = events.iter().filter_map(|event| {
        let path = event["executable"].as_str()?;
        Some((event["target"]["name"].as_str()?.to_owned(), path.into()))
    });
    Programs(programs.collect())
}

/// Runs `cargo build` in a folder, and returns what it reports.
async fn cargo_build(
    folder: &Path,
    arguments: &[&str],
    environment: &[(&str, &Path)],
) -> (Output, Vec<Value>) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .arg("build")
        .args(["--offline", "--quiet", "--message-format=json"])
        .args(arguments)
        .current_dir(folder)
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .await
        .expect("cargo");
    let events = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    (output, events)
}

/// What the compiler says.
fn messages(events: &[Value]) -> String {
    let said = events.iter();
    said.filter_map(|event| event["message"]["rendered"].as_str())
        .collect()
}

struct Programs(Vec<(String, PathBuf)>);

impl Programs {
    /// A program in the environment of a user of the server.
    fn command(&self, name: &str, server: &MockServer) -> Command {
        let known = self.0.iter().find(|(known, _)| known == name);
        let (_, program) = known.unwrap_or_else(|| panic!("{name} was not built"));
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("FAL_") {
                command.env_remove(name);
            }
        }
        command
            .env("FAL_BASE_URL", server.url())
            .env("FAL_KEY", "id:secret")
            // A proxy of the machine has no business with the loopback address.
            .env("NO_PROXY", "127.0.0.1")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Runs a program to its end.
    async fn run(&self, name: &str, arguments: &[&str], server: &MockServer) -> Output {
        let mut command = self.command(name, server);
        tokio::time::timeout(AGES, command.args(arguments).output())
            .await
            .unwrap_or_else(|_| panic!("{name} is still running"))
            .expect("a program that starts")
    }

    /// What a program prints that ends well.
    async fn prints(&self, name: &str, arguments: &[&str], server: &MockServer) -> String {
        let output = self.run(name, arguments, server).await;
        let printed = String::from_utf8(output.stdout).expect("text");
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{name}: {}, {printed}{complaints}",
            output.status
        );
        printed
    }
}

/// Asserts that the lines come in this order, whatever lies between them.
fn assert_in_order(printed: &str, expected: &[&str]) {
    let mut rest = printed;
    for line in expected {
        let at = rest
            .find(line)
            .unwrap_or_else(|| panic!("{line:?} is not there, or not in its place: {printed}"));
        rest = &rest[at + line.len()..];
    }
}
