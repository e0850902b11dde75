//! Sends one POST request over plain HTTP/1.1.

use bytes::Bytes;
use hyper::{Request, Uri, body::Body, client::conn::http1, header::HOST};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::http::reply::ReplyBody;

/// Posts JSON, and returns the status of the reply. The error says what failed.
pub(super) async fn post(
    url: &str,
    headers: &[(String, String)],
    body: &str,
) -> Result<u16, String> {
    let uri: Uri = url.parse().map_err(|error| format!("not a URL: {error}"))?;
    if uri.scheme_str() != Some("http") {
        return Err("fal-mock delivers webhooks over plain http only".to_owned());
    }
    let host = uri.host().ok_or("the URL has no host")?;
    let port = uri.port_u16().unwrap_or(80);
    let name = host.trim_matches(['[', ']']);
    let stream = TcpStream::connect((name, port))
        .await
        .map_err(|error| error.to_string())?;
    let request = request(&uri, host, port, headers, body)?;
    exchange(stream, request)
        .await
        .map_err(|error| error.to_string())
}

fn request(
    uri: &Uri,
    host: &str,
    port: u16,
    headers: &[(String, String)],
    body: &str,
) -> Result<Request<ReplyBody>, String> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let mut builder = Request::post(path)
        .header(HOST, format!("{host}:{port}"))
        .header("content-type", "application/json");
    for (name, value) in headers {
        builder = builder.header(name, value);
    }
    let body = ReplyBody::Full(Bytes::from(body.to_owned()));
    builder.body(body).map_err(|error| error.to_string())
}

async fn exchange(stream: TcpStream, request: Request<ReplyBody>) -> Result<u16, hyper::Error> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let talk = async {
        let mut response = sender.send_request(request).await?;
        let status = response.status().as_u16();
        // The reply counts only once all of it was received.
        while let Some(frame) =
            std::future::poll_fn(|cx| std::pin::Pin::new(response.body_mut()).poll_frame(cx)).await
        {
            frame?;
        }
        Ok(status)
    };
    tokio::select! {
        status = talk => status,
        Err(error) = connection => Err(error),
    }
}
