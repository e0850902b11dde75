//! What the tests share: a document of their own, a client, and shorthands.
#![allow(dead_code, reason = "every test file uses its own part")]

use std::sync::LazyLock;

use fal_mock::{MockServer, MockServerBuilder};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

pub const ENDPOINT: &str = "paint-shop/easel/sketch";
pub const APP: &str = "paint-shop/easel";

/// A model that sketches: bounds, options, unions, files, nullable fields.
pub fn document() -> Value {
    json!({
        "openapi": "3.0.4",
        "info": {
            "title": "Queue OpenAPI for paint-shop/easel/sketch", "version": "1.0.0",
            "description": "Sketches what it is told.",
            "x-fal-metadata": { "endpointId": ENDPOINT, "category": "text-to-image" }
        },
        "components": { "schemas": schemas() },
        "paths": {
            "/paint-shop/easel/sketch": { "post": {
                "requestBody": { "required": true, "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/SketchInput" } } } }
            } },
            "/paint-shop/easel/sketch/requests/{request_id}": { "get": { "responses": { "200": { "content": {
                "application/json": { "schema": { "$ref": "#/components/schemas/SketchOutput" } } } } } } }
        }
    })
}

fn schemas() -> Value {
    json!({
        "SketchInput": {
            "type": "object",
            "required": ["prompt"],
            "x-fal-order-properties": ["prompt", "strokes", "style", "paper", "seed", "tags"],
            "properties": {
                "prompt": { "type": "string", "minLength": 1 },
                "strokes": { "type": "integer", "minimum": 17, "maximum": 241, "default": 81 },
                "style": { "enum": ["ink", "chalk", "Hope"], "type": "string" },
                "paper": { "anyOf": [ { "$ref": "#/components/schemas/Paper" }, { "enum": ["a4", "a5"], "type": "string" } ] },
                "seed": { "anyOf": [ { "type": "integer" }, { "type": "null" } ] },
                "tags": { "type": "array", "maxItems": 2, "uniqueItems": true, "items": { "type": "string" } }
            }
        },
        "Paper": {
            "type": "object",
            "properties": { "width": { "type": "integer", "exclusiveMinimum": 0, "multipleOf": 8 } }
        },
        "SketchOutput": {
            "type": "object",
            "required": ["picture", "seed", "extras"],
            "properties": {
                "picture": { "$ref": "#/components/schemas/Picture",
                             "examples": [{ "url": "https://files.example/a/drawing.jpeg", "file_size": 7 }] },
                "seed": { "type": "integer", "minimum": 5 },
                "extras": { "type": "array", "items": { "$ref": "#/components/schemas/Picture" } },
                "notes": { "anyOf": [ { "type": "string" }, { "type": "null" } ] }
            }
        },
        "Picture": {
            "type": "object",
            "required": ["url"],
            "properties": {
                "url": { "type": "string" },
                "content_type": { "anyOf": [ { "type": "string" }, { "type": "null" } ], "examples": ["image/png"] },
                "file_size": { "anyOf": [ { "type": "integer" }, { "type": "null" } ] }
            }
        }
    })
}

/// A server with the sketching model.
pub async fn server() -> MockServer {
    start(MockServer::builder()).await
}

/// A configured server with the sketching model.
pub async fn start(builder: MockServerBuilder) -> MockServer {
    builder.document(document()).start().await.unwrap()
}

/// A request with a key.
pub fn post(url: impl AsRef<str>) -> RequestBuilder {
    client()
        .post(url.as_ref())
        .header("authorization", "Key a:b")
}

/// A request with a key.
pub fn get(url: impl AsRef<str>) -> RequestBuilder {
    client()
        .get(url.as_ref())
        .header("authorization", "Key a:b")
}

/// A request with a key.
pub fn put(url: impl AsRef<str>) -> RequestBuilder {
    client()
        .put(url.as_ref())
        .header("authorization", "Key a:b")
}

/// Redirects are replies like any other here. Tests run on runtimes of their own, so no connection is kept.
pub fn client() -> Client {
    static CLIENT: LazyLock<Client> = LazyLock::new(|| {
        Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(0)
            .build()
            .unwrap()
    });
    CLIENT.clone()
}

/// Sends, and takes the reply apart.
pub async fn send(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    (response.status().as_u16(), json_of(response).await)
}

/// The body as JSON; as a string where it is not.
pub async fn json_of(response: Response) -> Value {
    let text = response.text().await.unwrap();
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}

/// Submits to the sketching model.
pub async fn submit(server: &MockServer, input: Value) -> Value {
    let url = format!("{}/{ENDPOINT}", server.urls().queue);
    let (status, body) = send(post(url).json(&input)).await;
    assert_eq!(status, 200, "{body}");
    body
}

/// Runs the sketching model.
pub async fn run(server: &MockServer, input: Value) -> (u16, Value) {
    send(post(format!("{}/{ENDPOINT}", server.urls().run)).json(&input)).await
}

/// A text member.
pub fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("no {key} in {value}"))
}
