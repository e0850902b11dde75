//! The one endpoint whose page the project holds: the page's examples through the
//! generated types and the client. Run with
//! `--features fal-sdk/wan-22-vace-fun-a14b`, as `.ci/run` does.

use fal_mock::{MockServer, Script};
use fal_sdk::endpoints::fal_ai::wan_22_vace_fun_a14b::depth::{DepthInput, DepthOutput};
use fal_sdk::schema::schemars::schema_for;
use fal_sdk::wire::Decode;
use fal_sdk::{Client, Input, Validate};
use fal_tests::sample::client;
use serde_json::{Value, json};

const PAGE: &str = include_str!("../fixtures/pages/fal-ai__wan-22-vace-fun-a14b__depth.md");

/// The value with all numbers as floats: JSON does not tell `5` from `5.0`, and
/// `serde_json` does.
fn in_floats(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.iter().map(in_floats).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), in_floats(value)))
            .collect(),
        other => other.clone(),
    }
}

/// The JSON below one of the page's headings.
fn example(heading: &str) -> Value {
    let (_, rest) = PAGE.split_once(heading).expect(heading);
    let (_, rest) = rest.split_once("```json\n").expect("a block");
    let (text, _) = rest.split_once("```").expect("its end");
    serde_json::from_str(text).expect("JSON")
}

/// A server whose model answers with this and nothing else.
async fn answering(output: Value) -> (MockServer, Client) {
    let documents = concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/openapi");
    let script = Script::new().output(output).outputs_verbatim();
    let server = MockServer::builder()
        .documents(documents)
        .script(DepthInput::ENDPOINT, script)
        .start()
        .await
        .expect("a server");
    let fal = client(&server);
    (server, fal)
}

#[test]
fn the_pages_inputs_come_out_as_they_went_in() {
    for heading in ["**Required Parameters Example**", "**Full Example**"] {
        let page = example(heading);
        let input = DepthInput::decode(&page).expect(heading);
        input.validate().expect(heading);
        let sent = serde_json::to_value(&input).expect("JSON");
        assert_eq!(in_floats(&sent), in_floats(&page));
    }
}

#[test]
fn the_constructor_sends_what_the_page_calls_required() {
    let page = example("**Required Parameters Example**");
    let text = |name: &str| page[name].as_str().expect(name).to_owned();
    let input = DepthInput::new(text("prompt"), text("video_url"));
    assert_eq!(serde_json::to_value(&input).expect("JSON"), page);
}

/// What the document demands of an input, for the `jsonschema` crate.
fn document() -> jsonschema::Validator {
    let text = include_str!("../../schemas/openapi/fal-ai/wan-22-vace-fun-a14b/depth.json");
    let document: Value = serde_json::from_str(text).expect("JSON");
    let path = format!("/{}", DepthInput::ENDPOINT);
    let body = &document["paths"][path]["post"]["requestBody"];
    let mut root = body["content"]["application/json"]["schema"].clone();
    root["components"] = document["components"].clone();
    jsonschema::validator_for(&root).expect("a schema")
}

#[test]
fn the_schema_says_what_the_document_says() {
    let schema = schema_for!(DepthInput).to_value();
    insta::assert_snapshot!(serde_json::to_string_pretty(&sorted(&schema)).expect("JSON"));
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let document = document();
    let page = example("**Full Example**");
    assert!(schema.is_valid(&page) && document.is_valid(&page));
    let changes = [
        ("prompt", json!(1)),
        ("prompt", json!(null)),
        ("num_frames", json!(17)),
        ("num_frames", json!(16)),
        ("num_frames", json!(241)),
        ("num_frames", json!(242)),
        ("num_frames", json!(81.5)),
        ("frames_per_second", json!(null)),
        ("frames_per_second", json!(4)),
        ("resolution", json!("720p")),
        ("resolution", json!("8k")),
        ("acceleration", json!(null)),
        ("seed", json!(null)),
        ("ref_image_urls", json!(["https://a/b.png"])),
        ("ref_image_urls", json!("https://a/b.png")),
        ("sync_mode", json!("yes")),
    ];
    let mut refused = 0;
    for (name, value) in changes {
        let mut changed = page.clone();
        changed[name] = value;
        let verdict = schema.is_valid(&changed);
        assert_eq!(verdict, document.is_valid(&changed), "{name}: {changed}");
        refused += usize::from(!verdict);
    }
    assert_eq!(refused, 9);
}

/// The value with the members of its objects in one order, whatever map holds them.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(members) => {
            let members: std::collections::BTreeMap<_, _> = members
                .iter()
                .map(|(name, value)| (name.clone(), sorted(value)))
                .collect();
            Value::Object(members.into_iter().collect())
        }
        other => other.clone(),
    }
}

#[tokio::test]
async fn a_server_takes_the_pages_inputs() {
    let mut output = example("**Example Response**");
    output["seed"] = json!(42);
    let (server, fal) = answering(output).await;
    for heading in ["**Required Parameters Example**", "**Full Example**"] {
        let input = DepthInput::decode(&example(heading)).expect(heading);
        // The mock holds it against the document, as fal does.
        fal.run(input.clone()).await.expect(heading);
        fal.subscribe(input).await.expect(heading);
    }
    let sent: Vec<Value> = server
        .jobs()
        .iter()
        .map(|job| in_floats(&serde_json::from_slice(&job.input).expect("JSON")))
        .collect();
    for heading in ["**Required Parameters Example**", "**Full Example**"] {
        assert!(sent.contains(&in_floats(&example(heading))), "{sent:?}");
    }
}

/// The page's own response lacks the `seed` that its schema requires.
#[tokio::test]
async fn the_pages_response_lacks_its_seed_and_is_kept() {
    let response = example("**Example Response**");
    assert_eq!(response.get("seed"), None, "the page has been mended");
    let (_server, fal) = answering(response.clone()).await;
    let input = || DepthInput::new("a", "https://example.com/walk.mp4");
    let of_run = fal.run(input()).await.expect_err("no seed");
    let of_job = fal.subscribe(input()).await.expect_err("no seed");
    for error in [&of_run, &of_job] {
        assert!(error.is_decode(), "{error:?}");
        assert_eq!(error.decode_error().expect("where").pointer(), "/seed");
        assert!(error.to_string().contains("/seed"), "{error}");
        let kept: Value = serde_json::from_slice(error.raw_body().expect("a body")).expect("JSON");
        assert_eq!(kept, response);
        assert!(error.request_id().is_some(), "{error:?}");
    }
}

#[tokio::test]
async fn the_pages_response_with_a_seed_is_read() {
    let mut response = example("**Example Response**");
    response["seed"] = json!(1_234);
    let (_server, fal) = answering(response.clone()).await;
    let input = DepthInput::new("a", "https://example.com/walk.mp4");
    let output: DepthOutput = fal.subscribe(input).await.expect("an output");
    assert_eq!(output.seed, 1_234);
    assert_eq!(
        Some(output.video.url.as_str()),
        response["video"]["url"].as_str()
    );
    assert_eq!(output.prompt, "");
    assert_eq!(output.frames_zip, None);
}
