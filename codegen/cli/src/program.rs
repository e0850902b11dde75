//! Runs a program: parses its arguments, runs its command, and returns the exit code.

use crate::{Error, Outcome, output::print};
use clap::Parser;
use std::{ffi::OsString, process::ExitCode};

/// Parses `arguments`, of which the first is the program's name, runs the command, and prints its error. The exit code is 2 for bad
/// usage and errors.
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

/// Prints the list of commands, which is what a program without arguments does.
///
/// # Errors
///
/// If standard output cannot be written.
pub fn print_help<Cli: Parser>() -> Result<Outcome, Error> {
    print(&Cli::command().render_help().to_string())?;
    Ok(Outcome::Good)
}
