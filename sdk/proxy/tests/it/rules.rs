//! The application's own rules, and building a proxy.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use fal_mock::Route;
use fal_proxy::{Action, ProxyCall, ProxyService, Refusal};
use fal_sdk::Client;
use reqwest::Method;

use crate::{KEY, MODEL, Proxy, input, refused};

async fn authorize(call: ProxyCall) -> Result<(), Refusal> {
    let session = call
        .headers
        .get("x-session")
        .and_then(|value| value.to_str().ok());
    match (session, call.action) {
        (None, _) => Err(Refusal::unauthorized("log in first")),
        (Some("guest"), action) if action.is_billable() => {
            Err(Refusal::forbidden("guests only look"))
        }
        (Some("busy"), _) => Err(Refusal::too_many_requests(
            "slow down",
            Duration::from_millis(1_500),
        )),
        _ => Ok(()),
    }
}

#[tokio::test]
async fn the_application_decides_about_each_call() {
    let proxy = Proxy::start(|proxy| proxy.authorize(authorize)).await;
    let submit = format!("https://queue.fal.run/{MODEL}");
    let post = async |session: &str| {
        let request = proxy
            .request(Method::POST, &submit)
            .header("x-session", session);
        request.body(input().to_string()).send().await.unwrap()
    };
    let anonymous = proxy.post(&submit, &input()).await;
    assert_eq!(refused(anonymous).await, (401, "unauthorized".to_owned()));
    assert_eq!(
        refused(post("guest").await).await,
        (403, "forbidden".to_owned())
    );
    let busy = post("busy").await;
    assert_eq!(busy.headers()["retry-after"], "2");
    assert_eq!(refused(busy).await, (429, "too_many_requests".to_owned()));
    assert_eq!(proxy.mock.total(), 0);
    assert_eq!(post("member").await.status(), 200);
    let status = "https://queue.fal.run/acme/painter/requests/r-1/status";
    let look = proxy
        .request(Method::GET, status)
        .header("x-session", "guest");
    assert_eq!(look.send().await.unwrap().status(), 404, "fal's own answer");
    assert_eq!(proxy.mock.count(Route::Status), 1);
}

/// What is not allowed anyway is refused before the application is asked.
#[tokio::test]
async fn rules_see_what_a_call_asks_for() {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let ids = Arc::new(Mutex::new(Vec::new()));
    let (noted, found) = (Arc::clone(&calls), Arc::clone(&ids));
    let proxy = Proxy::start(|proxy| {
        let proxy = proxy.authorize(move |call| {
            let shown = format!("{call:?}");
            assert!(!shown.contains("cookie"), "{shown}");
            let endpoint = call.endpoint.map(|id| id.to_string());
            let size = call.body_size;
            noted
                .lock()
                .unwrap()
                .push((call.action, endpoint, call.request_id, size));
            async { Ok(()) }
        });
        proxy.on_reply(move |_, reply| {
            found
                .lock()
                .unwrap()
                .extend(reply.request_id.map(str::to_owned));
        })
    })
    .await;
    let submit = format!("https://queue.fal.run/{MODEL}");
    proxy.post(&submit, &input()).await;
    proxy
        .post("https://queue.fal.run/acme/other", &input())
        .await;
    let id = proxy.mock.jobs()[0].request_id.clone();
    proxy
        .get(&format!(
            "https://queue.fal.run/acme/painter/requests/{id}/status"
        ))
        .await;
    let size = Some(input().to_string().len() as u64);
    let (app, model) = (Some("acme/painter".to_owned()), Some(MODEL.to_owned()));
    assert_eq!(
        *calls.lock().unwrap(),
        [
            (Action::Submit, model, None, size),
            (Action::Status, app, Some(id.clone()), Some(0)),
        ]
    );
    assert_eq!(
        ids.lock().unwrap()[0],
        id,
        "the job of a submit is known from its reply"
    );
}

#[test]
fn a_proxy_that_allows_too_little_or_too_much_is_not_built() {
    let builder = || ProxyService::builder(Client::new(KEY).unwrap());
    for (builder, words) in [
        (builder().allow_everybody(), "no endpoint is allowed"),
        (builder().allow([MODEL]), "no rule that says who may call"),
        (
            builder().allow(["painter"]).allow_everybody(),
            "\"painter\" is not an endpoint id",
        ),
    ] {
        let error = builder.build().unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}
