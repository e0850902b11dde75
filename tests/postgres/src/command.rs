//! The programs of PostgreSQL, and those of the system, that are run.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The user and the group that the server runs as if this is root.
const USER: &str = "nobody";
const GROUP: &str = "nogroup";

/// Runs a command to its end, and returns what it prints.
///
/// # Errors
/// When it cannot be run, or fails.
pub(crate) fn run(command: &mut Command) -> io::Result<Vec<u8>> {
    let output = command.output();
    let program = Path::new(command.get_program()).display();
    // Not as the kind that says that PostgreSQL is not installed.
    let output = output.map_err(|error| io::Error::other(format!("{program}: {error}")))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("{program}: {}", words.trim())))
}

/// A command under a user without rights, if this is root. The process is the command's own.
pub(crate) fn as_user(program: impl AsRef<Path>) -> Command {
    let id = run(Command::new("id").arg("-u")).unwrap_or_default();
    if id.trim_ascii() != b"0" {
        return Command::new(program.as_ref());
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid", USER, "--regid", GROUP, "--clear-groups"])
        .arg(program.as_ref());
    command
}

/// The folder with `initdb` and `postgres`: on the path, or where Debian keeps them.
pub(crate) fn binaries() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path);
    let of_debian = std::fs::read_dir("/usr/lib/postgresql");
    let of_debian = of_debian.into_iter().flatten();
    let of_debian = of_debian.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    let mut folders = on_path.chain(of_debian);
    folders.find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

/// What a process has computed, in its own code and in the system's, with the children that it
/// has outlived if they are asked for.
pub(crate) fn cpu_seconds(pid: &str, with_children: bool) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let (_, words) = stat.rsplit_once(')').unwrap_or_default();
    let count = if with_children { 4 } else { 2 };
    let ticks = words.split_whitespace().skip(11).take(count);
    let ticks: f64 = ticks.filter_map(|word| word.parse::<f64>().ok()).sum();
    // Hundredths of a second on every usual Linux.
    ticks / 100.0
}
