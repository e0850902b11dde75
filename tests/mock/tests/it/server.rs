//! Direct runs, keys, files, hosts, the record, and bad input of the server's owner.

use std::io::{Read as _, Write as _};

use crate::support::{ENDPOINT, client, get, post, run, send, server, start, text};
use fal_mock::{Error, Host, MockServer, Route};
use serde_json::json;

#[tokio::test]
async fn a_direct_run_checks_and_answers() {
    let server = server().await;
    let url = format!("{}/{ENDPOINT}", server.urls().run);
    let response = post(&url)
        .json(&json!({ "prompt": "x" }))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.headers().contains_key("x-fal-request-id"));
    let (code, body) = run(&server, json!({ "prompt": "" })).await;
    assert_eq!(
        (code, text(&body["detail"][0], "type")),
        (422, "string_too_short")
    );
    let (code, body) = send(post(&url).body("{\"prompt\": ")).await;
    assert_eq!(
        (code, text(&body["detail"][0], "type")),
        (422, "json_invalid")
    );
    let (code, body) = send(post(&url)).await;
    assert_eq!((code, &body["detail"][0]["loc"]), (422, &json!(["body"])));
    assert_eq!(server.jobs_created(), 0);
}

#[tokio::test]
async fn violations_are_worded_as_fal_words_them() {
    let server = server().await;
    let cases = [
        (
            json!({ "prompt": 5 }),
            json!([
                ["body", "prompt"],
                "string_type",
                "Input should be a valid string"
            ]),
        ),
        (
            json!({ "prompt": "x", "strokes": 17.5 }),
            json!([
                ["body", "strokes"],
                "int_from_float",
                "Input should be a valid integer, got a number with a fractional part"
            ]),
        ),
        (
            json!({ "prompt": "x", "style": "oil" }),
            json!([
                ["body", "style"],
                "literal_error",
                "Input should be 'ink', 'chalk' or 'Hope'"
            ]),
        ),
        (
            json!({ "prompt": "x", "seed": "7" }),
            json!([
                ["body", "seed"],
                "int_type",
                "Input should be a valid integer"
            ]),
        ),
        (
            json!({ "prompt": "x", "tags": ["a", "b", "c"] }),
            json!([
                ["body", "tags"],
                "too_long",
                "List should have at most 2 items after validation, not 3"
            ]),
        ),
        (
            json!({ "prompt": "x", "tags": ["a", 1] }),
            json!([
                ["body", "tags", 1],
                "string_type",
                "Input should be a valid string"
            ]),
        ),
        (
            json!({ "prompt": "x", "paper": { "width": 12 } }),
            json!([
                ["body", "paper", "Paper", "width"],
                "multiple_of",
                "Input should be a multiple of 8"
            ]),
        ),
    ];
    for (input, expected) in cases {
        let (code, body) = run(&server, input.clone()).await;
        let first = &body["detail"][0];
        assert_eq!(
            (code, json!([first["loc"], first["type"], first["msg"]])),
            (422, expected),
            "{input}"
        );
    }
    for input in [
        json!({ "prompt": "x", "strokes": 17.0, "seed": null, "paper": "a4" }),
        json!({ "prompt": "x", "paper": { "width": 16 }, "unknown": 1 }),
    ] {
        assert_eq!(run(&server, input.clone()).await.0, 200, "{input}");
    }
}

#[tokio::test]
async fn keys() {
    let server = start(MockServer::builder().key("id:secret")).await;
    let url = format!("{}/{ENDPOINT}", server.urls().run);
    let ask = |value: Option<&'static str>| {
        let request = client().post(&url).json(&json!({ "prompt": "x" }));
        value.map_or(request.try_clone().unwrap(), |value| {
            request.header("authorization", value)
        })
    };
    for good in ["Key id:secret", "Bearer id:secret"] {
        assert_eq!(send(ask(Some(good))).await.0, 200, "{good}");
    }
    for wrong in [
        None,
        Some("Key "),
        Some("Key id:other"),
        Some("Bearer id:other"),
        Some("Basic id:secret"),
        Some("id:secret"),
    ] {
        let (code, body) = send(ask(wrong)).await;
        assert_eq!(code, 401, "{wrong:?}");
        assert!(body["detail"].is_string());
    }
    let (code, body) = send(get(format!("{}/models", server.urls().platform))).await;
    assert_eq!(
        (code, text(&body["error"], "type")),
        (401, "authorization_error")
    );
    assert_eq!(
        send(client().get(format!("{}/models", server.urls().platform)))
            .await
            .0,
        200
    );
}

