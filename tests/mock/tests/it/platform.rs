//! The platform API beyond the catalog.

use std::time::Duration;

use fal_mock::{Failure, Fault, Hold, MockServer, Route, Script};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::support::{APP, ENDPOINT, client, get, post, put, send, server, start, submit, text};

fn url(server: &MockServer, path: &str) -> String {
    format!("{}/{path}", server.urls().platform)
}

async fn ask(request: RequestBuilder) -> Value {
    let (code, body) = send(request).await;
    assert_eq!(code, 200, "{body}");
    body
}

async fn refused(request: RequestBuilder) -> (u16, String) {
    let (code, body) = send(request).await;
    (code, text(&body["error"], "type").to_owned())
}

fn delete(url: String) -> RequestBuilder {
    client().delete(url).header("authorization", "Key a:b")
}

#[tokio::test]
async fn prices_and_estimates() {
    let server = start(
        MockServer::builder()
            .app("other/app")
            .price(ENDPOINT, 0.25, "sketch"),
    )
    .await;
    let prices = ask(get(url(
        &server,
        &format!("models/pricing?endpoint_id={ENDPOINT},other/app"),
    )))
    .await;
    let expected = json!([
        { "endpoint_id": ENDPOINT, "unit_price": 0.25, "unit": "sketch", "currency": "USD" },
        { "endpoint_id": "other/app", "unit_price": 0.05, "unit": "units", "currency": "USD" },
    ]);
    assert_eq!(prices["prices"], expected);
    let estimate = url(&server, "models/pricing/estimate");
    let bodies = [
        (
            json!({ "estimate_type": "historical_api_price", "endpoints": { ENDPOINT: { "call_quantity": 3 } } }),
            0.75,
        ),
        (
            json!({ "estimate_type": "unit_price", "endpoints": { ENDPOINT: { "unit_quantity": 0.5 } } }),
            0.125,
        ),
    ];
    for (body, total) in bodies {
        let reply = ask(post(&estimate).json(&body)).await;
        assert_eq!(
            (&reply["total_cost"], text(&reply, "currency")),
            (&json!(total), "USD")
        );
    }
    let wrong =
        json!({ "estimate_type": "unit_price", "endpoints": { ENDPOINT: { "unit_quantity": 0 } } });
    assert_eq!(
        refused(post(&estimate).json(&wrong)).await,
        (400, "validation_error".into())
    );
    assert_eq!(
        refused(get(url(&server, "models/pricing"))).await,
        (400, "validation_error".into())
    );
    let unknown = url(&server, "models/pricing?endpoint_id=no/such");
    assert_eq!(refused(get(unknown)).await, (404, "not_found".into()));
    assert_eq!(
        refused(client().get(url(&server, "models/pricing?endpoint_id=no/such")))
            .await
            .0,
        401
    );
    server.inject(Fault::rate_limited(Some(Duration::from_secs(3))).on(Route::Pricing));
    let limited = get(url(&server, "models/pricing")).send().await.unwrap();
    assert_eq!(
        (
            limited.status().as_u16(),
            &limited.headers()["x-ratelimit-reset"]
        ),
        (429, &"3".parse().unwrap())
    );
}

#[tokio::test]
async fn usage_analytics_and_billing_count_jobs() {
    let server =
        start(MockServer::builder().default_script(Script::new().run(Duration::from_millis(2))))
            .await;
    let good = submit(&server, json!({ "prompt": "a hat" })).await;
    let bad = submit(&server, json!({})).await;
    for job in [&good, &bad] {
        get(format!("{}/stream", text(job, "status_url")))
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
    }
    let usage = ask(get(url(&server, "models/usage?expand=summary"))).await;
    assert_eq!(
        (
            &usage["summary"][0]["quantity"],
            &usage["summary"][0]["cost"]
        ),
        (&json!(1), &json!(0.05))
    );
    assert!(usage.get("time_series").is_none());
    let query =
        "expand=time_series,request_count,user_error_count,p50_duration,p90_cold_boot_duration";
    let analytics = ask(get(url(
        &server,
        &format!("models/analytics?endpoint_id={ENDPOINT}&{query}"),
    )))
    .await;
    let result = &analytics["time_series"][0]["results"][0];
    let expected = json!({ "endpoint_id": ENDPOINT, "request_count": 2, "user_error_count": 1,
                           "p50_duration": 0.002, "p90_cold_boot_duration": 0 });
    assert_eq!(result, &expected);
    let no_metric = url(
        &server,
        &format!("models/analytics?endpoint_id={ENDPOINT}&expand=summary"),
    );
    assert_eq!(
        refused(get(no_metric)).await,
        (400, "validation_error".into())
    );
    let events = ask(get(url(&server, "models/billing-events?limit=10"))).await;
    assert_eq!(
        events["billing_events"][0]["request_id"],
        good["request_id"]
    );
    assert_eq!(
        events["billing_events"][0]["cost_estimate_nano_usd"],
        50_000_000.0
    );
}

