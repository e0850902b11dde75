//! Parses the command line and hands it to the command.

use crate::{
    Error, Outcome, bench, demo, diff, fetch, generate, mock, output::print, page, sync, verify,
};
use clap::{CommandFactory as _, Parser, Subcommand};
use std::{ffi::OsString, process::ExitCode};

/// The maintainer's commands. Exit codes: 0 good, 1 found something, 2 bad usage or bad input.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Bench(bench::Args),
    Demo(demo::Args),
    Diff(diff::Args),
    Fetch(Box<fetch::Args>),
    Generate(generate::Args),
    Mock(mock::Args),
    Page(page::Args),
    Sync(Box<sync::Args>),
    Verify(verify::Args),
}

/// The program: parses `arguments` (the first is its own name), runs the command and prints what went wrong.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return u8::try_from(error.exit_code()).map_or(ExitCode::from(2), ExitCode::from);
        }
    };
    match dispatch(cli.command) {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn dispatch(command: Option<Command>) -> Result<Outcome, Error> {
    match command {
        None => print_map(),
        Some(Command::Bench(args)) => bench::command(&args),
        Some(Command::Demo(args)) => demo::command(&args),
        Some(Command::Diff(args)) => diff::command(&args),
        Some(Command::Fetch(args)) => fetch::command(&args),
        Some(Command::Generate(args)) => generate::command(&args),
        Some(Command::Mock(args)) => mock::command(&args),
        Some(Command::Page(args)) => page::command(&args),
        Some(Command::Sync(args)) => sync::command(&args),
        Some(Command::Verify(args)) => verify::command(&args),
    }
}

/// `cargo xtask` alone: which commands there are.
fn print_map() -> Result<Outcome, Error> {
    print(&Cli::command().render_help().to_string())?;
    Ok(Outcome::Good)
}
