//! What holds of the source itself: who may import whom, sizes, and what is not written at all. `modules` has the arrows
//! between the modules of a crate.

mod modules;
mod reader;
mod streams;

use std::fs;
use std::path::{Path, PathBuf};

use reader::Source;

/// The longest hand-written module, in lines.
const LONGEST_MODULE: usize = 400;
/// The largest generated file, in bytes.
const LARGEST_GENERATED: usize = 64 * 1024;
/// The registry takes 300 features.
const MOST_FEATURES: usize = 250;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every Rust file below a folder of the repository, with its text, sorted.
fn rust(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![repository().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in
            fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        {
            let path = entry.expect("an entry").path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let below = path
                    .strip_prefix(repository())
                    .expect("a file of the repository");
                let text = fs::read_to_string(&path).expect("readable text");
                found.push((below.to_string_lossy().replace('\\', "/"), text));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no Rust below {folder}");
    found
}

fn is_generated(path: &str) -> bool {
    path.starts_with("sdk/src/endpoints") || path.contains("/expected/")
}

/// Asserts that no file below `folder` names a path that `forbidden` knows, in an import or in full.
fn never(folder: &str, but: impl Fn(&str) -> bool, forbidden: &[&str]) {
    for (path, text) in rust(folder).iter().filter(|(path, _)| !but(path)) {
        for named in Source::read(text).named {
            let named = named.path.join("::");
            let bad = forbidden
                .iter()
                .find(|bad| named == **bad || named.starts_with(&format!("{bad}::")));
            assert!(
                bad.is_none(),
                "{path} names {named}: see the arrows in ARCHITECTURE.md"
            );
        }
    }
}

#[test]
fn fal_mock_knows_nothing_of_fal_sdk() {
    never("tests/mock/src", |_| false, &["fal_sdk", "fal_codegen"]);
    let manifest =
        fs::read_to_string(repository().join("tests/mock/Cargo.toml")).expect("the manifest");
    assert!(!manifest.contains("fal-sdk") && !manifest.contains("fal-codegen"));
}

#[test]
fn the_intermediate_representation_knows_neither_tokens_nor_documents() {
    for below_documents in [
        "codegen/src/ir",
        "codegen/src/constraint",
        "codegen/src/json",
    ] {
        never(
            below_documents,
            |_| false,
            &[
                "quote",
                "proc_macro2",
                "syn",
                "crate::source",
                "crate::normalize",
                "crate::lower",
                "crate::emit",
            ],
        );
    }
}

#[test]
fn the_emitter_never_sees_a_document() {
    never(
        "codegen/src/emit",
        |_| false,
        &[
            "crate::source",
            "crate::normalize",
            "crate::lower",
            "std::fs",
        ],
    );
}

#[test]
fn documents_know_nothing_of_rust() {
    for stage in ["codegen/src/source", "codegen/src/normalize"] {
        never(
            stage,
            |_| false,
            &[
                "crate::ir",
                "crate::emit",
                "crate::name",
                "crate::lower",
                "quote",
                "proc_macro2",
                "syn",
            ],
        );
    }
}

#[test]
fn the_generator_reads_nothing_that_it_is_not_given() {
    // What a `build.rs` calls reads a folder and writes a file; the pipeline does neither.
    let build = |path: &str| path.starts_with("codegen/src/build");
    never(
        "codegen/src",
        build,
        &[
            "std::fs",
            "std::net",
            "std::env",
            "std::time",
            "std::process",
            "reqwest",
        ],
    );
}

#[test]
fn the_runtime_never_imports_endpoints() {
    never(
        "sdk/src",
        is_generated,
        &["crate::endpoints", "fal_codegen"],
    );
}

#[test]
fn xtask_never_depends_on_the_sdk() {
    never("xtask/src", |_| false, &["fal_sdk"]);
    let calls = |path: &str| {
        ["codegen/cli/src/run", "codegen/cli/src/mcp"]
            .iter()
            .any(|start| path.starts_with(start))
    };
    never("codegen/cli/src", calls, &["fal_sdk"]);
    let manifest = |folder: &str| {
        fs::read_to_string(repository().join(folder).join("Cargo.toml")).expect("the manifest")
    };
    let names_it = |line: &&str| line.starts_with("fal-sdk");
    assert_eq!(
        manifest("xtask").lines().find(names_it),
        None,
        "broken generated code must not stop `generate`"
    );
    let cli = manifest("codegen/cli");
    let line = cli.lines().find(names_it).expect("the dependency");
    assert!(line.contains("optional = true"), "{line}");
    let root = manifest(".");
    let line = root.lines().find(|line| line.starts_with("cargo-fal"));
    let line = line.expect("the dependency");
    assert!(line.contains("default-features = false"), "{line}");
}

/// Cargo refuses every command of a workspace in which a dependency asks for a feature that is gone, and with it the command
/// that would bring the feature back.
#[test]
fn no_dependency_asks_for_a_group_of_endpoints() {
    let read = |path: &str| fs::read_to_string(repository().join(path)).expect("the manifest");
    let between = |text: &str, start: &str, end: &str| {
        let rest = text.split(start).nth(1).unwrap_or_default();
        rest.split(end).next().unwrap_or_default().to_owned()
    };
    let region = between(&read("sdk/Cargo.toml"), "# <endpoints>", "# </endpoints>");
    let lines = region.lines().filter_map(|line| line.split_once(" = "));
    let groups: Vec<String> = lines
        .map(|(name, _)| format!("\"{}\"", name.trim_matches('"')))
        .collect();
    assert!(!groups.is_empty(), "{region}");
    for member in between(&read("Cargo.toml"), "members = [", "]").split(',') {
        let member = member.trim().trim_matches('"');
        let text = read(&format!("{member}/Cargo.toml"));
        let mut lines = text.lines().filter(|line| line.starts_with("fal-sdk"));
        let asking = lines.find(|line| groups.iter().any(|group| line.contains(group)));
        assert_eq!(
            asking, None,
            "{member}: put it behind a feature of the crate"
        );
    }
}

#[test]
fn generated_code_imports_the_endpoint_contract_alone() {
    let contract = [
        "endpoint",
        "file",
        "file_like",
        "wire",
        "object",
        "open_enum",
        "union",
    ];
    for (path, text) in rust("sdk/src/endpoints")
        .into_iter()
        .chain(rust("tests/fixtures"))
    {
        for import in Source::read(&text).imports() {
            let own = ["self::", "super::", "std::"]
                .iter()
                .any(|start| import.starts_with(start));
            let runtime = import
                .strip_prefix("crate::")
                .or_else(|| import.strip_prefix("fal_sdk::"));
            let first = runtime.and_then(|import| import.split("::").next());
            assert!(
                own || first.is_some_and(|first| contract.contains(&first)),
                "{path} imports {import}"
            );
        }
    }
}

#[test]
fn hand_written_modules_are_short() {
    for folder in ["codegen", "sdk", "xtask", "tests"] {
        for (path, text) in rust(folder).iter().filter(|(path, _)| !is_generated(path)) {
            let lines = text.lines().count();
            assert!(
                lines <= LONGEST_MODULE,
                "{path} has {lines} lines: the limit is {LONGEST_MODULE}; split it by subject"
            );
            assert!(
                !path.ends_with("/mod.rs") && !path.ends_with("utils.rs"),
                "{path}: name it for what it does"
            );
        }
    }
}

#[test]
fn generated_files_are_small_and_marked() {
    for (path, text) in rust("sdk/src/endpoints")
        .into_iter()
        .chain(rust("tests/fixtures"))
    {
        assert!(
            text.len() <= LARGEST_GENERATED,
            "{path} has {} bytes",
            text.len()
        );
        assert!(
            text.starts_with("// @generated by "),
            "{path} does not say so"
        );
    }
}

#[test]
fn the_features_fit_the_registry() {
    let manifest = fs::read_to_string(repository().join("sdk/Cargo.toml")).expect("the manifest");
    let section = manifest.split("[features]").nth(1).unwrap_or_default();
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    let features = lines
        .filter(|line| line.contains('=') && !line.starts_with('#'))
        .count();
    assert!(
        (1..=MOST_FEATURES).contains(&features),
        "{features} features"
    );
}

#[test]
fn published_crates_neither_stub_nor_panic() {
    let forbidden = [
        "todo!",
        "unimplemented!",
        ".unwrap",
        ".expect",
        "panic!",
        "dbg!",
        "unreachable!",
    ];
    for folder in [
        "codegen/src",
        "codegen/cli/src",
        "sdk/src",
        "sdk/postgres/src",
        "tests/mock/src",
    ] {
        for (path, text) in rust(folder) {
            let is_a_test = ["conformance.rs", "mutation.rs"]
                .iter()
                .any(|name| path.ends_with(name))
                || path.contains("/tests/")
                || path.ends_with("tests.rs");
            let calls = Source::read(&text).calls;
            let found = calls.iter().find(|call| forbidden.contains(&call.as_str()));
            assert!(is_a_test || found.is_none(), "{path} has {found:?}");
        }
    }
}
