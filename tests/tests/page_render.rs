//! The rendered page: equal to fal's own where the document decides, and robust against every real document.
//!
//! The Rust programs of the fixtures' pages stand in one file, which `tests/compiled` compiles.
//! `UPDATE=1 cargo test -p fal-tests --test page_render` writes that file.

use fal_codegen::{Code, Listing, Options, Source, generate, page::render};
use fal_tests::{diff::diff, fixture};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, path::Path};

const ID: &str = "fal-ai/wan-22-vace-fun-a14b/depth";
const PAGE: &str = include_str!("../fixtures/pages/fal-ai__wan-22-vace-fun-a14b__depth.md");
const DOCUMENT: &str = include_str!("../../schemas/openapi/fal-ai/wan-22-vace-fun-a14b/depth.json");
const GROUPS: &str = include_str!("../../schemas/ledger/groups.json");

fn depth_page(listing: Listing, types: Option<&str>) -> String {
    let options = Options {
        ledger: fal_codegen::Ledger::read(Some(GROUPS), None).unwrap(),
        listings: BTreeMap::from([(ID.to_owned(), listing)]),
        ..Options::default()
    };
    render(&Source::new("depth.json", DOCUMENT), &options, types).unwrap()
}

fn page(document: &Value) -> String {
    let source = Source::new("document.json", document.to_string());
    render(&source, &Options::default(), None).unwrap()
}

/// A document of `acme/draw` with this input and these components.
fn document(input: &Value, components: &Value) -> Value {
    let content = json!({"application/json": {"schema": input}});
    json!({
        "info": {"x-fal-metadata": {"endpointId": "acme/draw"}},
        "paths": {"/acme/draw": {"post": {"requestBody": {"content": content}}}},
        "components": {"schemas": components},
    })
}

/// From the heading to the next one of the same page.
fn section<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let start = page.find(from).expect(from);
    let length = page[start..].find(to).expect(to);
    &page[start..start + length]
}

/// The Rust program of a page.
fn program(page: &str) -> &str {
    let usage = &page[page.rfind("\n### Rust\n").expect("a section")..];
    let program = section(usage, "```rust\n", "\n```\n\n\n");
    &program["```rust\n".len()..]
}

#[test]
fn sections_equal_the_page_byte_for_byte() {
    let price = "Your request will cost **$0.10** per **video second** for **720p**, **$0.075** per **video second** for \
                 **580p**, **$0.05** per **video second** for **480p**. Video seconds are calculated at 16 frames per second.";
    let listing = Listing {
        title: Some("Wan 2.2 VACE Fun A14B".to_owned()),
        description: Some("VACE Fun for Wan 2.2 A14B from Alibaba-PAI".to_owned()),
        kind: Some("inference".to_owned()),
        price: Some(price.to_owned()),
    };
    let rendered = depth_page(listing, None);
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
    let typed = depth_page(Listing::default(), Some("fal_sdk::endpoints"));
    for text in [
        "cargo add fal-sdk --features wan-22-vace-fun-a14b",
        "use fal_sdk::endpoints::fal_ai::wan_22_vace_fun_a14b::depth::DepthInput;\n",
        "    let input = DepthInput::new(\n        \"A confident woman strides",
    ] {
        assert!(typed.contains(text), "{typed}");
    }
    let untyped = depth_page(Listing::default(), None);
    assert!(untyped.contains(
        "    let output = fal\n        .endpoint(\"fal-ai/wan-22-vace-fun-a14b/depth\")?\n        .subscribe(input)\n"
    ));
    for page in [typed, untyped] {
        assert!(!page.contains("Python") && !page.contains("JavaScript"));
    }
}

/// The programs with and without types of every endpoint of the fixtures, in modules of their own.
fn programs() -> String {
    let mut text = String::from(
        "// Written by `UPDATE=1 cargo test -p fal-tests --test page_render`. Do not edit.\n",
    );
    // The modules of `gates` are behind features that no crate here has.
    for case in fixture::cases()
        .iter()
        .filter(|case| *case != fixture::GATED)
    {
        let types = format!("fal_compiled::{case}::endpoints");
        let outcome = fixture::outcome(case);
        let is_used = |source: &Source| {
            outcome
                .endpoints
                .iter()
                .any(|known| known.document == source.path)
        };
        for (index, source) in fixture::sources(case).iter().enumerate() {
            if !is_used(source) {
                continue;
            }
            for (kind, types) in [("typed", Some(types.as_str())), ("untyped", None)] {
                let page = render(source, &fixture::options(case), types).unwrap();
                let program = program(&page);
                text.push_str(&format!("\nmod {case}_{index}_{kind} {{\n{program}\n}}\n"));
            }
        }
    }
    text
}

