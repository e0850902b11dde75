//! What the compiler says about common mistakes. Its own words differ from release to
//! release; those that the SDK adds do not.

use super::newcomer::Crate;
use super::{cargo_build, messages};

/// A mistake in a program, and what its author is told.
const MISTAKES: [(&str, &str, &[&str]); 3] = [
    (
        "json",
        "fal.subscribe(fal_sdk::wire::serde_json::json!({}));",
        &[
            "is not the input of an endpoint",
            "a model without generated types is called with JSON, through `fal.endpoint(id)`",
        ],
    ),
    (
        "reference",
        "let input = DepthInput::new(\"p\", \"https://example.com/a.mp4\");\n    fal.subscribe(&input);",
        &[
            "`&DepthInput` is not the input of an endpoint",
            "an input is passed by value, without `&`",
        ],
    ),
    (
        "output",
        "struct Answer;\n    fal.endpoint(\"a/b\").unwrap().with_output::<Answer>();",
        &[
            "`Answer` cannot be read as an output",
            "a type that implements serde's `Deserialize` is read as `fal_sdk::Json<Answer>`",
        ],
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_compiler_says_how_a_call_is_made() {
    for (name, mistake, told) in MISTAKES {
        let program = format!(
            "#![allow(unused_imports)]\n\
             use fal_sdk::endpoints::fal_ai::wan_22_vace_fun_a14b::depth::DepthInput;\n\n\
             fn main() {{\n    let fal = fal_sdk::Client::new(\"id:secret\").unwrap();\n    {mistake}\n}}\n"
        );
        let mistakes = Crate::new("mistakes", &[("src/main.rs", &program)]);
        let (output, events) = cargo_build(&mistakes.folder, &[], &mistakes.environment()).await;
        let words = String::from_utf8_lossy(&output.stderr);
        let said = messages(&events);
        assert!(!output.status.success(), "{name} was built");
        for words_told in told {
            assert!(
                said.contains(words_told),
                "{name}: {words_told:?} is not in {said}{words}"
            );
        }
    }
}