#[tokio::test]
async fn a_host_name_stands_for_its_host() {
    let server = server().await;
    let named = |path: &str| {
        client()
            .post(format!("{}{path}", server.url()))
            .header("authorization", "Key k")
    };
    let submit = named(&format!("/{ENDPOINT}"))
        .header("host", "queue.fal.run")
        .json(&json!({ "prompt": "x" }));
    let (code, job) = send(submit).await;
    assert_eq!(code, 200);
    assert!(
        text(&job, "status_url").starts_with("http://queue.fal.run/paint-shop/easel/requests/"),
        "{job}"
    );
    let run = named(&format!("/{ENDPOINT}"))
        .header("host", "fal.run")
        .json(&json!({ "prompt": "x" }));
    assert!(
        text(&send(run).await.1["picture"], "url").starts_with("http://v3.fal.media/files/mock/")
    );
}

#[tokio::test]
async fn requests_are_recorded_in_order() {
    let server = server().await;
    run(&server, json!({ "prompt": "first" })).await;
    send(get(format!("{}/nowhere?a=b%20c&a=d", server.urls().fal)).header("x-mine", "1")).await;
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].route, Some(Route::Run));
    assert_eq!(requests[0].json().unwrap()["prompt"], "first");
    assert_eq!(
        (requests[1].route, requests[1].host),
        (None, Some(Host::Fal))
    );
    assert_eq!(requests[1].path, "/nowhere");
    assert_eq!(
        requests[1].query_params("a").collect::<Vec<_>>(),
        ["b c", "d"]
    );
    assert_eq!(requests[1].header("x-mine"), Some("1"));
    assert_eq!(server.requests_to(Route::Run).len(), 1);
    assert_eq!((server.total(), server.count(Route::Run)), (2, 1));
}

#[tokio::test]
async fn unknown_routes_list_near_ones() {
    let server = server().await;
    let (code, body) = send(get(format!(
        "{}/v1/model",
        server.urls().platform.trim_end_matches("/v1")
    )))
    .await;
    assert_eq!(
        (code, &body["near"][0]),
        (404, &json!("GET /platform/v1/models"))
    );
    let (code, body) = send(get(format!("{}/flux", server.url()))).await;
    assert_eq!(code, 404);
    assert!(text(&body, "hint").contains("/queue"));
    let (code, _) = send(get(format!("{}/{ENDPOINT}", server.urls().queue))).await;
    assert_eq!(code, 405);
}

#[tokio::test]
async fn files_are_served_whole_in_ranges_and_by_head() {
    let server = server().await;
    let url = format!("{}/files/mock/clip.mp4", server.urls().cdn);
    let whole = client().get(&url).send().await.unwrap();
    assert_eq!(whole.headers()["content-type"], "video/mp4");
    let etag = whole.headers()["etag"].clone();
    let whole = whole.bytes().await.unwrap();
    assert_eq!(&whole[4..8], b"ftyp");
    let part = client()
        .get(&url)
        .header("range", "bytes=4-7")
        .send()
        .await
        .unwrap();
    assert_eq!(part.status(), 206);
    assert_eq!(
        part.headers()["content-range"],
        format!("bytes 4-7/{}", whole.len())
    );
    assert_eq!(part.bytes().await.unwrap(), "ftyp");
    assert_eq!(
        client()
            .get(&url)
            .header("range", "bytes=9999999-")
            .send()
            .await
            .unwrap()
            .status(),
        416
    );
    assert_eq!(
        client()
            .get(&url)
            .header("if-none-match", etag)
            .send()
            .await
            .unwrap()
            .status(),
        304
    );
    let head = client().head(&url).send().await.unwrap();
    assert_eq!(head.headers()["content-length"], whole.len().to_string());
    let starts: [(&str, &[u8]); 3] = [
        ("a.png", b"\x89PNG"),
        ("b.wav", b"RIFF"),
        ("c.zip", b"PK\x03\x04"),
    ];
    for (name, start) in starts {
        let file = client()
            .get(format!("{}/files/mock/{name}", server.urls().cdn))
            .send()
            .await
            .unwrap();
        assert!(file.bytes().await.unwrap().starts_with(start), "{name}");
    }
}

