//! The page of a model in Markdown: overview, price, input and output fields, examples, and how to call it from Rust.
//!
//! The page is a pure function of the document and of the catalog's entry of the endpoint. Its sections "Overview", "Input
//! Schema" and "Output Schema" are like those of fal's own page; the examples in Python and JavaScript are replaced by Rust.
//! If a document lacks a part, so does the page.

mod field;
mod json;
mod schema;
mod usage;

use std::fmt::Write as _;

use crate::catalog::Catalog;
use crate::diagnostic::Diagnostic;
use crate::example::{Examples, Members, each};
use crate::ir::Endpoint;
use crate::options::{Listing, Options};
use crate::source::{Document, Schema, Source};
use crate::text::{is_printable, without_fences};
use json::Syntax;

/// Renders the page of the endpoint that a document describes, as Markdown.
///
/// `types` is the path of the module `endpoints` that has the generated types, such as `fal_sdk::endpoints`; without
/// it, the page shows a call with JSON. The names and the cargo feature of the types follow from the options, and
/// title, description, kind and price are those of the endpoint's [listing](Options::listings). Control characters
/// and bidirectional control characters in the document's texts are left out, because pages are printed to terminals.
///
/// # Errors
///
/// When the document cannot be used. The diagnostic says what is wrong with it, and how to correct it.
pub fn render(
    source: &Source,
    options: &Options,
    types: Option<&str>,
) -> Result<String, Box<Diagnostic>> {
    let document = Document::read_with_fixups(source, |id, document| {
        // The catalog reports stale fix-ups.
        let _ = options.fixups.apply(id, &source.path, document);
    })?;
    let catalog = Catalog::read(std::slice::from_ref(source), options);
    let mut page = String::new();
    for endpoint in catalog.endpoints() {
        let nothing = Listing::default();
        let listing = options.listings.get(endpoint.id.as_str());
        write_head(&mut page, endpoint, listing.unwrap_or(&nothing));
        write_about(&mut page, &document, listing.unwrap_or(&nothing));
        page.push_str(
            "## API Information\n\nCall the model over HTTP, or from Rust with `fal-sdk`. Its input and output come \
             first, then both calls.\n\n\n",
        );
        let examples = Examples::new(endpoint);
        write_input(&mut page, &document, &examples);
        write_output(&mut page, &document, &examples);
        usage::write(&mut page, &catalog, &examples.required_input(), types);
        write_resources(&mut page, endpoint);
    }
    Ok(page
        .chars()
        .filter(|c| *c == '\n' || is_printable(*c))
        .collect())
}

fn write_head(page: &mut String, endpoint: &Endpoint, listing: &Listing) {
    let id = &endpoint.id;
    let title = listing.title.as_deref().unwrap_or(id.as_str());
    let _ = write!(page, "# {title}\n\n");
    if let Some(description) = &listing.description {
        let description = without_fences(description.trim());
        let _ = write!(page, "> {}\n\n", description.replace('\n', "\n> "));
    }
    let _ = write!(
        page,
        "\n## Overview\n\n- **Endpoint**: `https://fal.run/{id}`\n- **Model ID**: `{id}`\n"
    );
    for (label, value) in [("Category", &endpoint.category), ("Kind", &listing.kind)] {
        if let Some(value) = value {
            let _ = writeln!(page, "- **{label}**: {value}");
        }
    }
    page.push_str("\n\n");
}

/// The price, and the document's description of the model, unless it is the same as the description at the top of the page.
fn write_about(page: &mut String, document: &Document, listing: &Listing) {
    let texts = [&document.about, &document.description];
    let texts = texts.into_iter().flatten().map(|text| text.trim());
    let said = listing.description.as_deref().map(str::trim);
    let texts: Vec<&str> = texts.filter(|text| Some(*text) != said).collect();
    if !texts.is_empty() {
        let _ = write!(
            page,
            "## About\n\n{}\n\n",
            without_fences(&texts.join("\n\n"))
        );
    }
    if let Some(price) = &listing.price {
        let price = price.trim_end();
        let _ = write!(
            page,
            "## Pricing\n\n{price}\n\nFor more details, see [fal.ai pricing](https://fal.ai/pricing).\n\n"
        );
    }
}

fn write_input(page: &mut String, document: &Document, examples: &Examples<'_>) {
    page.push_str("### Input Schema\n\n");
    let intro = "The API accepts the following input parameters:\n\n\n";
    if !write_fields(page, intro, document, &document.input, true) {
        page.push_str(
            "The document has no usable schema of the input: any JSON object is sent as it is.\n\n\n",
        );
        return;
    }
    let (required, full) = (examples.required_input(), examples.full_input());
    write_example(page, "Required Parameters Example", &required);
    // If the two examples are the same, one is enough.
    if full != required {
        write_example(page, "Full Example", &full);
    }
    page.push('\n');
}

fn write_output(page: &mut String, document: &Document, examples: &Examples<'_>) {
    page.push_str("### Output Schema\n\n");
    let intro = "The API returns the following output format:\n\n";
    if !write_fields(page, intro, document, &document.output, false) {
        page.push_str("The document has no usable schema of the output.\n\n\n");
        return;
    }
    write_example(page, "Example Response", &examples.output());
    page.push('\n');
}

/// The fields of a schema, if it has any.
fn write_fields(
    page: &mut String,
    intro: &str,
    document: &Document,
    schema: &Schema,
    is_input: bool,
) -> bool {
    let fields = field::Fields { document, is_input }.of(schema);
    if !fields.is_empty() {
        let _ = write!(page, "{intro}{fields}\n\n");
    }
    !fields.is_empty()
}

/// A headed code block with an example in it.
fn write_example(page: &mut String, heading: &str, example: &Members) {
    let json = Syntax::Json.pretty(each(example), 0);
    let _ = write!(page, "**{heading}**:\n\n```json\n{json}\n```\n\n");
}

fn write_resources(page: &mut String, endpoint: &Endpoint) {
    let id = &endpoint.id;
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
