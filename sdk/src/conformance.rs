//! Tests of private parts against the test vectors of the protocol. Public parts are tested
//! against them in the `tests` crate.

use std::path::PathBuf;

use serde_json::Value;

use crate::contract::media::Media;
use crate::transport::endpoint_id::path_below;
use crate::transport::error::{ApiBody, Error};
use crate::transport::http::hosts::Hosts;
use crate::transport::http::sse::{Event, Parser};
use crate::transport::http::{Operation, Reply};

pub(crate) fn vectors(name: &str) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/fixtures/vectors")
        .join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    serde_json::from_str(&text).unwrap()
}

pub(crate) fn cases(vectors: &Value, name: &str) -> Vec<Value> {
    let cases = vectors[name].as_array().cloned().unwrap_or_default();
    assert!(!cases.is_empty(), "no cases in {name}");
    cases
}

#[test]
fn event_streams() {
    for case in cases(&vectors("sse_parse.json"), "cases") {
        let name = &case["name"];
        let chunks: Vec<Vec<u8>> = match case["input"].as_str() {
            Some(text) => vec![text.as_bytes().to_vec()],
            None => case["chunks_hex"]
                .as_array()
                .unwrap()
                .iter()
                .map(|hex| unhex(hex.as_str().unwrap()))
                .collect(),
        };
        let mut parser = Parser::new(1 << 20);
        let mut events = Vec::new();
        for chunk in &chunks {
            parser.push(chunk).unwrap();
            events.extend(std::iter::from_fn(|| parser.next()));
        }
        match &case["events"] {
            Value::Number(count) => assert_eq!(Some(events.len() as u64), count.as_u64(), "{name}"),
            expected => assert_eq!(&shown(&events), expected, "{name}"),
        }
    }
}

pub(crate) fn unhex(hex: &str) -> Vec<u8> {
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}

fn shown(events: &[Event]) -> Value {
    let show = |event: &Event| {
        let mut shown = serde_json::Map::new();
        let members = [("event", &event.event), ("id", &event.id)];
        for (name, value) in members {
            if let Some(value) = value {
                shown.insert(name.to_owned(), value.clone().into());
            }
        }
        shown.insert("data".to_owned(), event.data.clone().into());
        Value::Object(shown)
    };
    events.iter().map(show).collect()
}

fn reply(http: u64, headers: &Value, body: &str) -> Reply {
    let mut map = reqwest::header::HeaderMap::new();
    for (name, value) in headers.as_object().into_iter().flatten() {
        let name = reqwest::header::HeaderName::try_from(name.as_str()).unwrap();
        map.insert(name, value.as_str().unwrap().parse().unwrap());
    }
    Reply {
        status: u16::try_from(http).unwrap().try_into().unwrap(),
        headers: map,
        body: body.to_owned().into(),
        secrets: crate::transport::redact::Secrets::default(),
    }
}

fn error(case: &Value) -> Error {
    let body = match (&case["body"], case["body_text"].as_str()) {
        (_, Some(text)) => text.to_owned(),
        (Value::String(text), None) => text.clone(),
        (json, None) => json.to_string(),
    };
    reply(case["http"].as_u64().unwrap(), &case["headers"], &body).error(Operation::Result)
}

#[test]
fn error_bodies_as_python_reads_them() {
    for case in cases(&vectors("error_parse.json"), "python") {
        let error = error(&case);
        let expect = &case["expect"];
        assert_eq!(Some(error.message()), expect["message"].as_str());
        assert_eq!(error.error_type(), expect["error_type"].as_str());
    }
}

/// The JavaScript client does not show the server's message in its errors, so the expected
/// messages are not in the vectors.
#[test]
fn error_bodies_of_the_javascript_suite() {
    let all = cases(&vectors("error_parse.json"), "js");
    let errors: Vec<Error> = all.iter().map(error).collect();
    assert_eq!(errors[0].message(), "bad");
    assert!(errors[0].is_validation());
    assert_eq!(errors[1].message(), "too small at /image_url");
    assert_eq!(errors[1].field_errors()[0].pointer(), "/image_url");
    assert_eq!(errors[1].field_errors()[0].context()["min_width"], 1);
    assert_eq!(Some(errors[2].message()), all[2]["body"]["detail"].as_str());
    assert!(errors[2].is_balance() && !errors[2].is_auth());
    assert_eq!(errors[3].message(), "m");
    assert_eq!(errors[4].message(), "<html>nginx</html>");
    assert!(errors[4].is_retryable());
}

