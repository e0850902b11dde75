//! A proxy for fal's browser clients, as a route of an axum server.
//!
//! Callers identify themselves with the header `x-session`, which stands for whatever an
//! application uses. Each session may make three calls that cost money.
//!
//! To run it on port 3000 for two models, with a local server in place of fal (`cargo xtask mock
//! --any-app` starts it):
//!
//! ```text
//! FAL_BASE_URL=http://127.0.0.1:4010 FAL_KEY=id:secret \
//!     cargo run -p fal-proxy --example axum_server -- 3000 fal-ai/flux/dev 'acme/*'
//! curl http://127.0.0.1:3000/api/fal/proxy \
//!     -H 'x-fal-target-url: https://fal.run/acme/painter' -H 'x-session: me' \
//!     -d '{"prompt": "a cat"}'
//! ```

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use fal_proxy::{ProxyCall, ProxyService, Refusal};
use fal_sdk::Client;

/// The number of calls that each session has made.
#[derive(Clone, Default)]
struct Sessions(Arc<Mutex<HashMap<String, u32>>>);

const MOST: u32 = 3;

impl Sessions {
    fn authorize(&self, call: &ProxyCall) -> Result<(), Refusal> {
        let session = call.headers.get("x-session");
        let Some(session) = session.and_then(|value| value.to_str().ok()) else {
            return Err(Refusal::unauthorized("the header x-session is missing"));
        };
        if !call.action.is_billable() {
            return Ok(());
        }
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let made = calls.entry(session.to_owned()).or_default();
        if *made == MOST {
            let wait = Duration::from_secs(3_600);
            return Err(Refusal::too_many_requests(
                "the session has used its calls",
                wait,
            ));
        }
        *made += 1;
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let port = arguments.next().unwrap_or_else(|| "3000".to_owned());
    let mut models: Vec<String> = arguments.collect();
    if models.is_empty() {
        models.push("fal-ai/flux/dev".to_owned());
    }
    let sessions = Sessions::default();
    let proxy = ProxyService::builder(Client::from_env()?)
        .allow(models)
        .uploads(true)
        .authorize(move |call| std::future::ready(sessions.authorize(&call)))
        .on_reply(|call, reply| {
            let endpoint = call.endpoint.as_ref().map_or("-", |id| id.as_str());
            let units = reply.billable_units.unwrap_or(0.0);
            println!(
                "{:?} {endpoint}: {}, {units} units",
                call.action, reply.status
            );
            if let Some(error) = reply.error {
                eprintln!("{error}");
            }
        })
        .build()?;
    let app: Router = Router::new().route_service("/api/fal/proxy", proxy);
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!(
        "listening on http://{}/api/fal/proxy",
        listener.local_addr()?
    );
    axum::serve(listener, app).await?;
    Ok(())
}
