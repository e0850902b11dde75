//! What the repository says of itself: the paths and links in it exist, the
//! README's table is held by tests, and the crate's page is the README's.

mod comparison;
mod operations;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Everything that is written for people and names files.
const DOCUMENTS: [&str; 11] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "codegen/README.md",
    "codegen/cli/README.md",
    "sdk/README.md",
    "sdk/postgres/README.md",
    "sdk/proxy/README.md",
    "schemas/README.md",
    "tests/mock/README.md",
];

/// Where paths begin.
const FOLDERS: [&str; 8] = [
    ".cargo", ".ci", ".github", "codegen", "docs", "sdk", "tests", "xtask",
];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Whether a path exists; one `*` stands for anything within a name.
fn exists(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    let Some((start, end)) = name.as_deref().and_then(|name| name.split_once('*')) else {
        return path.exists();
    };
    let entries = path.parent().and_then(|folder| fs::read_dir(folder).ok());
    entries.into_iter().flatten().flatten().any(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.starts_with(start) && name.ends_with(end)
    })
}

/// What stands between backticks in a line.
fn code(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// The paths that a document names, each with the folders that it may be meant in: the repository, and those of the
/// paths before it in its line.
fn paths(text: &str) -> Vec<(String, Vec<PathBuf>)> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut folders = vec![repository()];
        for token in code(line) {
            let plain = |letter: char| letter.is_ascii_alphanumeric() || "_.-/*".contains(letter);
            let first = token.split('/').next().unwrap_or_default();
            let is_path = FOLDERS.contains(&first) && token.contains('/')
                || ["*", ".rs", ".md", ".toml"]
                    .iter()
                    .any(|end| token.ends_with(end));
            if !is_path || !token.chars().all(plain) || token == "build.rs" {
                continue;
            }
            found.push((token.to_owned(), folders.clone()));
            if let Some((folder, _)) = token.rsplit_once('/') {
                folders.push(repository().join(folder));
            }
        }
    }
    found
}

#[test]
fn paths_are_read_as_they_are_written() {
    let text = "| `sdk/src/http*`, `queue.rs` | `a/b`, `owner/model.json`, `README.md` |\n`x.rs`";
    let found = paths(text);
    let tokens: Vec<&str> = found.iter().map(|(token, _)| token.as_str()).collect();
    assert_eq!(tokens, ["sdk/src/http*", "queue.rs", "README.md", "x.rs"]);
    assert_eq!(
        found[1].1,
        [repository(), repository().join("sdk/src")],
        "a name alone is meant beside the path before it"
    );
    assert!(!exists(&repository().join("sdk/src/nothing*")));
}

#[test]
fn the_paths_that_are_named_exist() {
    for (document, at_least) in [
        ("ARCHITECTURE.md", 20),
        ("CONTRIBUTING.md", 8),
        ("SECURITY.md", 8),
        ("README.md", 1),
    ] {
        let named = paths(&read(document));
        assert!(named.len() >= at_least, "{document}: {named:?}");
        for (path, folders) in named {
            let there = folders.iter().any(|folder| exists(&folder.join(&path)));
            assert!(there, "{document} names `{path}`, which is not there");
        }
    }
}

/// A module that nobody placed is a module that nobody finds.
#[test]
fn the_code_map_is_whole() {
    let named = paths(&read("ARCHITECTURE.md"));
    let folders = [
        "codegen/src",
        "sdk/src",
        "sdk/src/contract",
        "sdk/src/transport",
        "sdk/src/services",
        "sdk/src/calls",
        "sdk/src/entry_points",
        "tests",
    ];
    for folder in folders {
        for entry in fs::read_dir(repository().join(folder)).expect(folder) {
            let file = entry.expect("an entry").path();
            let name = file.file_name().expect("a name").to_string_lossy();
            let (stem, _) = name.split_once('.').unwrap_or((&name, ""));
            let is_named = named.iter().any(|(token, folders)| {
                let bases = folders.iter().map(|base| base.join(token));
                let mut bases = bases.chain([repository().join(token)]);
                bases.any(|path| path_covers(&path, &repository().join(folder).join(stem)))
            });
            assert!(
                is_named || ["Cargo.toml", "lib.rs"].contains(&&*name),
                "ARCHITECTURE.md does not say what {folder}/{name} is"
            );
        }
    }
}

