//! How a program begins and ends: its arguments are parsed, its command is run, and its exit code says how that went.

use crate::{Error, Outcome, output::print};
use clap::Parser;
use std::{ffi::OsString, process::ExitCode};

/// Parses `arguments`, of which the first is the program's own name, runs the command, and prints what went wrong. Bad usage and
/// errors end with 2.
pub fn run<Cli: Parser>(
    arguments: impl IntoIterator<Item = OsString>,
    command: impl FnOnce(Cli) -> Result<Outcome, Error>,
) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return u8::try_from(error.exit_code()).map_or(ExitCode::from(2), ExitCode::from);
        }
    };
    match command(cli) {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// Prints the list of commands: what a program without arguments does.
///
/// # Errors
///
/// If standard output cannot be written.
pub fn print_help<Cli: Parser>() -> Result<Outcome, Error> {
    print(&Cli::command().render_help().to_string())?;
    Ok(Outcome::Good)
}
