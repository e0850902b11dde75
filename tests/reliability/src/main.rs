//! `cargo xtask reliability` starts this: it runs the fault table or a soak, and writes
//! the page. `fal-reliability batch JSON` is the process that a soak kills.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use fal_reliability::report::{Machine, Report, Suite};
use fal_reliability::setup::Transport;
use fal_reliability::soak::{self, Settings};
use fal_reliability::{peers, suite};

type Error = Box<dyn std::error::Error>;

/// Run the fault table, and write docs/reliability.md and .json.
///
/// The options are those of `cargo xtask reliability`, which starts this program.
#[derive(Debug, Parser)]
#[command(name = "fal-reliability")]
struct Args {
    /// Run the table, compare it with the page, and write nothing
    #[arg(long, conflicts_with = "soak")]
    check: bool,
    /// Run a soak of this many minutes in place of the table
    #[arg(long, value_name = "MINUTES")]
    soak: Option<u64>,
    /// The seed of the soak's random choices [default: a new one, which is printed]
    #[arg(long, value_name = "N", requires = "soak")]
    seed: Option<u64>,
    /// The folder for the files [default: the repository's `docs`]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let result = match arguments.get(1).map(String::as_str) {
        Some("batch") => runtime.block_on(batch(arguments.get(2))),
        _ => runtime.block_on(command(Args::parse())),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

async fn batch(task: Option<&String>) -> Result<bool, Error> {
    let task = task.ok_or("`batch` needs a task")?;
    println!("{}", soak::worker::run(task).await?);
    Ok(true)
}

/// Does what was asked for; false if something needs attention.
async fn command(args: Args) -> Result<bool, Error> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let folder = args.out.unwrap_or(docs);
    if let Some(minutes) = args.soak {
        let soak = run_soak(minutes, args.seed).await?;
        // Another run may have written it meanwhile.
        let mut report = Report::read(&folder)?;
        let is_good = soak.duplicated == 0 && soak.lost == 0 && soak.wrong.is_empty();
        soak.wrong.iter().for_each(|line| println!("{line}"));
        println!("{} duplicated, {} lost", soak.duplicated, soak.lost);
        report.soak = Some(soak);
        report.write(&folder)?;
        return Ok(is_good);
    }
    let Some(suite) = run_suite().await else {
        return Ok(false);
    };
    let mut report = Report::read(&folder)?;
    if args.check {
        let written = report.suite.ok_or("there is no page yet")?;
        let differences = written.differences(&suite);
        differences.iter().for_each(|line| println!("{line}"));
        if !differences.is_empty() {
            println!("the page differs: `cargo xtask reliability` writes it anew");
        }
        return Ok(differences.is_empty());
    }
    report.suite = Some(suite);
    let peers = peers::run().await;
    // What cannot be run here stays as it was written where it could.
    if !peers.clients.is_empty() || report.peers.is_none() {
        report.peers = Some(peers);
    }
    report.write(&folder)?;
    println!("wrote {}", folder.join("reliability.md").display());
    Ok(true)
}

/// Runs the table over each transport in turn. Nothing is returned if a row shows
/// something else than what is expected of it.
async fn run_suite() -> Option<Suite> {
    let machine = Machine::describe();
    let mut lines = Vec::new();
    for transport in Transport::ALL {
        eprintln!("running: the fault table over {}", transport.name());
        lines.extend(suite::run(transport).await);
    }
    let differences: Vec<String> = lines.iter().flat_map(suite::Line::differences).collect();
    differences.iter().for_each(|line| println!("{line}"));
    println!("{} rows, {} unexpected", lines.len(), differences.len());
    differences.is_empty().then(|| Suite::of(machine, &lines))
}

async fn run_soak(minutes: u64, seed: Option<u64>) -> Result<soak::Soak, Error> {
    let seed = seed.unwrap_or_else(|| fastrand::u64(..1_000_000));
    eprintln!("running: a soak of {minutes} minutes with the seed {seed}");
    Ok(soak::run(Settings {
        seed,
        time: Duration::from_secs(60 * minutes),
        callers: 6,
        program: std::env::current_exe()?,
    })
    .await)
}