/// "Where a change goes" counts what it names, and every path of it is there.
#[test]
fn changes_go_where_the_table_says() {
    let text = read("ARCHITECTURE.md");
    let table = text
        .split("## Where a change goes")
        .nth(1)
        .and_then(|rest| rest.split("\n## ").next())
        .expect("the section");
    let mut rows = 0;
    for line in table.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let Ok(count) = cells[2].parse::<usize>() else {
            continue;
        };
        let named: Vec<&str> = code(cells[3]).collect();
        assert_eq!(named.len(), count, "{line}");
        for path in named {
            assert!(repository().join(path).is_file(), "{path} is not there");
        }
        rows += 1;
    }
    assert!(rows >= 5, "{rows} rows");
}

/// Whether a path of the map means a module, or something in it.
fn path_covers(path: &Path, module: &Path) -> bool {
    let path = path.to_string_lossy();
    let path = path.trim_end_matches('*').trim_end_matches(".rs");
    Path::new(path).starts_with(module)
}

#[test]
fn links_lead_somewhere() {
    for document in DOCUMENTS {
        let text = read(document);
        let folder = repository().join(document);
        let folder = folder.parent().expect("a folder");
        for link in text.split("](").skip(1) {
            let (target, _) = link.split_once(')').expect(document);
            if target.starts_with("https://") {
                continue;
            }
            let inside = document != "sdk/README.md" && document != "tests/mock/README.md";
            assert!(
                inside && folder.join(target).exists(),
                "{document} links to {target}, which is not there (or not on the registry's page)"
            );
        }
    }
}

/// The block of Rust that is a whole program.
fn program(document: &str) -> String {
    let text = read(document);
    let (_, rest) = text.split_once("```rust,no_run\n").expect(document);
    rest.split_once("```").expect(document).0.to_owned()
}

/// `programs` builds and runs the README's.
#[test]
fn the_crates_page_shows_the_readmes_program() {
    assert_eq!(program("sdk/README.md"), program("README.md"));
}

#[test]
fn the_runtimes_features_are_in_both_tables() {
    let manifest = read("sdk/Cargo.toml");
    let (_, features) = manifest.split_once("[features]").expect("features");
    let (features, _) = features.split_once("# <endpoints>").expect("the region");
    let names = features.lines().filter_map(|line| line.split_once(" = "));
    let names: Vec<&str> = names.map(|(name, _)| name).collect();
    assert!(names.len() > 3, "{names:?}");
    for name in names.iter().filter(|name| **name != "default") {
        for document in ["README.md", "sdk/README.md"] {
            let row = format!("| `{name}` |");
            assert!(read(document).contains(&row), "{document} lacks {row}");
        }
    }
}

/// What the registry would get: sources, the page, the licences, and nothing that only tests read.
#[test]
fn packages_hold_what_users_build() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    for package in [
        "fal-batch-postgres",
        "fal-codegen",
        "fal-mock",
        "fal-proxy",
        "fal-sdk",
    ] {
        let output = Command::new(&cargo)
            .args(["package", "--list", "--offline", "--allow-dirty"])
            .args(["--package", package])
            .current_dir(repository())
            .output()
            .expect("cargo");
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{package}: {words}");
        let list = String::from_utf8(output.stdout).expect("text");
        for needed in ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "src/lib.rs"] {
            assert!(list.lines().any(|file| file == needed), "{package}: {list}");
        }
        let media = list.lines().filter(|file| file.starts_with("media/"));
        assert_eq!(media.count(), if package == "fal-mock" { 5 } else { 0 });
        let odd = list.lines().find(|file| {
            let folder = file.split('/').next().filter(|_| file.contains('/'));
            !matches!(
                folder,
                None | Some("src" | "examples" | "media" | "migrations")
            )
        });
        assert_eq!(odd, None, "{package}");
    }
}
