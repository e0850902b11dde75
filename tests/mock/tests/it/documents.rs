//! Documents: served alone, in catalog pages, and from folders.

use fal_mock::MockServer;
use serde_json::{Value, json};

use crate::support::{ENDPOINT, client, document, get, run, send, server, text};

#[tokio::test]
async fn single_documents() {
    let server = server().await;
    let url = |id: &str| {
        format!(
            "{}/api/openapi/queue/openapi.json?endpoint_id={id}",
            server.urls().fal
        )
    };
    assert_eq!(send(client().get(url(ENDPOINT))).await, (200, document()));
    assert_eq!(send(client().get(url("no/such"))).await, (404, Value::Null));
}

#[tokio::test]
async fn the_catalog_has_pages_filters_and_expansions() {
    let mut builder = MockServer::builder().failed_expansion("owner/app-3");
    for number in 0..7 {
        let text = document()
            .to_string()
            .replace(ENDPOINT, &format!("owner/app-{number}"));
        let mut document: Value = serde_json::from_str(&text).unwrap();
        document["info"]["x-fal-metadata"]["category"] = json!(if number < 2 {
            "training"
        } else {
            "text-to-image"
        });
        builder = builder.document(document);
    }
    let server = builder.start().await.unwrap();
    let models = format!("{}/models", server.urls().platform);

    let mut ids = Vec::new();
    let mut cursor = String::new();
    loop {
        let (code, page) = send(client().get(format!("{models}?limit=3{cursor}"))).await;
        assert_eq!(code, 200);
        ids.extend(
            page["models"]
                .as_array()
                .unwrap()
                .iter()
                .map(|model| text(model, "endpoint_id").to_owned()),
        );
        assert_eq!(page["has_more"], page["next_cursor"].is_string());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(
        ids,
        (0..7)
            .map(|number| format!("owner/app-{number}"))
            .collect::<Vec<_>>()
    );

    let two =
        format!("{models}?endpoint_id=owner/app-3&endpoint_id=owner/app-5&expand=openapi-3.0");
    let (_, page) = send(get(two)).await;
    assert_eq!(
        page["models"][0]["openapi"]["error"]["code"],
        "expansion_failed"
    );
    assert_eq!(page["models"][1]["openapi"]["openapi"], "3.0.4");
    let (_, page) = send(get(format!("{models}?category=training"))).await;
    assert_eq!(page["models"].as_array().unwrap().len(), 2);
    assert!(page["models"][0].get("openapi").is_none());
    let (_, page) = send(get(format!("{models}?q=APP-6"))).await;
    assert_eq!(page["models"][0]["endpoint_id"], "owner/app-6");

    let many: String = (0..51)
        .map(|number| format!("&endpoint_id=a/{number}"))
        .collect();
    for wrong in ["limit=0", "cursor=%21", "expand=all", "status=gone", &many] {
        let (code, body) = send(get(format!("{models}?{wrong}"))).await;
        assert_eq!(
            (code, text(&body["error"], "type")),
            (400, "validation_error"),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn a_broken_document_is_named_and_the_others_served() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("paint-shop")).unwrap();
    std::fs::write(
        folder.path().join("paint-shop/good.json"),
        document().to_string(),
    )
    .unwrap();
    std::fs::write(folder.path().join("broken.json"), "{ not json").unwrap();
    std::fs::write(folder.path().join("empty.json"), "{}").unwrap();
    let server = MockServer::builder()
        .documents(folder.path())
        .start()
        .await
        .unwrap();
    let warnings = server.warnings();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(
        warnings[0].contains("broken.json") && warnings[0].contains("line 1"),
        "{warnings:?}"
    );
    assert!(
        warnings[1].contains("empty.json") && warnings[1].contains("/paths"),
        "{warnings:?}"
    );
    assert_eq!(run(&server, json!({ "prompt": "x" })).await.0, 200);
}
