//! The runner: fal-sdk beside its peers, interleaved on one machine, against fal-mock.
//!
//! Whatever is measured is a process of its own and prints its own figures: the roles of
//! this program, `tests/interop` for the official clients, `tests/bench/peers` for other
//! crates. Here they are built, called in turn, and put side by side.

mod caller;
mod chart;
mod goal;
mod history;
mod machine;
mod page;
mod report;
mod sections;
mod server;
mod tools;

use crate::{Outcome, file_error, print, repository};
use clap::Parser as _;
use report::Report;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Benchmark fal-sdk against its peers, and write docs/benchmarks.md, .json and .svg.
///
/// The options are those of `cargo xtask bench`, which starts this program.
#[derive(Debug, clap::Parser)]
#[command(name = "fal-bench")]
struct Args {
    /// Take a few minutes instead of a quarter of an hour: fewer calls and rounds
    #[arg(long)]
    quick: bool,
    /// Run only these sections, and write nothing but counts of instructions
    #[arg(long, value_name = "SECTION", value_delimiter = ',', value_parser = sections::names())]
    only: Vec<String>,
    /// The folder for the files [default: the repository's `docs`]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Measures, prints the tables and writes the files. It fails if our own part fails or a
/// file cannot be written; a peer that fails is reported in the table.
pub fn main() -> Outcome<()> {
    let args = Args::parse();
    if cfg!(debug_assertions) {
        return Err(
            "this is a debug build: run `cargo xtask bench`, which measures a release build".into(),
        );
    }
    let tools = tools::Tools::prepare()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let mut report = Report::new(machine::describe(), args.quick, tools.missing.clone());
    let context = sections::Context {
        tools: &tools,
        runtime: &runtime,
        quick: args.quick,
    };
    let wanted = |name: &str| args.only.is_empty() || args.only.iter().any(|one| one == name);
    for (name, measure) in sections::ALL.iter().filter(|(name, _)| wanted(name)) {
        eprintln!("measuring: {name}");
        for section in measure(&context)? {
            print(&format!("\n{}", section.text()))?;
            report.sections.push(section);
        }
    }
    print(&report.closing())?;
    let folder = args.out.unwrap_or_else(|| repository().join("docs"));
    if args.only.is_empty() {
        write(&report, &folder)?;
    }
    history::keep(&report, &folder)
}

fn write(report: &Report, folder: &Path) -> Outcome<()> {
    fs::create_dir_all(folder).map_err(|error| file_error("create", folder, &error))?;
    let chart = chart::draw(&serde_json::to_value(report)?);
    let json = serde_json::to_string_pretty(report)?;
    let files = [
        ("benchmarks.json", json + "\n"),
        ("benchmarks.svg", chart),
        ("benchmarks.md", page::write(report)),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| file_error("write", &path, &error))?;
        eprintln!("wrote {}", path.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{repository, sections};

    #[test]
    fn xtask_knows_the_sections() {
        let starter = repository().join("xtask/src/bench.rs");
        let text = std::fs::read_to_string(starter).unwrap();
        let (_, rest) = text.split_once("const SECTIONS").unwrap();
        let (declared, _) = rest.split_once("];").unwrap();
        let known: Vec<&str> = declared.split('"').skip(1).step_by(2).collect();
        assert_eq!(known, sections::names());
    }

    /// The peers are workspaces of their own, which no check compiles.
    #[test]
    fn peers_find_the_meter() {
        for peer in ["fal", "generators"] {
            let folder = repository()
                .join("tests/bench/peers")
                .join(peer)
                .join("src");
            let text = std::fs::read_to_string(folder.join("main.rs")).unwrap();
            let (_, rest) = text.split_once("#[path = \"").unwrap();
            let path = folder.join(rest.split_once('"').unwrap().0);
            assert!(path.is_file(), "{}", path.display());
        }
    }
}