#[test]
fn locations_of_every_kind() {
    let vectors = vectors("error_parse.json");
    let pointers: Vec<String> = cases(&vectors, "loc_variants")
        .iter()
        .map(|location| {
            let body = serde_json::json!({"detail": [{"loc": location, "msg": "m", "type": "t"}]});
            ApiBody::parse(body.to_string().as_bytes()).field_errors[0].pointer()
        })
        .collect();
    assert_eq!(pointers, ["/image_url", "/images/0/url", "/query/x", ""]);
    for case in cases(&vectors, "mixed") {
        let parsed = ApiBody::parse(case.to_string().as_bytes());
        assert_eq!(parsed.field_errors[0].error_type(), "greater_than");
        assert_eq!(parsed.field_errors[0].context()["gt"], 0);
    }
}

/// Every documented error type is read from the body, and no error type of a model counts as a
/// failure of the connection.
#[test]
fn error_types() {
    let vectors = vectors("error_types.json");
    for (name, http) in vectors["request_errors"].as_object().unwrap() {
        let body = serde_json::json!({"detail": "words", "error_type": name}).to_string();
        let error = reply(http.as_u64().unwrap(), &Value::Null, &body).error(Operation::Result);
        assert_eq!(error.error_type(), Some(name.as_str()));
        assert!(error.to_string().starts_with("words"));
    }
    for (name, codes) in vectors["model_errors"].as_object().unwrap() {
        for http in codes.as_array().unwrap() {
            let detail = serde_json::json!([{"loc": ["body"], "msg": "words", "type": name}]);
            let body = serde_json::json!({"detail": detail}).to_string();
            let error = reply(http.as_u64().unwrap(), &Value::Null, &body).error(Operation::Result);
            assert_eq!(error.error_type(), Some(name.as_str()));
            let refused = matches!(
                name.as_str(),
                "content_policy_violation" | "no_media_generated"
            );
            assert_eq!(error.is_validation(), http == 422 && !refused, "{name}");
        }
    }
}

/// The vectors accept full URLs as endpoint ids. This crate refuses them.
#[test]
fn full_urls_are_refused_as_ids() {
    for case in cases(&vectors("url_building.json"), "full_url_ids") {
        assert!(
            crate::transport::endpoint_id::EndpointId::parse(case["url"].as_str().unwrap())
                .is_err()
        );
    }
}

/// The vectors with an empty path are left out: it stands for the endpoint itself here, and for no
/// path in JavaScript.
#[test]
fn paths_below_endpoints() {
    for case in cases(&vectors("url_building.json"), "resolve_endpoint_path") {
        let text = |name: &str| case[name].as_str();
        if text("path") == Some("") {
            continue;
        }
        let (app, usual) = (text("app").unwrap(), text("default").unwrap());
        let path = path_below(app, text("path"), usual.trim_start_matches('/')).unwrap();
        assert_eq!(path, format!("{app}{}", text("expect").unwrap_or_default()));
    }
}

#[test]
fn media_as_part_of_the_input() {
    for case in cases(&vectors("file_names.json"), "data_uri") {
        let bytes = match case["bytes_utf8"].as_str() {
            Some(text) => text.as_bytes().to_vec(),
            None => unhex(case["bytes_hex"].as_str().unwrap()),
        };
        let media = Media::data_uri(bytes, case["content_type"].as_str().unwrap());
        assert_eq!(media.as_url(), case["expect"].as_str());
    }
}

#[test]
fn urls_of_look_alikes_do_not_belong_to_fal() {
    let hosts = Hosts::new(&[], false).unwrap();
    let own = |url: &str| hosts.own(&reqwest::Url::parse(url).unwrap());
    assert!(own("https://queue.fal.run/fal-ai/x/requests/R"));
    for foreign in [
        "http://queue.fal.run/x",
        "https://queue.fal.run:8443/x",
        "https://queue.fal.run.evil.com/x",
        "https://notfal.run/x",
        "https://fal.run@evil.com/x",
        "https://user@queue.fal.run/x",
        "https://sub.fal.run/x",
    ] {
        assert!(!own(foreign), "{foreign}");
    }
}
