//! `cargo xtask generate`: writing, comparing, refusing.

use std::{fs, path::Path, process::Command};

const DOCUMENT: &str = r##"{
  "openapi": "3.0.4",
  "info": { "x-fal-metadata": { "endpointId": "acme/lamp", "category": "text-to-image" } },
  "paths": {
    "/acme/lamp": { "post": { "requestBody": { "content": { "application/json": {
      "schema": { "$ref": "#/components/schemas/LampInput" } } } } } },
    "/acme/lamp/requests/{request_id}": { "get": { "responses": { "200": { "content": {
      "application/json": { "schema": { "$ref": "#/components/schemas/LampOutput" } } } } } } }
  },
  "components": { "schemas": {
    "LampInput": { "type": "object", "required": ["watts"], "properties": {
      "watts": { "type": "integer", "minimum": 1, "maximum": 60 } } },
    "LampOutput": { "type": "object", "required": ["lumens"], "properties": {
      "lumens": { "type": "number" } } }
  } }
}"##;

/// A folder with one document in it, and one for what is generated.
struct Bench {
    folder: tempfile::TempDir,
}

/// How a command ended: its exit code and everything that it said.
struct Ended {
    code: Option<i32>,
    said: String,
}

impl Bench {
    fn new() -> Self {
        let bench = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        bench.write("documents/acme/lamp.json", DOCUMENT);
        bench
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.folder.path().join(path)
    }

    fn generate(&self, arguments: &[&str]) -> Ended {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("generate")
            .arg("--schemas")
            .arg(self.path("documents"))
            .arg("--out")
            .arg(self.path("out"))
            .args(arguments)
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        Ended {
            code: output.status.code(),
            said: String::from_utf8(said).unwrap(),
        }
    }
}

#[test]
fn what_is_generated_passes_the_check_and_keeps_its_time() {
    let bench = Bench::new();
    assert_eq!(bench.generate(&[]).code, Some(0));
    let file = bench.path("out/endpoints/acme/lamp.rs");
    let before = fs::metadata(&file).unwrap().modified().unwrap();
    let again = bench.generate(&[]);
    assert_eq!(again.code, Some(0));
    assert!(again.said.contains("0 files written"), "{}", again.said);
    assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), before);
    assert_eq!(bench.generate(&["--check"]).code, Some(0));
}

#[test]
fn any_difference_fails_the_check_and_names_the_cure() {
    type Touch = fn(&Bench);
    let touches: [(&str, Touch); 6] = [
        ("~ endpoints/acme/lamp.rs", |bench| {
            let text = fs::read_to_string(bench.path("out/endpoints/acme/lamp.rs")).unwrap();
            bench.write(
                "out/endpoints/acme/lamp.rs",
                &text.replace("1..=60", "1..=61"),
            );
        }),
        ("+ endpoints/acme.rs", |bench| {
            fs::remove_file(bench.path("out/endpoints/acme.rs")).unwrap();
        }),
        ("- endpoints/acme/left_over.rs", |bench| {
            bench.write("out/endpoints/acme/left_over.rs", "");
        }),
        ("~ ledger/groups.json", |bench| {
            bench.write("out/ledger/groups.json", "{}");
        }),
        ("~ endpoints/acme/lamp.rs", |bench| {
            bench.write(
                "documents/acme/lamp.json",
                &DOCUMENT.replace("\"maximum\": 60", "\"maximum\": 75"),
            );
        }),
        ("- endpoints/acme/lamp.rs", |bench| {
            fs::remove_file(bench.path("documents/acme/lamp.json")).unwrap();
            bench.write("documents/acme/sun.json", &DOCUMENT.replace("lamp", "sun"));
        }),
    ];
    for (line, touch) in touches {
        let bench = Bench::new();
        assert_eq!(bench.generate(&[]).code, Some(0));
        touch(&bench);
        let checked = bench.generate(&["--check"]);
        assert_eq!(checked.code, Some(1), "{line}: {}", checked.said);
        assert!(checked.said.contains(line), "{line}: {}", checked.said);
        assert!(
            checked
                .said
                .contains("To update them: cargo xtask generate"),
            "{}",
            checked.said
        );
        assert_eq!(bench.generate(&[]).code, Some(0));
        assert_eq!(bench.generate(&["--check"]).code, Some(0), "{line}: mended");
    }
}

