//! The protocol's vectors, as far as they say how the server behaves, or how ids,
//! URLs, headers and bodies are formed. What has no public face is tested in the
//! library itself.

mod headers;
mod ids;
mod sequences;
mod statuses;

use std::path::PathBuf;

use serde_json::Value;

/// The cases of a file of vectors.
fn cases(file: &str, name: &str) -> Vec<Value> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/vectors")
        .join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let vectors: Value = serde_json::from_str(&text).unwrap();
    let cases = vectors[name].as_array().unwrap().clone();
    assert!(!cases.is_empty());
    cases
}
