//! `cargo xtask bench`: fal-sdk beside its peers, interleaved on one machine, against fal-mock.
//!
//! Whatever is measured is a process of its own and tells its own figures: `tests/bench` for Rust, `tests/interop` for the
//! official clients. Here they are built, called in turn, and put side by side.

mod caller;
mod chart;
mod machine;
mod page;
mod report;
mod sections;
mod server;
mod tools;

use crate::workspace::repository;
use cargo_fal::{Error, Outcome, output::print, runtime};
use report::Report;
use std::{fs, path::PathBuf};

/// Benchmark fal-sdk against its peers, and write docs/benchmarks.md, .json and .svg.
///
/// It needs no key. Peers are installed or built on demand, below `target` and `tests/interop`; those that are not
/// available are reported and left out.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Take a few minutes instead of a quarter of an hour: fewer calls and rounds
    #[arg(long)]
    quick: bool,
    /// Run only these sections, and write no files
    #[arg(long, value_name = "SECTION", value_delimiter = ',', value_parser = sections::NAMES)]
    only: Vec<String>,
    /// The folder for the files [default: the repository's `docs`]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Measures, prints the table and writes the files.
///
/// # Errors
///
/// If our own part cannot be built or fails, or a file cannot be written. A peer that fails is told in the table.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let tools = tools::Tools::prepare()?;
    let runtime = runtime()?;
    let mut report = Report::new(machine::describe(), args.quick, tools.missing.clone());
    let setting = sections::Setting {
        tools: &tools,
        runtime: &runtime,
        quick: args.quick,
    };
    let wanted = |name: &str| args.only.is_empty() || args.only.iter().any(|one| one == name);
    for (name, measure) in sections::ALL.iter().filter(|(name, _)| wanted(name)) {
        eprintln!("measuring: {name}");
        for section in measure(&setting)? {
            print(&format!("\n{}", section.text()))?;
            report.sections.push(section);
        }
    }
    print(&report.closing())?;
    if args.only.is_empty() {
        write(
            &report,
            &args
                .out
                .clone()
                .unwrap_or_else(|| repository().join("docs")),
        )?;
    }
    Ok(Outcome::Good)
}

fn write(report: &Report, folder: &std::path::Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|error| Error::file("create", folder, &error))?;
    let json = serde_json::to_string_pretty(report)
        .map_err(|error| Error::new(format!("the report as JSON: {error}")))?;
    let files = [
        ("benchmarks.json", json + "\n"),
        ("benchmarks.svg", chart::draw(report)),
        ("benchmarks.md", page::write(report)),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| Error::file("write", &path, &error))?;
        eprintln!("wrote {}", path.display());
    }
    Ok(())
}
