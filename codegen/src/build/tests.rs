//! Tests of the lines that are printed for cargo, and of the file that is written.

use super::Build;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const DOCUMENT: &str = r#"{
    "info": {"x-fal-metadata": {"endpointId": "studio/lamp"}},
    "paths": {"/studio/lamp": {"post": {"requestBody": {"content": {"application/json": {
        "schema": {"type": "object", "properties": {"watts": {"type": "integer"}}, "required": ["watts"]}
    }}}}}}
}"#;

/// A folder with documents in `schemas`, by their names there, and an `out`.
fn folder(documents: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("out")).expect("a folder");
    for (name, text) in documents {
        let path = folder.path().join("schemas").join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn build(folder: &Path) -> Build {
    Build::new(folder.join("schemas"))
}

fn directives(build: &Build, folder: &Path) -> Vec<String> {
    build.directives(Some(&folder.join("out")))
}

fn written(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join("out").join(name)).expect("the file")
}

#[test]
fn every_document_below_the_folder_is_written_to_one_file() {
    let other = DOCUMENT.replace("lamp", "sun");
    let folder = folder(&[
        ("studio/lamp.json", DOCUMENT),
        ("studio/deep/sun.json", &other),
        ("catalog.lock.json", "{}"),
        ("README.md", "# Where they come from"),
        (".hidden.json", "{"),
    ]);
    let folder = folder.path();
    let said = directives(&build(folder), folder);
    let expected = format!("rerun-if-changed={}", folder.join("schemas").display());
    assert_eq!(said, [expected]);
    let text = written(folder, "endpoints.rs");
    assert!(text.contains("pub mod endpoints {"), "{text}");
    for name in ["pub struct LampInput", "pub struct SunInput", "::fal_sdk::"] {
        assert!(text.contains(name), "{name}: {text}");
    }
    syn::parse_file(&text).expect("Rust");
}

#[test]
fn the_module_and_its_visibility_are_as_asked_for() {
    let folder = folder(&[("lamp.json", DOCUMENT)]);
    let folder = folder.path();
    let build = build(folder).module("models").visibility("pub(crate)");
    assert_eq!(directives(&build, folder).len(), 1);
    assert!(written(folder, "models.rs").starts_with("pub(crate) mod models {"));
    for (wrong, build) in [
        ("`no-name`", build.clone().module("no-name")),
        ("`../x`", build.clone().module("../x")),
        ("`pub mod`", build.visibility("pub mod")),
    ] {
        let said = directives(&build, folder);
        assert!(
            said[1].starts_with("error=") && said[1].contains(wrong),
            "{said:?}"
        );
    }
}

#[test]
fn a_folder_that_is_missing_or_empty_is_an_error_with_its_name() {
    for documents in [&[][..], &[("README.md", "")]] {
        let folder = folder(documents);
        let said = directives(&build(folder.path()), folder.path());
        assert!(
            said[1].starts_with("error=")
                && said[1].contains("schemas`")
                && said[1].contains("cargo fal add"),
            "{said:?}"
        );
        assert!(!folder.path().join("out/endpoints.rs").exists());
    }
    let said = Build::new("schemas").directives(None);
    assert!(said[1].contains("OUT_DIR"), "{said:?}");
}

#[test]
fn errors_name_file_pointer_and_cure_and_the_other_documents_are_written() {
    let dangling = DOCUMENT.replace("lamp", "sun").replace(
        r#"{"type": "integer"}"#,
        r##"{"$ref": "#/components/schemas/No"}"##,
    );
    let folder = folder(&[
        ("lamp.json", DOCUMENT),
        ("sun.json", &dangling),
        ("torn.json", &DOCUMENT[..60]),
    ]);
    let folder = folder.path();
    let said = directives(&build(folder), folder);
    let find = |kind: &str, file: &str| {
        let found = said
            .iter()
            .find(|said| said.starts_with(kind) && said.contains(file));
        found.unwrap_or_else(|| panic!("{kind}{file}: {said:?}"))
    };
    let torn = find("error=", "schemas/torn.json");
    assert!(torn.contains("help: ") && !torn.contains('\n'), "{torn}");
    let warning = find("warning=", "schemas/sun.json");
    assert!(
        warning.contains("#/") && warning.contains("help: "),
        "{warning}"
    );
    assert!(written(folder, "endpoints.rs").contains("pub struct LampInput"));
    let strict = directives(&build(folder).strict(true), folder);
    assert!(
        strict.iter().all(|said| !said.starts_with("warning=")),
        "{strict:?}"
    );
}

#[test]
fn a_default_that_breaks_its_own_schema_is_no_loss() {
    let bad = DOCUMENT.replace(
        r#"{"type": "integer"}"#,
        r#"{"type": "integer", "default": "x"}"#,
    );
    let folder = folder(&[("lamp.json", &bad)]);
    let folder = folder.path();
    let said = directives(&build(folder).strict(true), folder);
    assert!(
        said.iter().all(|said| !said.starts_with("error=")),
        "{said:?}"
    );
}
