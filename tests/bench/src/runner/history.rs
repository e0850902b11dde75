//! `docs/instructions.csv`: counts of instructions over the versions, so that a regression is seen.

use super::{report::Report, sections::instructions::EACH};
use crate::{Outcome, file_error, repository};
use std::{fs, io, path::Path, process::Command};

const HEAD: &str = "date,commit,what,instructions";

/// Adds the counts of a report, in place of those of the same commit.
pub fn keep(report: &Report, folder: &Path) -> Outcome<()> {
    let path = folder.join("instructions.csv");
    let old = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(file_error("read", &path, &error)),
    };
    let rows = report.sections.iter().flat_map(|section| &section.rows);
    let counts: Vec<(&str, f64)> = rows
        .filter_map(|row| Some((row.caller.as_str(), row.median(EACH.key)?)))
        .collect();
    if counts.is_empty() {
        return Ok(());
    }
    fs::write(&path, with(&old, &version()?, &counts))
        .map_err(|error| file_error("write", &path, &error))
}

/// The table with the counts of a version, which is a date and a commit.
fn with(old: &str, version: &str, counts: &[(&str, f64)]) -> String {
    let is_kept = |line: &&str| *line != HEAD && !line.starts_with(&format!("{version},"));
    let kept = old.lines().filter(is_kept).map(str::to_owned);
    let added = counts
        .iter()
        .map(|(what, count)| format!("{version},\"{what}\",{count:.0}"));
    let lines = [HEAD.to_owned()].into_iter().chain(kept).chain(added);
    lines.map(|line| line + "\n").collect()
}

/// The date of the commit and its short name.
fn version() -> Outcome<String> {
    let output = Command::new("git")
        .args(["log", "-1", "--format=%cs,%h"])
        .current_dir(repository())
        .output()?;
    if !output.status.success() {
        return Err("git does not tell the commit that was measured".into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::{HEAD, with};

    #[test]
    fn a_version_stands_once_and_others_stay() {
        let first = with(
            "",
            "2026-01-01,aaa",
            &[("a run, once", 10.4), ("a document", 7.0)],
        );
        assert_eq!(
            first,
            format!("{HEAD}\n2026-01-01,aaa,\"a run, once\",10\n2026-01-01,aaa,\"a document\",7\n")
        );
        let second = with(&first, "2026-01-02,bbb", &[("a document", 6.0)]);
        assert_eq!(second, format!("{first}2026-01-02,bbb,\"a document\",6\n"));
        let again = with(&second, "2026-01-02,bbb", &[("a document", 5.0)]);
        assert_eq!(again, format!("{first}2026-01-02,bbb,\"a document\",5\n"));
    }
}