#[test]
fn the_programs_that_are_compiled_are_those_of_the_pages() {
    let file = fixture::root().join("pages/programs.in");
    let programs = programs();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, &programs).unwrap();
    }
    let compiled = fs::read_to_string(&file).unwrap();
    assert!(
        compiled == programs,
        "{}\nIf the new text is right: UPDATE=1 cargo test -p fal-tests --test page_render\n",
        diff(&compiled, &programs)
    );
}

#[test]
fn the_curl_call_survives_the_shell() {
    let page = depth_page(Listing::default(), None);
    assert!(
        page.contains(r"emphasizing the woman'\''s independence"),
        "the shell ends a string at a quote"
    );
}

#[test]
fn unions_lists_nested_fields_and_missing_texts_have_their_own_form() {
    let input = json!({"$ref": "#/components/schemas/DrawInput"});
    let components = json!({
        "Size": {"type": "object", "required": ["width"], "properties": {
            "width": {"type": "integer", "description": "In pixels.\nA whole number."}}},
        "Shape": {"type": "object", "properties": {"inner": {"$ref": "#/components/schemas/Shape"}}},
        "DrawInput": {
            "type": "object",
            "required": ["subject"],
            "x-fal-order-properties": ["subject", "size"],
            "properties": {
                "marks": {"type": "array", "items": {"$ref": "#/components/schemas/Shape"}, "default": [], "maxItems": 3},
                "quiet": {"type": "boolean", "title": "Quiet", "default": true},
                "size": {"anyOf": [{"$ref": "#/components/schemas/Size"}, {"type": "string", "enum": ["big"]}],
                    "default": "big", "title": "Size"},
                "steps": {"type": "integer", "exclusiveMinimum": 0, "maximum": 9, "description": "One.\n\nTwo."},
                "subject": {"type": "string"},
            },
        },
    });
    let page = page(&document(&input, &components));
    let expected = "\
- **`subject`** (`string`, _required_)

- **`size`** (`Size | Enum`, _optional_):
   Default value: `big`
  - Default: `\"big\"`
  - Options: `\"big\"`
  - One of: Size | Enum

  - **`width`** (`integer`, _required_):
    In pixels.
    A whole number.

- **`marks`** (`list<Shape>`, _optional_)
  - Default: `[]`
  - At most 3 items
  - Array of Shape

  - **`inner`** (`Shape`, _optional_)

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
fn what_the_document_says_of_the_model_is_shown() {
    let mut document = document(&json!({}), &json!({}));
    document["info"]["description"] = json!("Draws what it is told.");
    document["info"]["x-fal-metadata"]["about"] = json!("Text to drawing");
    let shown = page(&document);
    assert!(
        shown.contains("\n## About\n\nText to drawing\n\nDraws what it is told.\n\n"),
        "{shown}"
    );
    document["info"]["description"] = json!("The OpenAPI schema for the acme/draw queue.");
    assert!(!page(&document).contains("The OpenAPI schema for"));
}

#[test]
fn a_document_that_describes_no_endpoint_is_an_error() {
    for document in [
        json!({}),
        json!(null),
        json!({"paths": {"/x": {"get": {}}}}),
        json!([1]),
    ] {
        let source = Source::new("document.json", document.to_string());
        let error = render(&source, &Options::default(), None).unwrap_err();
        assert_eq!(error.code, Code::NotAnEndpoint, "{error}");
        assert!(!error.help.is_empty());
    }
}

#[test]
fn no_description_opens_a_block_of_code() {
    let text = "Before.\n```rust\nfn main() {}\n  ~~~\nAfter.";
    let input =
        json!({"type": "object", "properties": {"a": {"type": "string", "description": text}}});
    let page = page(&document(&input, &json!({})));
    assert!(
        page.contains(":\n  Before.\n  fn main() {}\n  After.\n"),
        "{page}"
    );
}

#[test]
fn terminals_are_safe_from_the_documents_texts() {
    let hostile = "a\u{1b}[2Jb\u{202e}c\rd";
    let mut document = document(&json!({}), &json!({}));
    document["info"]["x-fal-metadata"]["category"] = json!(hostile);
    let listing = Listing {
        title: Some(hostile.to_owned()),
        ..Listing::default()
    };
    let options = Options {
        listings: BTreeMap::from([("acme/draw".to_owned(), listing)]),
        ..Options::default()
    };
    let source = Source::new("document.json", document.to_string());
    let page = render(&source, &options, None).unwrap();
    assert!(page.starts_with("# a[2Jbcd\n"), "{page}");
    assert!(page.contains("- **Category**: a[2Jbcd\n"));
}

#[test]
fn schemas_that_contain_themselves_have_a_page() {
    let input = json!({"$ref": "#/components/schemas/S"});
    let components = json!({
        "S": {"type": "object", "required": ["next", "loop"], "properties": {
            "next": {"$ref": "#/components/schemas/S"},
            "loop": {"$ref": "#/components/schemas/Loop"},
            "all": {"allOf": [{"$ref": "#/components/schemas/Loop"}]}}},
        "Loop": {"$ref": "#/components/schemas/Loop"},
    });
    let page = page(&document(&input, &components));
    assert!(page.contains("- **`next`** (`S`, _required_)"), "{page}");
}

/// A sample stands in the repository; the real documents are beside it on some machines.
#[test]
fn every_document_has_a_page_whose_program_is_rust() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/current");
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/openapi");
    let mut count = 0;
    for folder in [schemas, corpus] {
        visit(&folder, &mut |path, text| {
            let source = Source::new(path.display().to_string(), text);
            // Half of them with types: each page takes a moment.
            let types = (count % 2 == 0).then_some("fal_sdk::endpoints");
            let page = render(&source, &Options::default(), types)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            for heading in [
                "## Overview",
                "### Input Schema",
                "### Output Schema",
                "### Rust",
            ] {
                assert!(page.contains(heading), "{}: no {heading}", path.display());
            }
            if let Err(error) = syn::parse_file(program(&page)) {
                panic!("{}: {error}\n{}", path.display(), program(&page));
            }
            count += 1;
        });
    }
    assert!(count > 0, "no documents");
}