#[test]
fn a_broken_document_is_reported_and_the_others_go_on() {
    let bench = Bench::new();
    bench.write("documents/acme/torn.json", &DOCUMENT[..200]);
    bench.write("documents/acme/page.json", "<html>");
    fs::write(bench.path("documents/acme/noise.json"), [0xff, 0xfe]).unwrap();
    let ended = bench.generate(&[]);
    assert_eq!(ended.code, Some(0), "{}", ended.said);
    for words in [
        "acme/torn.json",
        "cut off",
        "acme/page.json",
        "acme/noise.json",
        "3 errors",
    ] {
        assert!(ended.said.contains(words), "{words}: {}", ended.said);
    }
    assert!(bench.path("out/endpoints/acme/lamp.rs").exists());
    assert_eq!(bench.generate(&["--strict"]).code, Some(1));
}

#[test]
fn bad_usage_and_bad_input_end_with_two() {
    let bench = Bench::new();
    let unknown = bench.generate(&["--only", "acme/sun"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.said.contains("acme/sun"), "{}", unknown.said);
    bench.write("out/ledger/groups.json", "[]");
    let ledger = bench.generate(&[]);
    assert_eq!(ledger.code, Some(2));
    assert!(ledger.said.contains("groups.json"), "{}", ledger.said);
    fs::remove_dir_all(bench.path("documents")).unwrap();
    assert_eq!(bench.generate(&[]).code, Some(2));
}

#[test]
fn only_writes_what_was_asked_for() {
    let bench = Bench::new();
    bench.write("documents/acme/sun.json", &DOCUMENT.replace("lamp", "sun"));
    assert_eq!(bench.generate(&["--only", "acme/sun"]).code, Some(0));
    let exists = |path: &str| Path::new(&bench.path("out")).join(path).exists();
    for end in ["rs", "schema.json"] {
        assert!(exists(&format!("endpoints/acme/sun.{end}")));
        assert!(!exists(&format!("endpoints/acme/lamp.{end}")));
    }
}

#[test]
fn machines_are_told_in_json() {
    let bench = Bench::new();
    let ended = bench.generate(&["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&ended.said).unwrap();
    assert_eq!(report["summary"]["generated"], 1);
    assert_eq!(report["added"].as_array().unwrap().len(), 8, "{report:#}");
}

#[test]
fn a_run_that_would_remove_every_endpoint_is_refused() {
    type Touch = fn(&Bench);
    let touches: [(&str, Touch); 2] = [
        ("there are no documents in", |bench| {
            fs::remove_file(bench.path("documents/acme/lamp.json")).unwrap();
        }),
        ("none of the 1 documents in", |bench| {
            bench.write("documents/acme/lamp.json", "{");
        }),
    ];
    for (words, touch) in touches {
        let bench = Bench::new();
        assert_eq!(bench.generate(&[]).code, Some(0));
        touch(&bench);
        let ended = bench.generate(&[]);
        assert_eq!(ended.code, Some(2), "{}", ended.said);
        assert!(
            ended.said.contains(words) && ended.said.contains("help: "),
            "{}",
            ended.said
        );
        assert!(bench.path("out/endpoints/acme/lamp.rs").exists());
    }
}

#[test]
fn the_sdk_is_made_of_its_own_documents_only() {
    let bench = Bench::new();
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["generate", "--check", "--schemas"])
        .arg(bench.path("documents"))
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("--out DIR"), "{said}");
}

#[test]
fn a_mistake_of_the_document_is_not_a_loss() {
    let bench = Bench::new();
    let bad = DOCUMENT.replace("\"maximum\": 60", "\"maximum\": 60, \"default\": 99");
    bench.write("documents/acme/lamp.json", &bad);
    let ended = bench.generate(&["--strict"]);
    assert!(ended.said.contains("invalid-default"), "{}", ended.said);
    assert_eq!(ended.code, Some(0), "{}", ended.said);
}
