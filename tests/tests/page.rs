//! Holds the hand-written document of `fal-ai/wan-22-vace-fun-a14b/depth` against the model's page.
//!
//! The page is read here with its own small parser, and each field's facts are drawn from the document by rules
//! written down in `schemas/README.md`. Nothing of the page's renderer is used: the two must not share a mistake.

use serde_json::{Map, Value};

const PAGE: &str = include_str!("../fixtures/pages/fal-ai__wan-22-vace-fun-a14b__depth.md");
const DOCUMENT: &str = include_str!("../../schemas/openapi/fal-ai/wan-22-vace-fun-a14b/depth.json");
const ID: &str = "fal-ai/wan-22-vace-fun-a14b/depth";

/// What the page says of one field.
#[derive(Debug, PartialEq, Default)]
struct Field {
    name: String,
    type_name: String,
    required: bool,
    description: String,
    default: Option<Value>,
    range: Option<(Value, Value)>,
    options: Option<Vec<Value>>,
    items: Option<String>,
    examples: Option<Vec<Value>>,
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let from = text.find(start).expect(start) + start.len();
    let length = text[from..].find(end).expect(end);
    &text[from..from + length]
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn backticked(text: &str) -> Value {
    json(text.trim_matches('`'))
}

fn parse_fields(section: &str) -> Vec<Field> {
    let blocks = section.split("\n- **`").skip(1);
    blocks.map(|block| parse_field(block.trim_end())).collect()
}

fn parse_field(block: &str) -> Field {
    let (head, facts) = block.split_once('\n').expect("a head line");
    let (name, rest) = head.split_once("`** (`").expect("a name");
    let (type_name, rest) = rest.split_once("`, _").expect("a type");
    let mut field = Field {
        name: name.to_owned(),
        type_name: type_name.to_owned(),
        required: match rest {
            "required_):" => true,
            "optional_):" => false,
            other => panic!("{name}: {other}"),
        },
        ..Field::default()
    };
    for line in facts.lines() {
        parse_fact(&mut field, line.strip_prefix("  ").expect("an indent"));
    }
    field
}

fn parse_fact(field: &mut Field, line: &str) {
    if let Some(text) = line.strip_prefix("- Default: ") {
        field.default = Some(backticked(text));
    } else if let Some(text) = line.strip_prefix("- Range: ") {
        let (low, high) = text.split_once(" to ").expect("two bounds");
        field.range = Some((backticked(low), backticked(high)));
    } else if let Some(text) = line.strip_prefix("- Options: ") {
        field.options = Some(text.split(", ").map(backticked).collect());
    } else if let Some(text) = line.strip_prefix("- Array of ") {
        field.items = Some(text.to_owned());
    } else if let Some(text) = line.strip_prefix("- Examples: ") {
        let Value::Array(examples) = json(&format!("[{text}]")) else {
            unreachable!("brackets make an array")
        };
        field.examples = Some(examples);
    } else {
        assert!(field.description.is_empty(), "two descriptions: {line}");
        field.description = line.to_owned();
    }
}

fn document() -> Value {
    json(DOCUMENT)
}

fn component(document: &Value, name: &str) -> Value {
    let found = &document["components"]["schemas"][name];
    assert!(found.is_object(), "no component {name}");
    found.clone()
}

/// What the document says, put as the page puts it.
fn document_fields(schema: &Value) -> Vec<Field> {
    let properties = schema["properties"].as_object().expect("properties");
    let required = schema["required"].as_array().expect("required");
    let order = schema["x-fal-order-properties"].as_array().expect("order");
    assert_eq!(order.len(), properties.len(), "the order names every field");
    let names = order.iter().map(|name| name.as_str().expect("a name"));
    names
        .map(|name| document_field(name, &properties[name], required.contains(&name.into())))
        .collect()
}

fn document_field(name: &str, property: &Value, required: bool) -> Field {
    let nullable = property.get("anyOf").map(|members| {
        assert_eq!(members[1], json(r#"{"type":"null"}"#), "{name}");
        assert_eq!(members.as_array().map(Vec::len), Some(2), "{name}");
        &members[0]
    });
    let shape = nullable.unwrap_or(property);
    let default = property.get("default").cloned();
    let mut description = property["description"].as_str().expect(name).to_owned();
    if let Some(text) = default_sentence(default.as_ref(), nullable.is_some()) {
        description.push_str(&text);
    }
    Field {
        name: name.to_owned(),
        type_name: type_name(property, shape),
        required,
        description,
        default,
        range: shape
            .get("minimum")
            .map(|low| (low.clone(), shape["maximum"].clone())),
        options: shape
            .get("enum")
            .map(|values| values.as_array().expect(name).clone()),
        items: shape.get("items").map(|items| type_name(items, items)),
        examples: property
            .get("examples")
            .map(|values| values.as_array().expect(name).clone()),
    }
}

fn default_sentence(default: Option<&Value>, nullable: bool) -> Option<String> {
    let default = default?;
    if [json("false"), json("0")].contains(default) {
        return None;
    }
    let shown = match default {
        Value::String(text) if nullable => text.clone(),
        other => other.to_string(),
    };
    Some(format!(" Default value: `{shown}`"))
}

fn type_name(property: &Value, shape: &Value) -> String {
    if let Some(reference) = shape["$ref"].as_str() {
        return reference.rsplit('/').next().expect("a name").to_owned();
    }
    if shape.get("enum").is_some() {
        // The title stands beside `anyOf`, and the page looks for it inside.
        let title = if property.get("anyOf").is_some() {
            None
        } else {
            property["title"].as_str()
        };
        return format!("{}Enum", title.unwrap_or_default().replace(' ', ""));
    }
    match shape["type"].as_str().expect("a type") {
        "number" => "float".to_owned(),
        "array" => format!("list<{}>", type_name(&shape["items"], &shape["items"])),
        other => other.to_owned(),
    }
}

fn assert_same_fields(page: &[Field], document: &[Field]) {
    for (page, document) in page.iter().zip(document) {
        assert_eq!(page, document, "field `{}`", page.name);
    }
    assert_eq!(page.len(), document.len());
}

#[test]
fn every_input_field_is_as_the_page_has_it() {
    let page = parse_fields(between(
        PAGE,
        "### Input Schema",
        "**Required Parameters Example**",
    ));
    assert_eq!(page.len(), 31, "the page lists 31 inputs");
    let schema = component(&document(), "Wan22VaceFunA14bDepthInput");
    assert_same_fields(&page, &document_fields(&schema));
}

#[test]
fn every_output_field_is_as_the_page_has_it() {
    let page = parse_fields(between(PAGE, "### Output Schema", "**Example Response**"));
    assert_eq!(page.len(), 4, "the page lists 4 outputs");
    let schema = component(&document(), "Wan22VaceFunA14bDepthOutput");
    assert_same_fields(&page, &document_fields(&schema));
}

#[test]
fn titles_are_the_names_in_words() {
    let document = document();
    for name in ["Input", "Output"] {
        let schema = component(&document, &format!("Wan22VaceFunA14bDepth{name}"));
        for (name, property) in schema["properties"].as_object().expect("properties") {
            let refers = property.to_string().contains("$ref");
            let expected = (!refers).then(|| title(name));
            assert_eq!(
                property["title"].as_str().map(str::to_owned),
                expected,
                "{name}"
            );
        }
    }
}

fn title(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn exactly_the_listed_fields_take_null() {
    let document = document();
    let nullable = |component_name: &str| -> Vec<String> {
        let schema = component(&document, component_name);
        let properties = schema["properties"]
            .as_object()
            .expect("properties")
            .clone();
        let takes_null = properties
            .into_iter()
            .filter(|(_, property)| property.get("anyOf").is_some());
        takes_null.map(|(name, _)| name).collect()
    };
    assert_eq!(
        nullable("Wan22VaceFunA14bDepthInput"),
        [
            "acceleration",
            "first_frame_url",
            "frames_per_second",
            "last_frame_url",
            "seed"
        ]
    );
    assert_eq!(nullable("Wan22VaceFunA14bDepthOutput"), ["frames_zip"]);
    assert_eq!(nullable("File"), ["content_type", "file_name", "file_size"]);
    assert_eq!(
        nullable("VideoFile"),
        [
            "content_type",
            "duration",
            "file_name",
            "file_size",
            "fps",
            "height",
            "num_frames",
            "width"
        ]
    );
}

#[test]
fn files_require_their_url_alone() {
    let document = document();
    for (name, count) in [("File", 4), ("VideoFile", 9)] {
        let schema = component(&document, name);
        assert_eq!(schema["required"], json(r#"["url"]"#));
        assert_eq!(schema["properties"].as_object().map(Map::len), Some(count));
        assert_eq!(
            schema["x-fal-order-properties"].as_array().map(Vec::len),
            Some(count)
        );
    }
}

#[test]
fn overview_and_links_agree() {
    let document = document();
    let metadata = &document["info"]["x-fal-metadata"];
    let overview = between(PAGE, "## Overview\n\n", "\n\n");
    assert!(overview.contains(&format!("- **Model ID**: `{ID}`")));
    assert!(overview.contains(&format!("- **Endpoint**: `https://fal.run/{ID}`")));
    assert_eq!(metadata["endpointId"], ID);
    let category = overview
        .lines()
        .find_map(|line| line.strip_prefix("- **Category**: "));
    assert_eq!(metadata["category"].as_str(), category);
    for (label, key) in [
        ("Model Playground", "playgroundUrl"),
        ("API Documentation", "documentationUrl"),
    ] {
        assert_eq!(
            metadata[key].as_str(),
            Some(between(PAGE, &format!("- [{label}]("), ")"))
        );
    }
}

#[test]
fn four_queue_paths_stand_under_the_full_id() {
    let document = document();
    let paths = document["paths"].as_object().expect("paths");
    let operations: Vec<_> = paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object()
                .expect("an item")
                .keys()
                .map(move |verb| format!("{verb} {path}"))
        })
        .collect();
    assert_eq!(
        operations,
        [
            format!("post /{ID}"),
            format!("get /{ID}/requests/{{request_id}}"),
            format!("put /{ID}/requests/{{request_id}}/cancel"),
            format!("get /{ID}/requests/{{request_id}}/status"),
        ]
    );
    assert_eq!(document["openapi"], "3.0.4");
    assert_eq!(
        document["servers"],
        json(r#"[{"url":"https://queue.fal.run"}]"#)
    );
    assert_eq!(document["security"], json(r#"[{"apiKeyAuth":[]}]"#));
    let scheme = &document["components"]["securitySchemes"]["apiKeyAuth"];
    assert_eq!(
        (&scheme["in"], &scheme["name"]),
        (&"header".into(), &"Authorization".into())
    );
}

#[test]
fn the_pages_examples_are_what_the_document_says() {
    let schema = component(&document(), "Wan22VaceFunA14bDepthInput");
    let example = |heading: &str| {
        let from = &PAGE[PAGE.find(heading).expect(heading)..];
        json(between(from, "```json\n", "\n```"))
    };
    let full = example("**Full Example**");
    let shown = full.as_object().expect("an object");
    for (name, property) in schema["properties"].as_object().expect("properties") {
        let expected = property
            .get("examples")
            .map(|list| &list[0])
            .or(property.get("default"));
        assert_eq!(shown.get(name), expected, "{name}");
    }
    let required = example("**Required Parameters Example**");
    for (name, value) in required.as_object().expect("an object") {
        assert_eq!(shown.get(name), Some(value), "{name}");
        assert!(
            schema["required"]
                .as_array()
                .expect("required")
                .contains(&name.as_str().into())
        );
    }
}
