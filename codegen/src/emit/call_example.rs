//! The example in the documentation of an endpoint's input: a call of the model, made from the document's examples.

use super::doc_sentences::CallExample;
use super::example::input_example;
use super::style::Runtime;
use crate::example::Examples;
use crate::ir::Endpoint;
use crate::name::LocalNames;

/// Longer examples are left out: they would hide the fields.
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
        // The module of the types is where the user's crate includes it, so that no test could name it.
        Runtime::Extern(library) => ("ignore", library.as_str(), "crate"),
    };
    // A cut list may have another type than the whole one.
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
