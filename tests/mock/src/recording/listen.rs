//! The listener of recorders and replays.

use std::{convert::Infallible, future::Future, net::SocketAddr, sync::Arc};

use bytes::Bytes;
use hyper::{Request, Response, body::Incoming, http::request::Parts, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use tokio::{
    net::TcpListener,
    task::{JoinHandle, JoinSet},
};

use crate::http::{
    body::ReceivedBody,
    reply::{Reply, ReplyBody},
};

/// The message for a program that opens a websocket.
pub(super) const NO_WEBSOCKETS: &str = "websockets are not recorded: use the queue, a direct run or a stream, or test realtime \
    connections with `fal_mock::MockServer`";

/// A type that answers requests.
pub(super) trait Answers: Send + Sync + 'static {
    /// Answers a request whose whole body was received.
    fn answer(self: Arc<Self>, parts: Parts, body: Bytes) -> impl Future<Output = Reply> + Send;
}

/// A server that listens until it is dropped.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Answers requests until the server is dropped.
pub(super) fn serve(
    listener: TcpListener,
    address: SocketAddr,
    answers: Arc<impl Answers>,
) -> Server {
    let task = tokio::spawn(async move {
        let mut open = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => if let Ok((stream, _)) = accepted {
                    let answers = Arc::clone(&answers);
                    open.spawn(async move {
                        let service = service_fn(move |request| respond(Arc::clone(&answers), request));
                        let builder = Builder::new(TokioExecutor::new());
                        // An error of a connection ends that connection only.
                        let _ = builder.serve_connection(TokioIo::new(stream), service).await;
                    });
                },
                Some(_) = open.join_next() => {}
            }
        }
    });
    Server { address, task }
}

async fn respond(
    answers: Arc<impl Answers>,
    request: Request<Incoming>,
) -> Result<Response<ReplyBody>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = ReceivedBody::read(body, true).await.pieces.concat();
    Ok(answers.answer(parts, body.into()).await.into_response())
}
