//! Makes connections: the URL, the credentials and the handshake.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{
    CONNECTION, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION,
    UPGRADE,
};
use reqwest::{Method, StatusCode, Upgraded, Url};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::Settings;
use super::token::{Source, Tokens};
use crate::transport::endpoint_id::EndpointId;
use crate::transport::error::{BoxError, Error, ErrorKind, Result};
use crate::transport::http::{Host, Http, Operation, Request};
use crate::transport::trace;

pub(super) type Socket = WebSocketStream<Upgraded>;

/// How a handshake authenticates.
#[derive(Debug, Clone)]
pub(super) enum Auth {
    /// With a token in the query.
    Token(Source),
    /// With the key in a header.
    Key,
}

impl Auth {
    pub(super) fn token(life: Duration) -> Self {
        Self::Token(Source::Fal(life))
    }

    pub(super) fn provider<F, Fut, E>(provider: F) -> Self
    where
        F: Fn(String) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<String, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        Self::Token(Source::provider(provider))
    }
}

/// Everything that is needed to connect and to reconnect.
pub(super) struct Link {
    http: Http,
    endpoint: EndpointId,
    /// The path below the host, without a leading slash.
    path: String,
    host: Host,
    tokens: Option<Tokens>,
    max_buffering: Option<u8>,
    max_message: usize,
}

impl Link {
    pub(super) fn new(
        http: Http,
        endpoint: &EndpointId,
        path: String,
        auth: Auth,
        settings: &Settings,
    ) -> Self {
        Self {
            http,
            endpoint: endpoint.clone(),
            path,
            host: Host::Realtime,
            tokens: match auth {
                Auth::Token(source) => Some(Tokens::new(source)),
                Auth::Key => None,
            },
            max_buffering: settings.max_buffering,
            max_message: settings.max_message,
        }
    }

    /// A link for calls over a websocket, which authenticates with the key and not with tokens.
    pub(super) fn for_calls(http: Http, endpoint: &EndpointId) -> Self {
        let max_message = http.settings().limits.output;
        Self {
            http,
            endpoint: endpoint.clone(),
            path: endpoint.as_str().to_owned(),
            host: Host::Socket,
            tokens: None,
            max_buffering: None,
            max_message,
        }
    }

    pub(super) fn endpoint(&self) -> &EndpointId {
        &self.endpoint
    }

    pub(super) fn http(&self) -> &Http {
        &self.http
    }

    pub(super) fn uses_tokens(&self) -> bool {
        self.tokens.is_some()
    }

    pub(super) fn forget_token(&mut self) {
        if let Some(tokens) = &mut self.tokens {
            tokens.forget();
        }
    }

    /// Connects to the app.
    ///
    /// # Errors
    /// When no token can be obtained, or the server does not accept the websocket.
    pub(super) async fn connect(&mut self) -> Result<Socket> {
        let endpoint = self.endpoint.shared();
        let connecting = async {
            let connected = self.try_connect().await;
            connected.map_err(|error| error.with_endpoint(Arc::clone(&endpoint)))
        };
        trace::call("realtime", &endpoint, connecting).await
    }

    async fn try_connect(&mut self) -> Result<Socket> {
        let mut url = self.http.url(self.host, &self.path);
        let token = match &mut self.tokens {
            Some(tokens) => Some(tokens.get(&self.http, &self.endpoint, &self.path).await?),
            None => None,
        };
        add_query(&mut url, token.as_deref(), self.max_buffering);
        let key = generate_key();
        let request = handshake(&self.http, as_http(url)?, &key)?;
        let request = match token {
            Some(_) => request.without_key(),
            None => request,
        };
        let incoming = match self.http.open_as_allowed(&request).await? {
            Ok(incoming) => incoming,
            Err(reply) => return Err(reply.error(Operation::Realtime)),
        };
        check(&incoming, &key)?;
        let upgraded = incoming.upgrade().await.map_err(|failure| failure.error)?;
        let config = WebSocketConfig::default()
            .max_message_size(Some(self.max_message))
            .max_frame_size(Some(self.max_message));
        Ok(WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(config)).await)
    }
}