#[tokio::test]
async fn past_requests() {
    let server = server().await;
    let mut ids = Vec::new();
    for prompt in ["a hat", "a cat"] {
        ids.push(
            text(
                &submit(&server, json!({ "prompt": prompt })).await,
                "request_id",
            )
            .to_owned(),
        );
    }
    submit(&server, json!({})).await;
    let by = |query: &str| {
        get(url(
            &server,
            &format!("models/requests/by-endpoint?endpoint_id={ENDPOINT}&{query}"),
        ))
    };
    let page = ask(by("status=success&limit=1&expand=payloads")).await;
    assert_eq!(
        (&page["items"][0]["request_id"], &page["has_more"]),
        (&json!(ids[1]), &json!(true))
    );
    assert_eq!(page["items"][0]["json_input"]["prompt"], "a cat");
    assert_eq!(page["items"][0]["json_output"]["seed"], 5);
    let rest = ask(by(&format!(
        "status=success&limit=1&cursor={}",
        text(&page, "next_cursor")
    )))
    .await;
    assert_eq!(
        (&rest["items"][0]["request_id"], &rest["next_cursor"]),
        (&json!(ids[0]), &Value::Null)
    );
    assert_eq!(
        ask(by("status=user_error")).await["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    for wrong in ["status=bad", "sort_by=mood", "expand=all"] {
        assert_eq!(
            refused(by(wrong)).await,
            (400, "validation_error".into()),
            "{wrong}"
        );
    }
    let found = ask(get(url(&server, "models/requests/search?query=HAT"))).await;
    assert_eq!(found["results"][0]["request_id"], json!(ids[0]));
    let gone = ask(delete(url(
        &server,
        &format!("models/requests/{}/payloads", ids[1]),
    )))
    .await;
    assert!(text(&gone["cdn_delete_results"][0], "link").starts_with(&server.urls().cdn));
    let page = ask(by(&format!("expand=payloads&request_id={}", ids[1]))).await;
    assert!(page["items"][0].get("json_input").is_none());
    assert_eq!(
        refused(delete(url(&server, "models/requests/none/payloads")))
            .await
            .0,
        404
    );
}

#[tokio::test]
async fn files_rules_and_settings() {
    let server = server().await;
    let initiate = post(format!(
        "{}/storage/upload/initiate?storage_type=gcs",
        server.urls().rest
    ));
    let place =
        ask(initiate.json(&json!({ "content_type": "text/plain", "file_name": "a.txt" }))).await;
    let upload = client()
        .put(text(&place, "upload_url"))
        .header("content-type", "text/plain");
    assert_eq!(send(upload.body("secret")).await.0, 200);
    let file = text(&place, "file_url");
    let acl = url(&server, &format!("storage/files/acl?url={file}"));
    assert_eq!(ask(get(&acl)).await["default"], "allow");
    let rules = json!({ "default": "forbid", "rules": [{ "user": "me", "decision": "allow" }] });
    assert_eq!(ask(put(&acl).json(&rules)).await, rules);
    assert_eq!(send(client().get(file)).await.0, 403);
    let sign = url(&server, &format!("storage/files/sign?url={file}"));
    let signed = ask(post(&sign).json(&json!({ "expiration_seconds": 60 }))).await;
    assert_eq!(
        send(client().get(text(&signed, "signed_url"))).await,
        (200, json!("secret"))
    );
    assert_eq!(
        refused(post(&sign).json(&json!({ "expiration_seconds": 0 })))
            .await
            .0,
        400
    );
    assert_eq!(
        refused(get(url(
            &server,
            "storage/files/acl?url=http://x/files/none"
        )))
        .await
        .0,
        404
    );
    let settings = json!({ "expiration_duration_seconds": 60 });
    assert_eq!(
        ask(put(url(&server, "storage/settings")).json(&settings)).await,
        settings
    );
    assert_eq!(ask(get(url(&server, "storage/settings"))).await, settings);
}

#[tokio::test]
async fn keys_have_scopes() {
    let server = start(MockServer::builder().key("a:b").inference_key("c:d")).await;
    let keys = url(&server, "keys");
    let limited = client().get(&keys).header("authorization", "Key c:d");
    assert_eq!(refused(limited).await, (403, "authorization_error".into()));
    let (code, made) = send(post(&keys).json(&json!({ "alias": "ci" }))).await;
    assert_eq!(code, 201);
    let secret = format!("Key {}", text(&made, "key"));
    let run = || {
        client()
            .post(format!("{}/{ENDPOINT}", server.urls().run))
            .header("authorization", &secret)
    };
    assert_eq!(send(run().json(&json!({ "prompt": "x" }))).await.0, 200);
    let listed = ask(get(&keys)).await;
    assert_eq!(
        (
            listed["keys"].as_array().unwrap().len(),
            text(&listed["keys"][2], "alias")
        ),
        (3, "ci")
    );
    assert!(
        !listed.to_string().contains(text(&made, "key_secret")),
        "told once"
    );
    assert_eq!(
        send(delete(format!("{keys}/{}", text(&made, "key_id"))))
            .await
            .0,
        204
    );
    assert_eq!(send(run().json(&json!({ "prompt": "x" }))).await.0, 401);
}

#[tokio::test]
async fn the_account_its_queues_and_the_platform() {
    let failure = Failure::new(500, json!({}));
    let held = Script::new().hold(Hold::Queued).fail(failure);
    let server = start(MockServer::builder().default_script(held)).await;
    let job = submit(&server, json!({ "prompt": "x" })).await;
    let queue = url(&server, &format!("serverless/apps/{APP}/queue"));
    assert_eq!(ask(get(&queue)).await, json!({ "queue_size": 1 }));
    assert_eq!(send(delete(queue.clone())).await.0, 204);
    get(format!("{}/stream", text(&job, "status_url")))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(send(get(text(&job, "response_url"))).await.0, 499);
    assert_eq!(ask(get(&queue)).await, json!({ "queue_size": 0 }));
    let billing = ask(get(url(&server, "account/billing?expand=credits"))).await;
    assert_eq!(billing["credits"]["currency"], "USD");
    let meta = ask(client().get(url(&server, "meta"))).await;
    assert!(meta["webhook_ip_ranges"].is_array());
}
