//! The committed documents and their lock file agree, and both are canonical.

use cargo_fal::schemas::{
    Layout, Store,
    lock::{Lock, sha256},
};
use fal_codegen::source::canonical;
use serde_json::Value;
use std::fs;
use xtask::{page::page, workspace};

const DEPTH_PAGE: &str =
    include_str!("../../tests/fixtures/pages/fal-ai__wan-22-vace-fun-a14b__depth.md");

#[test]
fn the_lock_file_lists_every_document_as_it_is() {
    let layout = workspace::layout(None);
    let lock = Lock::read(&layout.lock).unwrap();
    let store = Store::open(layout).unwrap();
    let documents = store.scan().unwrap();
    assert!(!documents.is_empty());
    for id in &documents {
        let bytes = store.read(id).unwrap().unwrap();
        let document: Value = serde_json::from_slice(&bytes).unwrap();
        assert!(
            canonical::to_string(&document).as_bytes() == bytes,
            "{id} is not canonical: sorted keys, two spaces, a newline at the end. To write it so: \
             python3 -m json.tool --sort-keys --indent 2 --no-ensure-ascii FILE"
        );
        assert!(
            lock.endpoints.contains_key(id),
            "schemas/catalog.lock.json has no entry for {id}; add\n\
             \"{id}\": {{\n  \"sha256\": \"{}\",\n  \"size\": {},\n  \"source\": \"hand\"\n}}",
            sha256(&bytes),
            bytes.len()
        );
    }
    for id in lock.endpoints.keys() {
        assert!(
            documents.contains(id),
            "schemas/catalog.lock.json has an entry for {id}, but there is no such document"
        );
    }
    for (id, entry) in &lock.endpoints {
        let bytes = store.read(id).unwrap().unwrap();
        assert_eq!(
            entry.sha256,
            sha256(&bytes),
            "{id}: the right side is the digest of the document as it is"
        );
        assert_eq!(entry.size, bytes.len() as u64, "{id}");
    }
}

#[test]
fn the_lock_file_is_canonical() {
    let path = workspace::layout(None).lock;
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(Lock::read(&path).unwrap().to_text().unwrap(), text);
}

#[test]
fn the_page_of_the_committed_model_is_fals() {
    let id = "fal-ai/wan-22-vace-fun-a14b/depth";
    let rendered = page(id, &workspace::layout(None)).unwrap();
    let until_api = |page: &str| page[..page.find("## API Information").unwrap()].to_owned();
    assert_eq!(
        until_api(&rendered),
        until_api(DEPTH_PAGE),
        "name, overview and price"
    );
    assert!(
        rendered
            .contains("use fal_sdk::endpoints::fal_ai::wan_22_vace_fun_a14b::depth::DepthInput;"),
        "the SDK has its types: {rendered}"
    );
}

#[test]
fn the_page_of_a_model_that_the_sdk_does_not_have_calls_it_with_json() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("a")).unwrap();
    fs::write(
        folder.path().join("a/b.json"),
        r#"{"paths": {"/a/b": {"post": {}}}}"#,
    )
    .unwrap();
    let rendered = page("a/b", &Layout::of(folder.path())).unwrap();
    assert!(rendered.contains(".endpoint(\"a/b\")?"), "{rendered}");
}

#[test]
fn a_missing_or_broken_document_says_how_to_mend_it() {
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::of(folder.path());
    let error = page("a/b", &layout).unwrap_err().to_string();
    assert!(
        error.contains("there is no") && error.contains("cargo xtask fetch a/b"),
        "{error}"
    );
    fs::create_dir(folder.path().join("a")).unwrap();
    fs::write(folder.path().join("a/b.json"), "{\"a\"").unwrap();
    let error = page("a/b", &layout).unwrap_err().to_string();
    assert!(
        error.contains("b.json") && error.contains("cargo xtask fetch a/b"),
        "{error}"
    );
    let error = page("../../etc/passwd", &layout).unwrap_err().to_string();
    assert!(
        error.contains("endpoint id \"../../etc/passwd\""),
        "{error}"
    );
}
