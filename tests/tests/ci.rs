//! CI checks what the scripts in `.ci` check, and nothing else: whoever runs them knows what CI will say.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The words between two marks, the first time that they stand in a text.
fn list<'t>(text: &'t str, begin: &str, end: &str, separator: &[char]) -> BTreeSet<&'t str> {
    let (_, rest) = text.split_once(begin).expect(begin);
    let (list, _) = rest.split_once(end).expect(end);
    let words = list.split(separator).map(str::trim);
    words.filter(|word| !word.is_empty()).collect()
}

#[test]
fn the_workflow_runs_the_scripts_and_nothing_else() {
    let workflow = read(".github/workflows/ci.yml");
    let mut commands = workflow
        .lines()
        .filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("run:"))
        .map(str::trim)
        // The shell of `defaults`.
        .filter(|command| !command.is_empty())
        .filter(|command| !command.starts_with("rustup toolchain install stable "))
        .collect::<Vec<_>>();
    commands.sort_unstable();
    let expected = [
        ".ci/run",
        ".ci/tools ${{ matrix.check }}",
        ".ci/tools install ${{ matrix.check }}",
    ];
    assert_eq!(commands, expected);
}

#[test]
fn the_workflow_runs_every_check_of_the_tools() {
    let (workflow, script) = (read(".github/workflows/ci.yml"), read(".ci/tools"));
    let run = list(&workflow, "check: [", "]", &[',']);
    let known = list(&script, "\nall=(", ")", &[' ']);
    let defined: BTreeSet<&str> = script
        .lines()
        .filter_map(|line| line.strip_prefix("check_")?.split("()").next())
        .collect();
    assert_eq!(run, known);
    assert_eq!(defined, known);
    assert!(known.len() > 5, "{known:?}");
}

/// `.ci/run` names every feature of the runtime in the manifest.
#[test]
fn the_check_tries_every_feature_of_the_runtime() {
    let (manifest, script) = (read("sdk/Cargo.toml"), read(".ci/run"));
    let (_, features) = manifest.split_once("[features]\n").expect("features");
    let (features, _) = features.split_once("# <endpoints>").expect("the region");
    let names = features.lines().filter_map(|line| line.split_once(" = "));
    let is_of_a_name = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    let words: BTreeSet<&str> = script.split(|letter| !is_of_a_name(letter)).collect();
    for (name, _) in names.filter(|(name, _)| *name != "default") {
        assert!(words.contains(name), "{name}");
    }
}

#[test]
fn the_scripts_are_shell_scripts_that_can_be_started() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for script in [".ci/run", ".ci/tools"] {
        let checked = Command::new("bash")
            .arg("-n")
            .arg(script)
            .current_dir(&repository)
            .status();
        assert!(checked.expect("bash").success(), "{script}");
    }
    let unknown = Command::new(repository.join(".ci/tools"))
        .arg("nonsense")
        .output();
    let unknown = unknown.expect(".ci/tools");
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("there is no check nonsense"));
}