/// The example in the documentation of an endpoint's input, without the lines that rustdoc hides.
fn documented_example(module: &str) -> Option<String> {
    let (_, rest) = module.split_once("/// ```no_run\n")?;
    let (block, _) = rest.split_once("/// ```\n")?;
    let lines = block
        .lines()
        .map(|line| line.trim_start().trim_start_matches("///"));
    let lines = lines.filter(|line| !line.starts_with(" #"));
    Some(lines.map(|line| format!("{line}\n")).collect())
}

#[test]
fn the_input_of_every_document_has_a_short_example() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/current");
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/openapi");
    let mut sources = Vec::new();
    for folder in [schemas, corpus] {
        visit(&folder, &mut |path, text| {
            sources.push(Source::new(path.display().to_string(), text));
        });
    }
    let outcome = generate(&sources, &Options::default());
    let mut without = Vec::new();
    for entry in &outcome.endpoints {
        let path = format!(
            "endpoints/{}.rs",
            entry.module.replace("r#", "").replace("::", "/")
        );
        let text = outcome.plan.get(&path).expect(&path);
        let Some(example) = documented_example(text) else {
            without.push(&entry.id);
            continue;
        };
        let program = format!("async fn example() {{\n{example}\n}}");
        if let Err(error) = syn::parse_file(&program) {
            panic!("{}: {error}\n{example}", entry.id);
        }
        assert!(example.len() <= 2_500, "{}: {example}", entry.id);
    }
    let (all, without_count) = (outcome.endpoints.len(), without.len());
    println!("{all} endpoints, {without_count} without an example: {without:?}");
    // Examples that are whole files, and inputs that no constructor can make.
    assert!(without_count * 100 <= all, "{without:?}");
}

fn visit(folder: &Path, check: &mut dyn FnMut(&Path, String)) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, check);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            check(&path, fs::read_to_string(&path).unwrap());
        }
    }
}
