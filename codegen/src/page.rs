//! The model's page in Markdown: overview, price, input and output fields, examples, and how to call it from Rust.
//!
//! A pure function of the document and of what the catalog says of the endpoint. "Overview", "Input Schema" and
//! "Output Schema" come out as fal's own page has them; Rust stands where Python and JavaScript stood. A document
//! that lacks a part yields a page without that part.

mod example;
mod field;
mod literal;
mod operation;
mod schema;
mod usage;

use crate::source::text::is_printable;
use operation::Operation;
use serde_json::Value;
use std::fmt::Write as _;

/// What the catalog knows of an endpoint and the document does not say.
#[derive(Debug, Clone, Copy, Default)]
pub struct Listing<'a> {
    /// The model's name for people; the endpoint id stands in for it.
    pub display_name: Option<&'a str>,
    /// One sentence on what the model does.
    pub description: Option<&'a str>,
    /// `inference` or `training`.
    pub kind: Option<&'a str>,
    /// The price, in Markdown; without it the page has no section "Pricing".
    pub price: Option<&'a str>,
    /// Where the generated input type is; without it the page shows the untyped call.
    pub rust: Option<RustPath<'a>>,
}

/// The place of an endpoint's generated types.
#[derive(Debug, Clone, Copy)]
pub struct RustPath<'a> {
    /// The cargo feature of `fal-sdk` that switches the endpoint on.
    pub feature: &'a str,
    /// The module's path inside `fal_sdk`, such as `endpoints::fal_ai::flux::dev`.
    pub module: &'a str,
    /// The name of the input type, such as `DevInput`.
    pub input: &'a str,
}

/// Why there is no page.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageError {
    /// The document names no endpoint.
    NoEndpointId,
}

impl std::fmt::Display for PageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoEndpointId => f.write_str(
                "the document names no endpoint: `/info/x-fal-metadata/endpointId` is not a string and `/paths` has no \
                 `post`; fetch the document again",
            ),
        }
    }
}

impl std::error::Error for PageError {}

/// Renders the page of the endpoint that `document` describes.
///
/// Control characters and bidirectional controls of the document's texts are left out: pages are printed to terminals.
///
/// # Errors
///
/// [`PageError::NoEndpointId`] if the document does not say which endpoint it describes.
pub fn render(document: &Value, listing: &Listing<'_>) -> Result<String, PageError> {
    let operation = Operation::find(document).ok_or(PageError::NoEndpointId)?;
    let mut page = String::new();
    write_head(&mut page, &operation, listing);
    write_overview(&mut page, &operation, listing);
    if let Some(price) = listing.price {
        let _ = write!(
            page,
            "## Pricing\n\n{}\n\nFor more details, see [fal.ai pricing](https://fal.ai/pricing).\n\n",
            price.trim_end()
        );
    }
    page.push_str(
        "## API Information\n\nCall the model over HTTP, or from Rust with `fal-sdk`. Its input and output come first, \
         then both calls.\n\n\n",
    );
    write_input(&mut page, &operation);
    write_output(&mut page, &operation);
    usage::write(&mut page, &operation, listing);
    write_resources(&mut page, &operation);
    Ok(page
        .chars()
        .filter(|c| *c == '\n' || is_printable(*c))
        .collect())
}

fn write_head(page: &mut String, operation: &Operation<'_>, listing: &Listing<'_>) {
    let title = listing.display_name.unwrap_or(operation.id);
    let _ = write!(page, "# {title}\n\n");
    if let Some(description) = listing.description {
        let _ = write!(page, "> {}\n\n", description.trim().replace('\n', "\n> "));
    }
    page.push('\n');
}

fn write_overview(page: &mut String, operation: &Operation<'_>, listing: &Listing<'_>) {
    let id = operation.id;
    let _ = write!(
        page,
        "## Overview\n\n- **Endpoint**: `https://fal.run/{id}`\n- **Model ID**: `{id}`\n"
    );
    for (label, value) in [("Category", operation.category), ("Kind", listing.kind)] {
        if let Some(value) = value {
            let _ = writeln!(page, "- **{label}**: {value}");
        }
    }
    page.push_str("\n\n");
}

fn write_input(page: &mut String, operation: &Operation<'_>) {
    page.push_str("### Input Schema\n\n");
    let Some(input) = operation.input else {
        page.push_str("The document has no usable schema of the input: any JSON object is sent as it is.\n\n\n");
        return;
    };
    page.push_str("The API accepts the following input parameters:\n\n\n");
    field::write_all(page, operation.root, input);
    page.push_str("\n\n");
    let required = example::required(operation.root, input);
    let full = example::full(operation.root, input);
    example::write(page, "Required Parameters Example", &required);
    // Where they are the same, one is enough.
    if full != required {
        example::write(page, "Full Example", &full);
    }
    page.push('\n');
}

fn write_output(page: &mut String, operation: &Operation<'_>) {
    page.push_str("### Output Schema\n\n");
    let Some(output) = operation.output else {
        page.push_str("The document has no usable schema of the output.\n\n\n");
        return;
    };
    page.push_str("The API returns the following output format:\n\n");
    field::write_all(page, operation.root, output);
    page.push_str("\n\n");
    example::write(
        page,
        "Example Response",
        &example::full(operation.root, output),
    );
    page.push('\n');
}

fn write_resources(page: &mut String, operation: &Operation<'_>) {
    let id = operation.id;
    let _ = write!(
        page,
        "## Additional Resources\n\n\
         - [Model Playground](https://fal.ai/models/{id})\n\
         - [API Documentation](https://fal.ai/models/{id}/api)\n\
         - [OpenAPI Schema](https://fal.ai/api/openapi/queue/openapi.json?endpoint_id={id})\n\
         - [Platform Documentation](https://docs.fal.ai)\n\
         - [Rust SDK](https://docs.rs/fal-sdk)\n"
    );
}
