//! The machine that the figures were measured on.

use std::{env, fs, process::Command, thread};

/// A line for each thing that the figures depend on.
pub fn describe() -> Vec<String> {
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let mut lines = vec![format!(
        "{} {}, {cores} cores{}",
        env::consts::OS,
        env::consts::ARCH,
        processor().map_or(String::new(), |name| format!(", {name}"))
    )];
    if let Some(load) = load() {
        lines.push(format!("load average when it began: {load}"));
    }
    for (program, argument) in [
        ("rustc", "--version"),
        ("python3", "--version"),
        ("node", "--version"),
    ] {
        if let Some(version) = version(program, argument) {
            let named = version
                .to_lowercase()
                .starts_with(program.trim_end_matches('3'));
            lines.push(match named {
                true => version,
                false => format!("{program} {version}"),
            });
        }
    }
    lines
}

fn processor() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// How many processes wanted to run, over one, five and fifteen minutes.
fn load() -> Option<String> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    Some(text.split(' ').take(3).collect::<Vec<_>>().join(", "))
}

fn version(program: &str, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (!text.is_empty()).then(|| text.trim().to_owned())
}