fn add_query(url: &mut Url, token: Option<&str>, max_buffering: Option<u8>) {
    if token.is_none() && max_buffering.is_none() {
        return;
    }
    let mut query = url.query_pairs_mut();
    if let Some(token) = token {
        query.append_pair("fal_jwt_token", token);
    }
    if let Some(inputs) = max_buffering {
        query.append_pair("max_buffering", &inputs.to_string());
    }
}

/// The URL of the HTTP request that opens the websocket at this URL.
fn as_http(mut url: Url) -> Result<Url> {
    let scheme = if url.scheme() == "wss" {
        "https"
    } else {
        "http"
    };
    match url.set_scheme(scheme) {
        Ok(()) => Ok(url),
        Err(()) => Err(Error::configuration(
            "the realtime host is not a websocket URL",
        )),
    }
}

/// The HTTP request that opens a websocket. Source: RFC 6455, 4.1.
fn handshake(http: &Http, url: Url, key: &str) -> Result<Request> {
    let key = HeaderValue::try_from(key)
        .map_err(|_| Error::configuration("the handshake's key cannot be sent"))?;
    Ok(Request::new(Operation::Realtime, Method::GET, url)
        .timeout(http.settings().timeouts.request)
        .header(CONNECTION, HeaderValue::from_static("Upgrade"))
        .header(UPGRADE, HeaderValue::from_static("websocket"))
        .header(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"))
        .header(SEC_WEBSOCKET_KEY, key))
}

/// Checks that the server accepted the websocket, and that its reply belongs to this handshake.
fn check(incoming: &crate::transport::http::Incoming, key: &str) -> Result<()> {
    let accept = incoming.headers().get(SEC_WEBSOCKET_ACCEPT);
    let expected = derive_accept_key(key.as_bytes());
    let agreed = incoming.status() == StatusCode::SWITCHING_PROTOCOLS
        && accept.is_some_and(|accept| accept.as_bytes() == expected.as_bytes());
    match agreed {
        true => Ok(()),
        false => Err(Error::new(
            ErrorKind::Decode,
            "the server did not accept the websocket handshake",
        )
        .with_status(incoming.status().as_u16())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::token;
    use super::*;
    use crate::conformance::{cases, vectors};
    use crate::transport::endpoint_id::path_below;

    #[test]
    fn addresses() {
        let mut seen = 0;
        for case in cases(&vectors("realtime.json"), "urls") {
            // Python appends the path to an id that has it already.
            let twice = case["expect"]
                .as_str()
                .is_some_and(|url| url.contains("realtime/realtime"));
            if twice {
                continue;
            }
            let endpoint = EndpointId::parse(case["app"].as_str().unwrap()).unwrap();
            let path = path_below(endpoint.as_str(), case["path"].as_str(), "realtime").unwrap();
            let mut url = Url::parse(&format!("wss://fal.run/{path}")).unwrap();
            let buffering = case["max_buffering"]
                .as_u64()
                .map(|inputs| u8::try_from(inputs).unwrap());
            add_query(&mut url, case["token"].as_str(), buffering);
            if let Some(expected) = case["expect"].as_str() {
                assert_eq!(url.as_str(), expected, "{case}");
            }
            for part in case["expect_contains"].as_array().into_iter().flatten() {
                assert!(
                    url.as_str().contains(part.as_str().unwrap()),
                    "{case}: {url}"
                );
            }
            for part in case["expect_not_contains"].as_array().into_iter().flatten() {
                assert!(
                    !url.as_str().contains(part.as_str().unwrap()),
                    "{case}: {url}"
                );
            }
            seen += 1;
        }
        assert!(seen >= 6);
    }

    #[test]
    fn tokens() {
        let vectors = vectors("realtime.json");
        for case in vectors["refresh_ms"].as_array().unwrap() {
            if let (Some(life), Some(expected)) =
                (case["expiration_s"].as_u64(), case["expect"].as_u64())
            {
                let refresh = token::refresh_after(Duration::from_secs(life));
                assert_eq!(refresh.as_millis(), u128::from(expected));
            }
        }
        for case in vectors["token_replies"].as_array().unwrap() {
            let body = match &case["body"] {
                Value::String(_) => Value::from("jwt-token"),
                other => other.clone(),
            };
            assert_eq!(token::read(&body).as_deref(), case["expect"].as_str());
        }
        assert_eq!(token::read(&Value::Null), None);
    }
}
