//! `diff` on the command line: folders and revisions, three formats, exit codes.

use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;

const ID: &str = "acme/model/run";

fn document(id: &str, property: Value) -> Value {
    json!({
        "openapi": "3.0.4",
        "info": {"title": id, "x-fal-metadata": {"endpointId": id, "category": "text-to-image"}},
        "paths": {format!("/{id}"): {"post": {"requestBody": {"content": {"application/json": {"schema":
            {"type": "object", "properties": {"x": property}}}}}}}},
    })
}

fn integer(most: u64) -> Value {
    json!({"type": "integer", "maximum": most})
}

fn write(root: &Path, id: &str, text: &str) {
    let path = root.join(format!("{id}.json"));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Two folders of documents.
struct Pair {
    folder: TempDir,
}

impl Pair {
    fn new(old: &[Value], new: &[Value]) -> Self {
        let pair = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        for (side, documents) in [("old", old), ("new", new)] {
            for document in documents {
                let id = document["info"]["title"].as_str().unwrap();
                write(&pair.side(side), id, &document.to_string());
            }
        }
        pair
    }

    fn side(&self, side: &str) -> PathBuf {
        self.folder.path().join(side)
    }

    fn diff(&self, more: &[&str]) -> Output {
        let (old, new) = (self.side("old"), self.side("new"));
        let mut arguments = vec![old.to_str().unwrap(), new.to_str().unwrap()];
        arguments.extend(more);
        diff(&arguments)
    }
}

fn diff(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("diff").args(arguments).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn tightened() -> Pair {
    Pair::new(&[document(ID, integer(241))], &[document(ID, integer(161))])
}

#[test]
fn a_change_reads_well() {
    let output = tightened().diff(&[]);
    let expected = "\
acme/model/run
  ! input: bound tightened (Rust documentation, wire breaking): the API is unchanged; the server, and so `validate`, now refuses values that were accepted
      /x: maximum 241 → maximum 161

1 endpoint compared: 1 changed; 0 removed, 0 added
changes (Rust / wire): breaking 0 / 1, additive 0 / 0, documentation 1 / 0
semver: patch (the Rust API stays as it is): the release after ";
    assert!(out(&output).starts_with(expected), "{}", out(&output));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn breaking_changes_can_be_denied() {
    assert_eq!(
        tightened().diff(&["--deny-breaking"]).status.code(),
        Some(1)
    );
    let widened = Pair::new(&[document(ID, integer(161))], &[document(ID, integer(241))]);
    assert_eq!(widened.diff(&["--deny-breaking"]).status.code(), Some(0));
}

#[test]
fn equal_folders_need_no_release() {
    let same = Pair::new(&[document(ID, integer(1))], &[document(ID, integer(1))]);
    let output = same.diff(&["--deny-breaking"]);
    assert!(
        out(&output).ends_with("no change in meaning: no release needed\n"),
        "{}",
        out(&output)
    );
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn the_json_holds_everything() {
    let report: Value =
        serde_json::from_slice(&tightened().diff(&["--format", "json"]).stdout).unwrap();
    let change = &report["changes"][0];
    for (key, value) in [
        ("endpoint", ID),
        ("direction", "input"),
        ("path", "/x"),
        (
            "pointer",
            "/paths/~1acme~1model~1run/post/requestBody/content/application~1json/schema/properties/x",
        ),
        ("kind", "bound-tightened"),
        ("class", "breaking"),
        ("rust", "documentation"),
        ("wire", "breaking"),
        ("before", "maximum 241"),
        ("after", "maximum 161"),
    ] {
        assert_eq!(change[key], value, "{key}");
    }
    assert_eq!(report["summary"]["bump"], "patch");
    assert_eq!(report["unreadable"], json!([]));
}

#[test]
fn markdown_is_safe_from_what_documents_say() {
    let hostile = "a `b` <script> @everyone\n# x";
    let pair = Pair::new(
        &[document(ID, json!({"type": "string", "enum": [hostile]}))],
        &[document(ID, json!({"type": "string", "enum": ["c"]}))],
    );
    let text = out(&pair.diff(&["--format", "markdown"]));
    assert!(text.contains("### Breaking (1)\n\n- `acme/model/run`\n  - input: enum value removed `/x` ``\"a `b` <script> @everyone\\n# x\"``"), "{text}");
    assert!(!text.contains("\n# x"), "{text}");
}

#[test]
fn markdown_fits_into_a_pull_request() {
    let many = |most: u64| {
        (0..700)
            .map(|number| document(&format!("acme/model-{number}/run"), integer(most)))
            .collect::<Vec<_>>()
    };
    let text = out(&Pair::new(&many(1), &many(2)).diff(&["--format", "markdown"]));
    assert!(text.len() < 65_536, "{}", text.len());
    assert!(
        text.ends_with("prints all of it.\n"),
        "{}",
        &text[text.len() - 200..]
    );
    assert_eq!(
        text.matches("<details>").count(),
        text.matches("</details>").count()
    );
}

#[test]
fn endpoints_of_one_side_are_told_or_left_out() {
    let pair = Pair::new(
        &[document("a/b/c", integer(1)), document(ID, integer(1))],
        &[document(ID, integer(1)), document("a/b/d", integer(1))],
    );
    let text = out(&pair.diff(&[]));
    assert!(
        text.contains("removed: 1 endpoint (breaking)")
            && text.contains("  ! a/b/c (text-to-image)"),
        "{text}"
    );
    assert!(
        text.contains("added: 1 endpoint (additive)") && text.contains("  + a/b/d (text-to-image)"),
        "{text}"
    );
    let text = out(&pair.diff(&["--only-common"]));
    assert!(!text.contains("a/b/"), "{text}");
}

#[test]
fn a_document_that_cannot_be_read_is_neither_removed_nor_forgotten() {
    let pair = tightened();
    write(
        &pair.side("old"),
        "a/b/c",
        &document("a/b/c", integer(1)).to_string(),
    );
    write(&pair.side("new"), "a/b/c", "{\"half");
    let output = pair.diff(&[]);
    assert_eq!(output.status.code(), Some(1));
    let text = out(&output);
    assert!(
        text.contains("not compared: error[invalid-json]") && !text.contains("removed: "),
        "{text}"
    );
}

#[test]
fn bad_usage_says_how_to_mend_it() {
    let empty = tempfile::tempdir().unwrap();
    let pair = tightened();
    let old = pair.side("old");
    let (empty, old) = (empty.path().to_str().unwrap(), old.to_str().unwrap());
    for (arguments, what) in [
        (vec![old, "no-such-revision"], "nor a git revision"),
        (vec!["--", "--upload-pack=x", old], "nor a git revision"),
        (vec![old, empty], "there are no documents"),
        (vec![old, old, "--repo", empty, "--format", "yaml"], "yaml"),
        (vec!["HEAD", old, "--repo", empty], "nor a git revision"),
    ] {
        let output = diff(&arguments);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            out(&output)
        );
        assert!(
            err(&output).contains(what),
            "{arguments:?}: {}",
            err(&output)
        );
    }
}

/// A repository with two commits.
fn repository() -> Option<TempDir> {
    let root = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.arg("-C").arg(root.path()).args([
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.com",
        ]);
        command
            .args([
                "-c",
                "init.defaultBranch=main",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(arguments);
        command
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
    };
    if git(&["init"]).is_err() {
        eprintln!("skipped: there is no git");
        return None;
    }
    for (most, message) in [(241, "first"), (161, "second")] {
        write(
            &root.path().join("schemas/openapi"),
            ID,
            &document(ID, integer(most)).to_string(),
        );
        for arguments in [
            vec!["add", "-A"],
            vec!["commit", "-m", message],
            vec!["tag", message],
        ] {
            let output = git(&arguments).unwrap();
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }
    Some(root)
}

#[test]
fn revisions_are_compared_with_each_other_and_with_the_tree() {
    let Some(root) = repository() else {
        return;
    };
    let repo = root.path().to_str().unwrap();
    let text = out(&diff(&["first", "second", "--repo", repo]));
    assert!(text.contains("maximum 241 → maximum 161"), "{text}");
    let text = out(&diff(&["HEAD~1", "--repo", repo]));
    assert!(
        text.contains("maximum 241 → maximum 161"),
        "the tree by default: {text}"
    );
    write(
        &root.path().join("schemas/openapi"),
        ID,
        &document(ID, integer(999)).to_string(),
    );
    let text = out(&diff(&["HEAD", repo, "--repo", repo]));
    assert!(text.contains("maximum 161 → maximum 999"), "{text}");
}

#[test]
fn real_documents_read_well() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let (old, new) = (corpus.join("earlier"), corpus.join("current"));
    if !old.is_dir() || !new.is_dir() {
        eprintln!("skipped: there is no corpus of real documents beside the repository");
        return;
    }
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    let output = diff(&[old, new]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let text = out(&output);
    assert!(
        text.lines().count() < 3000,
        "{} lines",
        text.lines().count()
    );
    assert!(
        text.contains("466 endpoints compared: "),
        "{}",
        &text[text.len() - 300..]
    );
    let markdown = out(&diff(&[old, new, "--format", "markdown"]));
    assert!(markdown.len() < 65_536, "{}", markdown.len());
}
