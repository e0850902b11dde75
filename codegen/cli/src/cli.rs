//! Parses the command line and hands it to the command.

use crate::{
    Error, Outcome,
    commands::{add, mock, page, price, search, update},
    program,
};
use clap::{Parser, Subcommand};
use std::{ffi::OsString, process::ExitCode};

/// Add models of fal to a Rust crate, and call them from the terminal.
#[derive(Debug, Parser)]
#[command(
    name = "cargo fal",
    bin_name = "cargo fal",
    version,
    disable_help_subcommand = true,
    after_help = "\
The commands collect no usage data. They send requests to fal's servers only to do what you ask for.

Exit codes: 0 success, 1 something needs attention, 2 bad usage or bad input.

Examples:
  cargo fal search depth video    find a model
  cargo fal add fal-ai/flux/dev   add it to the crate: document, dependencies, build script
  cargo fal update                fetch the documents again, and report what changed
  cargo fal COMMAND --help        show the options and examples of a command"
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(Box<add::Args>),
    #[cfg(feature = "mcp")]
    Mcp(Box<crate::mcp::Args>),
    Mock(mock::Args),
    Page(Box<page::Args>),
    Price(Box<price::Args>),
    #[cfg(feature = "run")]
    #[command(disable_help_flag = true)]
    Run(Box<crate::run::Args>),
    Search(Box<search::Args>),
    Update(Box<update::Args>),
}

/// Runs the program: parses `arguments`, runs the command and prints its error. The first argument is the program's name;
/// cargo passes `fal` as the second.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    if arguments.get(1).is_some_and(|second| second == "fal") {
        arguments.remove(1);
    }
    program::run(arguments, |cli: Cli| dispatch(cli.command))
}

fn dispatch(command: Option<Command>) -> Result<Outcome, Error> {
    match command {
        None => program::print_help::<Cli>(),
        Some(Command::Add(args)) => add::command(&args),
        #[cfg(feature = "mcp")]
        Some(Command::Mcp(args)) => crate::mcp::command(&args),
        Some(Command::Mock(args)) => mock::command(&args),
        Some(Command::Page(args)) => page::command(&args),
        Some(Command::Price(args)) => price::command(&args),
        #[cfg(feature = "run")]
        Some(Command::Run(args)) => crate::run::command(&args),
        Some(Command::Search(args)) => search::command(&args),
        Some(Command::Update(args)) => update::command(&args),
    }
}

#[cfg(test)]
mod tests {
    use super::{Cli, Parser as _};
    use clap::CommandFactory as _;
    use std::{fs, path::Path};

    /// The width at which help is wrapped, where the terminal is not narrower.
    const WIDTH: usize = 100;

    /// The command lines in a text, split as a shell would split them, without comments and redirections.
    fn command_lines(text: &str) -> Vec<Vec<String>> {
        let lines = text.lines().map(str::trim_start);
        let lines = lines.filter(|line| line.starts_with("cargo fal"));
        let words = lines.map(|line| {
            let end = line.find("  ").unwrap_or(line.len());
            let end = line.find(['#', '>', '|']).map_or(end, |at| at.min(end));
            let plain = line[..end].replace('"', "").replace(" lighthouse", "");
            plain
                .split_whitespace()
                .skip(1)
                .map(str::to_owned)
                .collect()
        });
        words.collect()
    }

    fn assert_parsed(text: &str, place: &str) {
        for line in command_lines(text) {
            // `COMMAND` is a placeholder.
            if line.contains(&"COMMAND".to_owned()) || line.contains(&"--help".to_owned()) {
                continue;
            }
            let parsed = Cli::try_parse_from(&line);
            assert!(parsed.is_ok(), "{place}: {line:?}: {parsed:?}");
        }
    }

    #[test]
    fn every_command_has_examples_that_it_takes() {
        let cli = Cli::command();
        for command in cli.get_subcommands().chain([&cli]) {
            let name = command.get_name();
            let help = command.get_after_help().map(ToString::to_string);
            let help = help.unwrap_or_default();
            let (_, examples) = help.split_once("Examples:\n").expect(name);
            assert!(!command_lines(examples).is_empty(), "{name}: {help}");
            let long = examples.lines().find(|line| line.len() > WIDTH);
            assert_eq!(long, None, "{name}: terminals would wrap this");
            assert_parsed(examples, name);
        }
    }

    #[test]
    fn the_commands_in_the_documentation_are_taken() {
        for file in ["README.md", "../../README.md"] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
            let text = fs::read_to_string(&path).expect(file);
            assert!(!command_lines(&text).is_empty(), "{file}");
            assert_parsed(&text, file);
        }
    }
}
