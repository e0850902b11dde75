//! The proxy between a browser and a local server that stands in for fal.

mod attacks;
mod bodies;
mod calls;
mod failures;
mod rules;

use axum::Router;
use fal_mock::{MockServer, MockServerBuilder};
use fal_proxy::{ProxyService, ProxyServiceBuilder};
use fal_sdk::Client;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

const KEY: &str = "an-id:0123456789abcdef";
const MODEL: &str = "acme/painter/fast";

/// A proxy, and the local server behind it.
struct Proxy {
    mock: MockServer,
    url: String,
    http: reqwest::Client,
}

impl Proxy {
    /// A proxy for `acme/painter/fast` that everybody may use, configured further.
    async fn start(configure: impl FnOnce(ProxyServiceBuilder) -> ProxyServiceBuilder) -> Self {
        Self::before(mock(), configure).await
    }

    async fn before(
        mock: MockServerBuilder,
        configure: impl FnOnce(ProxyServiceBuilder) -> ProxyServiceBuilder,
    ) -> Self {
        let mock = mock.start().await.unwrap();
        let client = Client::builder().key(KEY).base_url(mock.url());
        let client = client.build().unwrap();
        Self::with(mock, client, configure).await
    }

    async fn with(
        mock: MockServer,
        client: Client,
        configure: impl FnOnce(ProxyServiceBuilder) -> ProxyServiceBuilder,
    ) -> Self {
        let builder = ProxyService::builder(client)
            .allow([MODEL])
            .allow_everybody();
        let service = configure(builder).build().unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/api/fal/proxy", listener.local_addr().unwrap());
        let app: Router = Router::new().route_service("/api/fal/proxy", service);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self {
            mock,
            url,
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    fn request(&self, method: Method, target: &str) -> RequestBuilder {
        let request = self.http.request(method, &self.url);
        request.header("x-fal-target-url", target)
    }

    async fn post(&self, target: &str, body: &Value) -> Response {
        let request = self.request(Method::POST, target).body(body.to_string());
        request.send().await.unwrap()
    }

    async fn get(&self, target: &str) -> Response {
        self.request(Method::GET, target).send().await.unwrap()
    }
}

fn mock() -> MockServerBuilder {
    MockServer::builder().app(MODEL).app("acme/other").key(KEY)
}

fn input() -> Value {
    json!({"prompt": "a cat"})
}

/// The status, and the reason in the body.
async fn refused(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    let texts = [&body["message"], &body["detail"]];
    assert!(texts.iter().all(|text| text.is_string()), "{body}");
    (status, body["reason"].as_str().unwrap().to_owned())
}
