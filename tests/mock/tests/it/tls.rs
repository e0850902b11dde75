//! TLS and HTTP/2.

use fal_mock::{Fault, Hold, MockServer, Route, Script};
use reqwest::{Certificate, Client, ClientBuilder, Version};
use serde_json::json;

use crate::support::{ENDPOINT, json_of, start, text};

fn trusting(server: &MockServer) -> ClientBuilder {
    let ca = Certificate::from_pem(server.ca_pem().unwrap().as_bytes()).unwrap();
    let at = server.address();
    let builder = Client::builder().no_proxy().tls_certs_only([ca]);
    ["fal.run", "queue.fal.run", "v3.fal.media"]
        .iter()
        .fold(builder, |builder, name| builder.resolve(name, at))
}

#[tokio::test]
async fn fal_by_its_own_names_over_http_2() {
    let server = start(MockServer::builder().tls()).await;
    let client = trusting(&server).build().unwrap();
    let port = server.address().port();
    let submit = client
        .post(format!("https://queue.fal.run:{port}/{ENDPOINT}"))
        .header("authorization", "Key k");
    let response = submit.json(&json!({ "prompt": "x" })).send().await.unwrap();
    assert_eq!(response.version(), Version::HTTP_2);
    let job = json_of(response).await;
    let url = text(&job, "response_url");
    assert!(
        url.starts_with(&format!(
            "https://queue.fal.run:{port}/paint-shop/easel/requests/"
        )),
        "{url}"
    );
    let output = client
        .get(url)
        .header("authorization", "Key k")
        .send()
        .await
        .unwrap();
    let output = json_of(output).await;
    let picture = text(&output["picture"], "url");
    assert!(
        picture.starts_with(&format!("https://v3.fal.media:{port}/files/")),
        "{picture}"
    );
    assert!(
        client
            .get(picture)
            .send()
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap()
            .starts_with(b"\x89PNG")
    );
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    assert!(
        requests
            .iter()
            .all(|request| request.secure && request.version == "HTTP/2.0")
    );
}

#[tokio::test]
async fn one_port_for_both_and_no_trust_without_the_ca() {
    let server = start(MockServer::builder().tls()).await;
    let urls = server.secure_urls().unwrap();
    let url = format!("{}/files/mock/a.png", urls.cdn);
    assert!(Client::new().get(&url).send().await.is_err());
    let secure = trusting(&server).http1_only().build().unwrap();
    let response = secure.get(&url).send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.version()),
        (200, Version::HTTP_11)
    );
    let plain = Client::new().get(format!("{}/files/mock/a.png", server.urls().cdn));
    assert_eq!(plain.send().await.unwrap().status(), 200);
    assert!(start(MockServer::builder()).await.secure_urls().is_none());
}

#[tokio::test]
async fn http_2_without_tls_by_prior_knowledge() {
    let server = start(MockServer::builder()).await;
    let client = Client::builder()
        .no_proxy()
        .http2_prior_knowledge()
        .build()
        .unwrap();
    let response = client
        .get(format!("{}/files/mock/a.png", server.urls().cdn))
        .send()
        .await
        .unwrap();
    assert_eq!(
        (response.status().as_u16(), response.version()),
        (200, Version::HTTP_2)
    );
}

#[tokio::test]
async fn a_connection_has_so_many_streams() {
    let held = Script::new().hold(Hold::Queued);
    let server = start(
        MockServer::builder()
            .tls()
            .max_concurrent_streams(2)
            .default_script(held),
    )
    .await;
    let client = trusting(&server).build().unwrap();
    let queue = &server.secure_urls().unwrap().queue;
    let submit = || {
        client
            .post(format!("{queue}/{ENDPOINT}"))
            .header("authorization", "Key k")
            .json(&json!({}))
    };
    let job = json_of(submit().send().await.unwrap()).await;
    let stream = || {
        client
            .get(format!("{}/stream", text(&job, "status_url")))
            .header("authorization", "Key k")
            .send()
    };
    let (one, two) = (stream().await.unwrap(), stream().await.unwrap());
    let third = tokio::spawn(stream());
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert!(!third.is_finished(), "the limit holds it back");
    assert_eq!(server.count(Route::StatusStream), 2);
    drop((one, two));
    assert_eq!(third.await.unwrap().unwrap().status(), 200);
}

#[tokio::test]
async fn http_2_streams_are_refused_or_lost_with_their_connection() {
    let server = start(MockServer::builder().tls()).await;
    let client = trusting(&server).build().unwrap();
    let queue = &server.secure_urls().unwrap().queue;
    let submit = || {
        client
            .post(format!("{queue}/{ENDPOINT}"))
            .header("authorization", "Key k")
            .json(&json!({}))
    };
    server.inject(Fault::Drop.on(Route::Submit).handled());
    assert!(submit().send().await.is_err());
    let refused = server.inject(Fault::RefuseStream.on(Route::Submit).always());
    let error = format!("{:?}", submit().send().await.unwrap_err());
    assert!(error.contains("REFUSED_STREAM"), "{error}");
    assert!(refused.fired() > 0);
    assert_eq!(server.jobs_created(), 1);
}
