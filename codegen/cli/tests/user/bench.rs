//! A crate, a server, and the program.

use fal_mock::{MockServer, Script};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};
use tempfile::TempDir;

pub const ID: &str = "acme/sketch";

/// A model that takes a prompt, steps, pictures, and makes pictures.
pub fn document(id: &str, most_steps: u64) -> Value {
    let body = |name: &str| json!({"content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}}});
    json!({
        "openapi": "3.0.4",
        "info": {"title": id, "version": "1.0.0", "x-fal-metadata": {"endpointId": id, "category": "text-to-image"}},
        "paths": {
            format!("/{id}"): {"post": {"requestBody": body("In")}},
            format!("/{id}/requests/{{request_id}}"): {"get": {"responses": {"200": body("Out")}}},
        },
        "components": {"schemas": {
            "In": {"type": "object", "required": ["prompt"], "properties": {
                "prompt": {"type": "string", "examples": ["a lighthouse"]},
                "steps": {"type": "integer", "minimum": 1, "maximum": most_steps, "default": 20},
                "is_fast": {"type": "boolean"},
                "style": {"anyOf": [{"type": "string", "enum": ["ink", "oil"]}, {"type": "null"}]},
                "size": {"type": "object", "properties": {"width": {"type": "integer"}}},
                "image_url": {"type": "string"},
                "image_urls": {"type": "array", "items": {"type": "string"}},
            }},
            "Image": {"type": "object", "required": ["url"], "properties": {"url": {"type": "string"}, "file_name": {"type": "string"}}},
            "Out": {"type": "object", "required": ["images"], "properties": {
                "images": {"type": "array", "items": {"$ref": "#/components/schemas/Image"}}}},
        }},
    })
}

pub fn server(documents: impl IntoIterator<Item = Value>) -> MockServer {
    let step = Duration::from_millis(200);
    let script = Script::new()
        .queue([1, 0], step)
        .run(2 * step)
        .log_at(step, "INFO", "halfway");
    let mut builder = MockServer::builder().default_script(script);
    for document in documents {
        builder = builder.document(document);
    }
    builder.start_on_thread().unwrap()
}

/// A crate as `cargo new` makes it.
pub struct Crate {
    folder: TempDir,
}

/// How a command ended, and what it said.
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Crate {
    pub fn new() -> Self {
        let krate = Self::empty();
        krate.write(
            "Cargo.toml",
            "[package]\nname = \"app\" # mine\nversion = \"0.1.0\"\nedition = \"2024\"\n",
        );
        krate.write("src/main.rs", "fn main() {}\n");
        krate
    }

    pub fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Every file, by its path.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(self.folder.path(), self.folder.path(), &mut files);
        files
    }

    /// The program in this crate, with all of fal's servers below `base`.
    pub fn command(&self, base: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-fal"));
        command
            .arg("fal")
            .args(arguments)
            .current_dir(self.folder.path())
            .env("FAL_BASE_URL", base)
            .env("FAL_KEY", "id:secret")
            .stdin(Stdio::null());
        for proxy in [
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "http_proxy",
            "https_proxy",
            "ALL_PROXY",
        ] {
            command.env_remove(proxy);
        }
        command
    }

    pub fn fal(&self, server: &MockServer, arguments: &[&str]) -> Ended {
        self.command(&server.url(), arguments)
            .output()
            .unwrap()
            .into()
    }

    /// Runs a command that has to succeed.
    #[track_caller]
    pub fn good(&self, server: &MockServer, arguments: &[&str]) -> String {
        let ended = self.fal(server, arguments);
        assert_eq!(
            ended.code,
            Some(0),
            "{arguments:?}: {}{}",
            ended.out,
            ended.err
        );
        ended.out
    }

    /// Runs a command that has to refuse: exit code 2, these words, a cure, and no file changed.
    #[track_caller]
    pub fn refused(&self, base: &str, arguments: &[&str], words: &[&str]) {
        let before = self.files();
        let ended: Ended = self.command(base, arguments).output().unwrap().into();
        assert_eq!(
            ended.code,
            Some(2),
            "{arguments:?}: {}{}",
            ended.out,
            ended.err
        );
        for words in words.iter().chain(&["error: ", "help: "]) {
            assert!(ended.err.contains(words), "{words}: {}", ended.err);
        }
        assert!(self.files() == before, "{arguments:?} changed something");
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self {
            code: output.status.code(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy();
            files.insert(name.replace('\\', "/"), fs::read(&path).unwrap());
        }
    }
}
