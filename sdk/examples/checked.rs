//! JSON for a model without generated types, checked against the model's document before
//! anything is paid.
//!
//! ```text
//! FAL_BASE_URL=http://127.0.0.1:4010 FAL_KEY=id:secret \
//!     cargo run --example checked --features jsonschema -- ID INPUT
//! ```

use fal_sdk::{Client, SchemaStatus};
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: checked ID INPUT, such as fal-ai/flux/dev '{\"prompt\": \"a cat\"}'";
    let (id, input) = (
        arguments.next().ok_or(usage)?,
        arguments.next().ok_or(usage)?,
    );
    let input: Value = serde_json::from_str(&input)?;

    let model = Client::from_env()?.endpoint(id)?.checked();
    match model.subscribe(input).await {
        Ok(output) => println!("{output:#}"),
        Err(error) => match error.validation_error() {
            Some(found) => found.violations().iter().for_each(|it| println!("{it}")),
            None => return Err(error.into()),
        },
    }
    if let SchemaStatus::Unavailable(reason) = model.schema_status() {
        eprintln!("the input was not checked: {reason}");
    }
    Ok(())
}
