//! The example in the documentation of an endpoint's input: a call of the model, made from the document's examples.

use super::doc_sentences::CallExample;
use super::example::input_example;
use super::style::Runtime;
use crate::example::Examples;
use crate::ir::Endpoint;
use crate::name::LocalNames;

/// The longest example that is shown, in bytes. A longer one would hide the documentation of the fields.
const LONGEST: usize = 2_000;

/// The example of an endpoint whose types are in `module` below the module of all endpoints, if its input can be written
/// as an example.
pub(super) fn call_example(
    endpoint: &Endpoint,
    names: &LocalNames,
    module: &str,
    runtime: &Runtime,
) -> Option<CallExample> {
    let examples = Examples::new(endpoint).naming_texts();
    let (attributes, library, endpoints) = match runtime {
        Runtime::Crate => ("no_run", "fal_sdk", "fal_sdk"),
        // A user's crate can include the module of the types anywhere, so that the example cannot be tested.
        Runtime::Extern(library) => ("ignore", library.as_str(), "crate"),
    };
    // A shortened list may not be valid for the type.
    let values = [Examples::short_input, Examples::required_input];
    let code = values.into_iter().find_map(|input| {
        let value = input(examples).into_iter().collect();
        let example = input_example(endpoint, names, &value, library)?;
        let uses = example.uses(&format!("{endpoints}::endpoints::{module}"));
        let statement = &example.statement;
        let call = format!(
            "{uses}\nlet fal = {library}::Client::from_env()?;\n{statement}let output = fal.subscribe(input).await?;\n"
        );
        (call.len() <= LONGEST).then_some(call)
    })?;
    let code = match runtime {
        Runtime::Extern(_) => code,
        Runtime::Crate => {
            format!("# async fn example() -> fal_sdk::Result<()> {{\n{code}# Ok(())\n# }}\n")
        }
    };
    Some(CallExample {
        input: names.get(endpoint.input).to_owned(),
        attributes,
        code,
    })
}
