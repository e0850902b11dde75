//! The options of a model, as `--help` shows them.

use crate::{
    Error,
    page::{PageOf, render},
    schemas::Layout,
};
use fal_codegen::source::EndpointId;

/// The options of a model, as its page lists them.
pub(super) fn describe(id: &EndpointId, layout: &Layout) -> Result<String, Error> {
    let page = render(PageOf {
        id,
        layout,
        ledger: None,
        types: None,
        fetch: "cargo fal update",
    })?;
    let fields = page
        .split("### Input Schema\n")
        .nth(1)
        .and_then(|rest| rest.split("### Output Schema").next())
        .unwrap_or_default();
    // The examples in JSON are left out.
    let fields = fields.split("**Required Parameters Example**").next();
    let fields = fields.unwrap_or_default().trim();
    let lines = fields
        .lines()
        .filter(|line| !line.starts_with("The API accepts"));
    let fields = lines.collect::<Vec<_>>().join("\n");
    Ok(format!(
        "Usage: cargo fal run {id} KEY=VALUE… [--input FILE|-] [-o DIR] [--json]\n\nOptions of the model:\n\n{}\n\n\
         `cargo fal run --help` shows the options of the command.\n",
        fields.trim()
    ))
}
