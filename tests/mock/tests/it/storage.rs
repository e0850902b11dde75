//! Both families of uploads, whole and in parts, and what may be read of them.

use fal_mock::{MockServer, Route};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use crate::support::{client, json_of, post, put, send, server, start, text};

async fn initiate(server: &MockServer, kind: &str, tail: &str) -> Value {
    let url = format!(
        "{}/storage/upload/initiate{tail}?storage_type={kind}",
        server.urls().rest
    );
    let (code, body) =
        send(post(url).json(&json!({ "content_type": "image/png", "file_name": "my hat.png" })))
            .await;
    assert_eq!(code, 200, "{body}");
    body
}

async fn cdn_token(server: &MockServer) -> String {
    let url = format!(
        "{}/storage/auth/token?storage_type=fal-cdn-v3",
        server.urls().rest
    );
    let (code, body) = send(post(url).json(&json!({}))).await;
    assert_eq!(
        (code, text(&body, "base_url")),
        (200, server.urls().cdn.as_str())
    );
    format!("{} {}", text(&body, "token_type"), text(&body, "token"))
}

async fn reply(request: RequestBuilder) -> Response {
    request.send().await.unwrap()
}

/// `PUT {url without query}/{tail}?{query}`, as clients extend signed URLs.
fn extended(url: &str, tail: &str) -> String {
    let (path, query) = url.split_once('?').unwrap();
    format!("{path}/{tail}?{query}")
}

#[tokio::test]
async fn a_signed_upload() {
    let server = server().await;
    let place = initiate(&server, "fal-cdn-v3", "").await;
    let url = text(&place, "upload_url");
    assert!(url.contains('?'));
    let put = |kind: &'static str| client().put(url).header("content-type", kind).body("PNG!");
    assert_eq!(
        reply(put("image/png").header("authorization", "Key a:b"))
            .await
            .status(),
        400,
        "signed is enough"
    );
    assert_eq!(
        reply(put("image/jpeg")).await.status(),
        403,
        "signed for another type"
    );
    let unsigned = url.split('?').next().unwrap();
    assert_eq!(
        reply(client().put(unsigned).header("content-type", "image/png"))
            .await
            .status(),
        403
    );
    let done = reply(put("image/png")).await;
    assert_eq!(done.status(), 200);
    let file = reply(client().get(text(&place, "file_url"))).await;
    assert_eq!(file.headers()["content-type"], "image/png");
    assert_eq!(file.headers()["etag"], done.headers()["etag"]);
    assert_eq!(file.text().await.unwrap(), "PNG!");
    let files = server.files();
    assert_eq!(
        (
            files[0].name.as_str(),
            files[0].length,
            files[0].content.as_ref()
        ),
        ("my hat.png", 4, &b"PNG!"[..])
    );
    let unknown = format!(
        "{}/storage/upload/initiate?storage_type=s3",
        server.urls().rest
    );
    assert_eq!(send(post(unknown).json(&json!({}))).await.0, 400);
}

#[tokio::test]
async fn a_signed_upload_in_parts() {
    let server = server().await;
    let place = initiate(&server, "fal-cdn-v3", "-multipart").await;
    let url = text(&place, "upload_url");
    let mut parts = Vec::new();
    for (number, content) in [(2, "world"), (1, "hello ")] {
        let response = reply(
            client()
                .put(extended(url, &number.to_string()))
                .body(content),
        )
        .await;
        let etag = response.headers()["etag"].to_str().unwrap().to_owned();
        let body = json_of(response).await;
        assert_eq!(body, json!({ "partNumber": number, "etag": etag }));
        parts.push(body);
    }
    let complete = |parts: Value| {
        client()
            .post(extended(url, "complete"))
            .json(&json!({ "parts": parts }))
    };
    let (code, body) = send(complete(json!(parts))).await;
    assert_eq!(
        (code, text(&body, "detail")),
        (400, "Part 1 is out of order")
    );
    assert_eq!(
        send(complete(json!([parts[1]]))).await.0,
        400,
        "one is missing"
    );
    assert_eq!(send(complete(json!([parts[1], parts[0]]))).await.0, 200);
    assert_eq!(
        reply(client().get(text(&place, "file_url")))
            .await
            .text()
            .await
            .unwrap(),
        "hello world"
    );
    assert_eq!(server.count(Route::SignedPart), 2);
}

