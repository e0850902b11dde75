//! The rendered page: equal to fal's own where the document decides, and robust against every real document.

use fal_codegen::page::{Listing, PageError, RustPath, render};
use serde_json::{Value, json};
use std::{fs, path::Path};

const PAGE: &str = include_str!("../fixtures/pages/fal-ai__wan-22-vace-fun-a14b__depth.md");
const DOCUMENT: &str = include_str!("../../schemas/openapi/fal-ai/wan-22-vace-fun-a14b/depth.json");

fn depth_page(listing: &Listing<'_>) -> String {
    let document = serde_json::from_str(DOCUMENT).unwrap();
    render(&document, listing).unwrap()
}

/// From the heading to the next one of the same page.
fn section<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let start = page.find(from).expect(from);
    let length = page[start..].find(to).expect(to);
    &page[start..start + length]
}

#[test]
fn sections_equal_the_page_byte_for_byte() {
    let rendered = depth_page(&Listing {
        display_name: Some("Wan 2.2 VACE Fun A14B"),
        description: Some("VACE Fun for Wan 2.2 A14B from Alibaba-PAI"),
        kind: Some("inference"),
        price: Some(
            "Your request will cost **$0.10** per **video second** for **720p**, **$0.075** per **video second** for \
             **580p**, **$0.05** per **video second** for **480p**. Video seconds are calculated at 16 frames per second.",
        ),
        ..Listing::default()
    });
    let headings = [
        ("# Wan", "## API Information"),
        ("### Input Schema", "### Output Schema"),
        ("### Output Schema", "## Usage Examples"),
    ];
    for (from, to) in headings {
        assert_eq!(section(&rendered, from, to), section(PAGE, from, to));
    }
}

#[test]
fn rust_stands_where_python_and_javascript_stood() {
    let rust = RustPath {
        feature: "wan-22-vace-fun-a14b",
        module: "endpoints::fal_ai::wan_22_vace_fun_a14b::depth",
        input: "DepthInput",
    };
    let typed = depth_page(&Listing {
        rust: Some(rust),
        ..Listing::default()
    });
    assert!(
        typed.contains("cargo add fal-sdk --features wan-22-vace-fun-a14b\n"),
        "{typed}"
    );
    assert!(typed.contains(
        "use fal_sdk::{Client, endpoints::fal_ai::wan_22_vace_fun_a14b::depth::DepthInput};"
    ));
    assert!(typed.contains("let input = DepthInput::new(\n    \"A confident woman strides"));
    let untyped = depth_page(&Listing::default());
    assert!(
        untyped.contains("fal.endpoint(\"fal-ai/wan-22-vace-fun-a14b/depth\").subscribe(input)")
    );
    for page in [typed, untyped] {
        assert!(!page.contains("Python") && !page.contains("JavaScript"));
    }
}

#[test]
fn the_curl_call_survives_the_shell() {
    let page = depth_page(&Listing::default());
    assert!(
        page.contains(r"emphasizing the woman'\''s independence"),
        "the shell ends a string at a quote"
    );
}

#[test]
fn unions_lists_and_missing_texts_have_their_own_form() {
    let document = json!({
        "info": {"x-fal-metadata": {"endpointId": "acme/draw"}},
        "paths": {"/acme/draw": {"post": {"requestBody": {"content": {"application/json": {"schema":
            {"$ref": "#/components/schemas/DrawInput"}}}}}}},
        "components": {"schemas": {
            "Size": {"type": "object", "properties": {"width": {"type": "integer"}}},
            "DrawInput": {
                "type": "object",
                "required": ["subject"],
                "x-fal-order-properties": ["subject", "size"],
                "properties": {
                    "marks": {"type": "array", "items": {"$ref": "#/components/schemas/Size"}, "default": []},
                    "quiet": {"type": "boolean", "title": "Quiet", "default": true},
                    "size": {"anyOf": [{"$ref": "#/components/schemas/Size"}, {"type": "string", "enum": ["big"]}],
                        "default": "big", "title": "Size"},
                    "steps": {"type": "integer", "exclusiveMinimum": 0, "maximum": 9, "description": "One.\n\nTwo."},
                    "subject": {"type": "string"},
                },
            },
        }},
    });
    let page = render(&document, &Listing::default()).unwrap();
    let expected = "\
- **`subject`** (`string`, _required_)

- **`size`** (`Size | Enum`, _optional_):
   Default value: `big`
  - Default: `\"big\"`
  - One of: Size | Enum

- **`marks`** (`list<Size>`, _optional_)
  - Default: `[]`
  - Array of Size

- **`quiet`** (`boolean`, _optional_):
   Default value: `true`
  - Default: `true`

- **`steps`** (`integer`, _optional_):
  One.
  
  Two.
  - Range: more than `0`, at most `9`
";
    assert_eq!(
        section(&page, "- **`subject`**", "\n\n\n**Required"),
        expected
    );
}

#[test]
fn a_document_that_names_no_endpoint_is_an_error() {
    for document in [
        json!({}),
        json!(null),
        json!({"paths": {"/x": {"get": {}}}}),
        json!([1]),
    ] {
        assert_eq!(
            render(&document, &Listing::default()),
            Err(PageError::NoEndpointId)
        );
    }
}

#[test]
fn terminals_are_safe_from_the_documents_texts() {
    let hostile = "a\u{1b}[2Jb\u{202e}c\rd";
    let document = json!({
        "info": {"x-fal-metadata": {"endpointId": "a/b", "category": hostile}},
        "paths": {},
    });
    let page = render(
        &document,
        &Listing {
            display_name: Some(hostile),
            ..Listing::default()
        },
    )
    .unwrap();
    assert!(page.starts_with("# a[2Jbcd\n"), "{page}");
    assert!(page.contains("- **Category**: a[2Jbcd\n"));
}

#[test]
fn schemas_that_contain_themselves_have_a_page() {
    let document = json!({
        "info": {"x-fal-metadata": {"endpointId": "a/b"}},
        "paths": {"/a/b": {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/s"}}}}}}},
        "s": {"type": "object", "required": ["next", "loop"], "properties": {
            "next": {"$ref": "#/s"}, "loop": {"$ref": "#/loop"}, "all": {"allOf": [{"$ref": "#/loop"}]}}},
        "loop": {"$ref": "#/loop"},
    });
    assert!(
        render(&document, &Listing::default())
            .unwrap()
            .contains("- **`next`** (`s`, _required_)")
    );
}

#[test]
fn every_real_document_has_a_page() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/current");
    if !corpus.is_dir() {
        println!("no corpus at ../shared/corpus/current: real documents are not rendered");
        return;
    }
    let mut count = 0;
    visit(&corpus, &mut |path, document| {
        let page = render(document, &Listing::default())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for heading in [
            "## Overview",
            "### Input Schema",
            "### Output Schema",
            "### Rust",
        ] {
            assert!(page.contains(heading), "{}: no {heading}", path.display());
        }
        count += 1;
    });
    assert!(count > 0, "the corpus is empty");
}

fn visit(folder: &Path, check: &mut dyn FnMut(&Path, &Value)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, check);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            check(
                &path,
                &serde_json::from_slice(&fs::read(&path).unwrap()).unwrap(),
            );
        }
    }
}