#[tokio::test]
async fn what_cannot_start_says_why() {
    let error = MockServer::builder()
        .documents("/no/such/folder")
        .start()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("/no/such/folder"), "{error}");
    let error = MockServer::builder()
        .document(json!({ "paths": {} }))
        .start()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("endpointId"), "{error}");
    let first = server().await;
    let error = MockServer::builder()
        .port(first.address().port())
        .start()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Bind { .. }));
    assert!(error.to_string().contains("the port is in use"), "{error}");
}

#[tokio::test]
async fn a_client_that_hangs_up_harms_nobody() {
    let server = server().await;
    let lines = [
        "POST /run/x HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{",
        "GET",
        "\0\0\0\0",
        "POST /queue/paint-shop/easel/sketch HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    ];
    for line in lines {
        let mut stream = std::net::TcpStream::connect(server.address()).unwrap();
        stream.write_all(line.as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Both).unwrap();
        let _ = stream.read(&mut [0; 64]);
    }
    assert_eq!(run(&server, json!({ "prompt": "x" })).await.0, 200);
    server.shutdown().await;
}

#[tokio::test]
async fn shutting_down_frees_the_port_while_streams_are_open() {
    let server = start(
        MockServer::builder().default_script(fal_mock::Script::new().hold(fal_mock::Hold::Queued)),
    )
    .await;
    let job = crate::support::submit(&server, json!({ "prompt": "x" })).await;
    let stream = get(format!("{}/stream", text(&job, "status_url")))
        .send()
        .await
        .unwrap();
    let port = server.address().port();
    server.shutdown().await;
    drop(stream);
    MockServer::builder().port(port).start().await.unwrap();
}

#[test]
fn tests_without_a_runtime_get_a_thread() {
    let server = MockServer::builder().app("a/b").start_on_thread().unwrap();
    let mut stream = std::net::TcpStream::connect(server.address()).unwrap();
    let request = "POST /run/a/b HTTP/1.1\r\nhost: x\r\nauthorization: Key k\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
    stream.write_all(request.as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    assert_eq!(server.count(Route::Run), 1);
    let error = MockServer::builder()
        .port(server.address().port())
        .start_on_thread()
        .unwrap_err();
    assert!(matches!(error, Error::Bind { .. }), "{error}");
}

#[tokio::test]
async fn a_restart_cuts_connections_and_keeps_jobs() {
    let script = fal_mock::Script::new().hold(fal_mock::Hold::Running);
    let server = MockServer::builder().script(ENDPOINT, script).start();
    let server = server.await.unwrap();
    let job = crate::support::submit(&server, json!({ "prompt": "x" })).await;
    let mut open = std::net::TcpStream::connect(server.address()).unwrap();
    let down = std::time::Duration::from_millis(300);
    let (begun, ()) = tokio::join!(
        async {
            tokio::time::sleep(down / 3).await;
            std::net::TcpStream::connect(server.address())
        },
        server.restart(down),
    );
    assert!(begun.is_err(), "it is down");
    open.set_read_timeout(Some(std::time::Duration::from_secs(10)))
        .unwrap();
    assert!(matches!(open.read(&mut [0]), Ok(0) | Err(_)), "it was cut");
    assert_eq!(server.jobs()[0].request_id, text(&job, "request_id"));
    server.release_all();
    let (code, _) = run(&server, json!({ "prompt": "x" })).await;
    assert_eq!((code, server.direct_calls().len()), (200, 1));
}

/// Half an input is not an input.
#[tokio::test]
async fn a_request_that_breaks_off_is_not_carried_out() {
    let server = MockServer::builder().app(ENDPOINT).start().await.unwrap();
    for (host, route) in [("queue", Route::Submit), ("run", Route::Run)] {
        let mut socket = std::net::TcpStream::connect(server.address()).unwrap();
        let head = format!(
            "POST /{host}/{ENDPOINT} HTTP/1.1\r\nhost: x\r\nauthorization: Key a:b\r\ncontent-length: 20\r\n\r\n"
        );
        socket.write_all(head.as_bytes()).unwrap();
        socket.shutdown(std::net::Shutdown::Write).unwrap();
        while server.count(route) == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        assert_eq!(server.requests_to(route)[0].body_len, 0);
        assert!(!server.requests_to(route)[0].complete);
        let end = tokio::task::spawn_blocking(move || socket.read(&mut [0]));
        assert!(matches!(end.await.unwrap(), Ok(0) | Err(_)), "no reply");
    }
    assert_eq!((server.jobs_created(), server.direct_calls().len()), (0, 0));
}
