//! How to call the endpoint: `curl`, and Rust in place of Python and JavaScript.

use super::{Listing, Operation, RustPath, example, example::Example, literal, schema};
use serde_json::Value;
use std::fmt::Write as _;

/// The section "Usage Examples".
pub(super) fn write(page: &mut String, operation: &Operation<'_>, listing: &Listing<'_>) {
    let required = match operation.input {
        Some(input) => example::required(operation.root, input),
        None => Example::new(),
    };
    page.push_str("## Usage Examples\n\n");
    write_curl(page, operation.id, &required);
    let feature = match &listing.rust {
        Some(rust) => format!(" --features {}", rust.feature),
        None => String::new(),
    };
    let _ = write!(
        page,
        "### Rust\n\n```bash\ncargo add fal-sdk{feature}\n```\n\n```rust\n"
    );
    let arguments = listing.rust.and_then(|_| arguments(operation));
    match (&listing.rust, arguments) {
        (Some(rust), Some(arguments)) => write_typed(page, rust, &arguments),
        _ => write_untyped(page, operation.id, &required),
    }
    page.push_str("```\n\n\n");
}

fn write_curl(page: &mut String, id: &str, required: &Example) {
    // Inside single quotes the shell takes everything as it is but the quote itself.
    let body = literal::json(required, 3).replace('\'', r"'\''");
    let _ = write!(
        page,
        "### cURL\n\n```bash\ncurl --request POST \\\n  --url https://fal.run/{id} \\\n  \
         --header \"Authorization: Key $FAL_KEY\" \\\n  --header \"Content-Type: application/json\" \\\n  \
         --data '{body}'\n```\n\n"
    );
}

fn write_typed(page: &mut String, rust: &RustPath<'_>, arguments: &[String]) {
    let RustPath { module, input, .. } = rust;
    let _ = write!(
        page,
        "use fal_sdk::{{Client, {module}::{input}}};\n\n\
         let fal = Client::from_env()?; // FAL_KEY\n\
         let input = {input}::new(\n"
    );
    for argument in arguments {
        let _ = writeln!(page, "    {argument},");
    }
    page.push_str(");\n");
    write_subscribe(page, "fal.subscribe(input)");
}

fn write_untyped(page: &mut String, id: &str, required: &Example) {
    let _ = write!(
        page,
        "use fal_sdk::Client;\nuse serde_json::json;\n\n\
         let fal = Client::from_env()?; // FAL_KEY\n\
         let input = json!({});\n",
        literal::rust_json(required, 0)
    );
    let endpoint = literal::rust_string(id);
    write_subscribe(page, &format!("fal.endpoint({endpoint}).subscribe(input)"));
}

fn write_subscribe(page: &mut String, call: &str) {
    let _ = write!(
        page,
        "let output = {call}\n    .logs(true)\n    .on_update(|update| println!(\"{{update}}\"))\n    .await?;\n\
         println!(\"{{output:#?}}\");\n"
    );
}

/// The arguments of the input type's constructor: strings, numbers and switches. `None` if the model requires
/// anything else, which the untyped call shows better.
fn arguments(operation: &Operation<'_>) -> Option<Vec<String>> {
    let input = operation.input?;
    let shown = example::required(operation.root, input);
    let names = schema::properties(input).into_iter().map(|(name, _)| name);
    names
        .filter(|name| schema::requires(input, name))
        .map(|name| {
            let value = shown
                .iter()
                .find(|(shown, _)| shown == name)
                .map(|(_, value)| value)?;
            match value {
                Value::String(text) => Some(literal::rust_string(text)),
                Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
                _ => None,
            }
        })
        .collect()
}
