//! Parses the command line and hands it to the command.

use crate::{
    bench,
    child::{Child, Profile},
    demo, diff, fetch, generate, mock, page, release, reliability, sync, verify, workspace,
};
use cargo_fal::{Error, Outcome, program};
use clap::{Parser, Subcommand};
use std::{ffi::OsString, process::ExitCode};

/// The commands of the maintainer of fal-sdk.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_help_subcommand = true,
    after_help = "\
Exit codes: 0 success, 1 something needs attention, 2 bad usage or bad input.

Examples:
  cargo xtask demo             show everything at work, without a key and a network
  cargo xtask sync --all       update documents, code, changelog and version
  cargo xtask COMMAND --help   show the options and examples of a command"
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(after_help = "\
Examples:
  cargo xtask bench                            measure everything, write the files in docs
  cargo xtask bench --quick                    fewer calls and rounds
  cargo xtask bench --quick --only runs,many   two sections, printed only")]
    Bench(bench::Args),
    Demo(demo::Args),
    Diff(diff::Args),
    Fetch(Box<fetch::Args>),
    Generate(generate::Args),
    Mock(mock::Args),
    Page(page::Args),
    Release(release::Args),
    #[command(after_help = "\
Examples:
  cargo xtask reliability                      run the fault table, write the files in docs
  cargo xtask reliability --check              compare another run with the page
  cargo xtask reliability --soak 20            run random faults and kills for twenty minutes
  cargo xtask reliability --soak 1 --seed 7    repeat the random choices of an earlier run")]
    Reliability(reliability::Args),
    Sync(Box<sync::Args>),
    Verify(verify::Args),
}

/// Runs the program: parses `arguments`, of which the first is the program's name, runs the command and prints its error.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    program::run(arguments.clone(), |cli: Cli| {
        workspace::find()?;
        let needs_tls = cli.command.as_ref().map_or(Ok(false), Command::needs_tls)?;
        match needs_tls && !cargo_fal::HAS_TLS {
            true => WITH_TLS.run(&arguments[1..]),
            false => dispatch(cli.command, &arguments),
        }
    })
}

/// This program with TLS. It is built only when a command needs it, because TLS takes long to compile.
const WITH_TLS: Child = Child {
    package: "xtask",
    program: "xtask-tls",
    features: &["tls"],
    profile: Profile::Dev,
};

impl Command {
    /// Whether the command sends requests to an https URL, or serves https.
    fn needs_tls(&self) -> Result<bool, Error> {
        match self {
            Self::Fetch(args) => args.remote.servers.need_tls(),
            Self::Sync(args) => args.remote.servers.need_tls(),
            Self::Mock(args) => Ok(args.server.needs_tls()),
            _ => Ok(false),
        }
    }
}

/// Runs a command. Programs that are built on demand get the options as they were given.
fn dispatch(command: Option<Command>, arguments: &[OsString]) -> Result<Outcome, Error> {
    match command {
        None => program::print_help::<Cli>(),
        Some(Command::Bench(_)) => bench::PROGRAM.run(&arguments[2..]),
        Some(Command::Demo(args)) => demo::command(&args),
        Some(Command::Diff(args)) => diff::command(&args),
        Some(Command::Fetch(args)) => fetch::command(&args),
        Some(Command::Generate(args)) => generate::command(&args),
        Some(Command::Mock(args)) => mock::command(&args),
        Some(Command::Page(args)) => page::command(&args),
        Some(Command::Release(args)) => release::command(&args),
        Some(Command::Reliability(_)) => reliability::PROGRAM.run(&arguments[2..]),
        Some(Command::Sync(args)) => sync::command(&args),
        Some(Command::Verify(_)) => verify::PROGRAM.run(&arguments[2..]),
    }
}

#[cfg(test)]
mod tests {
    use super::{Cli, Parser as _};
    use clap::CommandFactory as _;
    use std::fs;

    /// The width at which help is wrapped, where the terminal is not narrower.
    const WIDTH: usize = 100;

    /// The command lines in a text, split as a shell would split them, without comments and redirections.
    fn command_lines(text: &str) -> Vec<Vec<&str>> {
        let lines = text.lines().map(str::trim_start);
        let lines = lines.filter(|line| line.starts_with("cargo xtask"));
        let words = lines.map(|line| {
            let end = line.find("  ").unwrap_or(line.len());
            let end = line.find(['#', '>', '|']).map_or(end, |at| at.min(end));
            line[..end].split_whitespace().skip(1).collect()
        });
        words.collect()
    }

    fn assert_parsed(text: &str, place: &str) {
        for line in command_lines(text) {
            // `COMMAND` is a placeholder.
            if line.contains(&"COMMAND") {
                continue;
            }
            let parsed = Cli::try_parse_from(&line);
            assert!(parsed.is_ok(), "{place}: {line:?}: {parsed:?}");
        }
    }

    #[test]
    fn every_command_has_examples_that_it_takes() {
        let cli = Cli::command();
        let commands = cli.get_subcommands();
        for command in commands.chain([&cli]) {
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
        for file in [
            "README.md",
            "CONTRIBUTING.md",
            "codegen/README.md",
            ".ci/run",
        ] {
            let path = crate::workspace::repository().join(file);
            let text = fs::read_to_string(&path).expect(file);
            let text = text
                .replace("test_step cargo", "cargo")
                .replace("step cargo", "cargo");
            assert!(
                file == "codegen/README.md" || !command_lines(&text).is_empty(),
                "{file}"
            );
            assert_parsed(&text, file);
        }
    }
}