#[tokio::test]
async fn the_buckets_way_gives_every_part_a_url() {
    let server = server().await;
    let place = initiate(&server, "gcs", "-multipart").await;
    let url = text(&place, "upload_url");
    let (_, part) = send(client().post(extended(url, "1"))).await;
    let response = reply(put(text(&part, "upload_url")).body("all of it")).await;
    let etag = response.headers()["etag"]
        .to_str()
        .unwrap()
        .trim_matches('"')
        .to_owned();
    let parts = json!({ "parts": [{ "part_number": 1, "etag": etag }] });
    assert_eq!(
        send(client().post(extended(url, "complete")).json(&parts))
            .await
            .0,
        200
    );
    assert_eq!(
        reply(client().get(text(&place, "file_url")))
            .await
            .text()
            .await
            .unwrap(),
        "all of it"
    );
}

#[tokio::test]
async fn a_cdn_upload_with_its_lifecycle() {
    let server = server().await;
    let token = cdn_token(&server).await;
    let url = format!("{}/files/upload", server.urls().cdn);
    let lifecycle = r#"{"expiration_duration_seconds":60,"initial_acl":{"default":"forbid"}}"#;
    let upload = |token: &str| {
        client()
            .post(&url)
            .header("authorization", token)
            .header("content-type", "text/plain")
            .header("x-fal-file-name", "note.txt")
            .body("hello")
    };
    for wrong in ["Key a:b", "Bearer other"] {
        assert_eq!(reply(upload(wrong)).await.status(), 401, "{wrong}");
    }
    let (code, open) = send(upload(&token)).await;
    assert_eq!(code, 200);
    assert_eq!(
        reply(client().get(text(&open, "access_url")))
            .await
            .text()
            .await
            .unwrap(),
        "hello"
    );
    let (_, closed) = send(upload(&token).header("x-fal-object-lifecycle", lifecycle)).await;
    assert_eq!(
        reply(client().get(text(&closed, "access_url")))
            .await
            .status(),
        403
    );
    let hidden = upload(&token).header(
        "x-fal-object-lifecycle",
        r#"{"initial_acl":{"default":"hide"}}"#,
    );
    assert_eq!(
        reply(client().get(text(&send(hidden).await.1, "access_url")))
            .await
            .status(),
        404
    );
    assert_eq!(
        send(upload(&token).header("x-fal-object-lifecycle", "{"))
            .await
            .0,
        400
    );
    let files = server.files();
    assert_eq!(files.len(), 3);
    assert_eq!(files[0].lifecycle, None);
    assert_eq!(
        files[1].lifecycle,
        Some(serde_json::from_str(lifecycle).unwrap())
    );
    assert_eq!(files[0].name, "note.txt");
}

#[tokio::test]
async fn a_cdn_upload_in_parts() {
    let server = start(MockServer::builder().cdn_token_expiry("2000-01-01T00:00:00+00:00")).await;
    let token = cdn_token(&server).await;
    let begin = client().post(format!("{}/files/upload/multipart", server.urls().cdn));
    let begin = begin
        .header("authorization", &token)
        .header("content-type", "video/mp4")
        .header("x-fal-file-name", "a.mp4");
    let (_, begun) = send(begin).await;
    let base = format!(
        "{}/multipart/{}",
        text(&begun, "access_url"),
        text(&begun, "uploadId")
    );
    let mut parts = Vec::new();
    for number in 1..=3 {
        let part = client()
            .put(format!("{base}/{number}"))
            .header("authorization", &token);
        let response = reply(part.body(vec![number; 1000])).await;
        let etag = response.headers()["etag"].to_str().unwrap().to_owned();
        // The last one first, as clients do that upload parts at once.
        parts.insert(0, json!({ "partNumber": number, "etag": etag }));
    }
    assert_eq!(
        reply(
            client()
                .put(format!("{base}/0"))
                .header("authorization", &token)
        )
        .await
        .status(),
        400
    );
    assert_eq!(reply(client().put(format!("{base}/4"))).await.status(), 401);
    let complete = client()
        .post(format!("{base}/complete"))
        .header("authorization", &token);
    assert_eq!(send(complete.json(&json!({ "parts": parts }))).await.0, 200);
    let file = reply(
        client()
            .get(text(&begun, "access_url"))
            .header("range", "bytes=999-1000"),
    )
    .await;
    assert_eq!(file.bytes().await.unwrap().as_ref(), [1, 2]);
}

#[tokio::test]
async fn uploads_can_be_counted_without_being_kept() {
    let server = start(MockServer::builder().discard_uploads()).await;
    let place = initiate(&server, "gcs", "").await;
    let put = client()
        .put(text(&place, "upload_url"))
        .header("content-type", "image/png");
    assert_eq!(reply(put.body(vec![7; 100_000])).await.status(), 200);
    let files = server.files();
    assert_eq!((files[0].length, files[0].content.len()), (100_000, 0));
}
