//! Unpacks the documents of a git revision, with the program `git`.

use crate::Error;
use std::{
    ffi::OsStr,
    fs,
    io::{BufReader, Write as _},
    path::{Component, Path, PathBuf},
    process::{Command, Stdio},
};
use tempfile::TempDir;

/// The folder of the revision that is unpacked.
const FOLDER: &str = "schemas";

/// Writes the `schemas` of a revision to a folder of their own.
///
/// # Errors
///
/// If git is not installed, or the revision does not exist or has no documents.
pub(super) fn unpack(revision: &str, repo: &Path) -> Result<TempDir, Error> {
    let commit = commit(revision, repo)?;
    let files = files(&commit, repo)?;
    if files.is_empty() {
        return Err(
            Error::new(format!("the revision {revision} has no `{FOLDER}`"))
                .help("give a revision that has documents"),
        );
    }
    let folder = tempfile::tempdir()
        .map_err(|error| Error::file("make a folder in", &std::env::temp_dir(), &error))?;
    write_all(&files, repo, folder.path())?;
    Ok(folder)
}

fn git(repo: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(repo)
        .args(arguments)
        .stdin(Stdio::null());
    command
}

fn output(command: &mut Command) -> Result<std::process::Output, Error> {
    command.output().map_err(|error| {
        Error::new(format!("cannot run git: {error}")).help("install git, or give folders")
    })
}

fn commit(revision: &str, repo: &Path) -> Result<String, Error> {
    let unknown = || {
        Error::new(format!(
            "`{revision}` is neither a folder nor a git revision"
        ))
        .help("give a folder of documents, or a branch, tag or commit of the repository")
    };
    // Git would read such a name as an option.
    if revision.starts_with('-') {
        return Err(unknown());
    }
    let named = format!("{revision}^{{commit}}");
    let found = output(&mut git(
        repo,
        &[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &named,
        ],
    ))?;
    match found.status.success() {
        true => Ok(String::from_utf8_lossy(&found.stdout).trim().to_owned()),
        false => Err(unknown()),
    }
}

/// The object and the path of every document, of the lock file and of the ledger.
fn files(commit: &str, repo: &Path) -> Result<Vec<(String, PathBuf)>, Error> {
    let listed = output(&mut git(
        repo,
        &["ls-tree", "-r", "-z", "--full-tree", commit, "--", FOLDER],
    ))?;
    if !listed.status.success() {
        let said = String::from_utf8_lossy(&listed.stderr).trim().to_owned();
        return Err(Error::new(format!("git ls-tree {commit}: {said}"))
            .help("run `git status` to see what is wrong with this repository"));
    }
    let text = String::from_utf8_lossy(&listed.stdout);
    Ok(text.split('\0').filter_map(file).collect())
}

/// Reads a line such as `100644 blob <object>\t<path>`; links and submodules are skipped.
fn file(line: &str) -> Option<(String, PathBuf)> {
    let (head, path) = line.split_once('\t')?;
    let mut words = head.split(' ');
    let is_file = words.next()?.starts_with("100") && words.next()? == "blob";
    let object = words.next()?.to_owned();
    let path = PathBuf::from(path);
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    let wanted = path.extension() == Some(OsStr::new("json")) && path.components().all(plain);
    (is_file && wanted).then_some((object, path))
}

fn write_all(files: &[(String, PathBuf)], repo: &Path, folder: &Path) -> Result<(), Error> {
    let failed = |error: std::io::Error| {
        Error::new(format!("git cat-file: {error}")).help("run the command again")
    };
    let mut child = git(repo, &["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let (Some(mut input), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(Error::new("git cat-file has no pipes").help("run the command again"));
    };
    let names: String = files
        .iter()
        .map(|(object, _)| format!("{object}\n"))
        .collect();
    // Names are written in a thread of their own, because git answers at the same time, and both pipes could fill up.
    let asking = std::thread::spawn(move || input.write_all(names.as_bytes()));
    let mut answers = BufReader::new(answers);
    for (_, path) in files {
        let bytes = answer(&mut answers).map_err(failed)?;
        let file = folder.join(path);
        let written = fs::create_dir_all(file.parent().unwrap_or(folder))
            .and_then(|()| fs::write(&file, &bytes));
        written.map_err(|error| Error::file("write", &file, &error))?;
    }
    let _ = asking.join();
    child.wait().map_err(failed)?;
    Ok(())
}

/// Reads an object: `<object> blob <size>`, the bytes, a line feed.
fn answer(answers: &mut impl std::io::BufRead) -> std::io::Result<Vec<u8>> {
    let mut head = String::new();
    answers.read_line(&mut head)?;
    let size = head
        .trim_end()
        .rsplit(' ')
        .next()
        .and_then(|size| size.parse().ok());
    let size: usize =
        size.ok_or_else(|| std::io::Error::other(format!("unexpected answer {head:?}")))?;
    let mut bytes = vec![0; size + 1];
    answers.read_exact(&mut bytes)?;
    bytes.pop();
    Ok(bytes)
}
