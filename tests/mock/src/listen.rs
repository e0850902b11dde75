//! The listener and its connections.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use hyper::{Request, Response, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use crate::{
    fault::Probe,
    reply::{Cut, Reply, ReplyBody},
    route::Route,
    service::{Connection, answer},
    state::Shared,
    tls::Tls,
};

/// How long open requests may take once the server goes down.
const GRACE: Duration = Duration::from_millis(500);

/// Accepts until told to stop, then lets open requests end.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>, local: SocketAddr) {
    let connection = Connection {
        secure: false,
        local: local.to_string().into(),
        end: Arc::default(),
    };
    let mut stop = std::pin::pin!(shared.stopped());
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(open.spawn(converse(stream, Arc::clone(&shared), connection.clone()))),
                Err(error) => pause_after(&error).await,
            },
            Some(_) = open.join_next() => {}
        }
    }
    drop(listener);
    let all = async { while open.join_next().await.is_some() {} };
    // What is still open then is dropped with the set.
    let _ = tokio::time::timeout(GRACE, all).await;
}

/// Too many open files: accepting again at once would only spin.
async fn pause_after(_error: &io::Error) {
    tokio::time::sleep(Duration::from_millis(10)).await;
}

async fn converse(stream: TcpStream, shared: Arc<Shared>, connection: Connection) {
    let probe = Probe {
        route: Route::Connection,
        app: "",
        request_id: "",
    };
    if shared.faults.take(probe, &shared.seed).is_some() {
        return;
    }
    let mut connection = Connection {
        end: Arc::default(),
        ..connection
    };
    // Small replies must not wait for an acknowledgement.
    let _ = stream.set_nodelay(true);
    match shared.config.tls.clone() {
        Some(tls) if is_tls(&stream).await => {
            connection.secure = true;
            // In a box, so that plain connections do not carry the room that TLS takes.
            Box::pin(speak_secretly(tls, stream, shared, connection)).await;
        }
        _ => speak(stream, shared, connection).await,
    }
}

async fn speak_secretly(tls: Tls, stream: TcpStream, shared: Arc<Shared>, connection: Connection) {
    // A client that does not trust us goes away here.
    if let Ok(stream) = tls.acceptor.accept(stream).await {
        speak(stream, shared, connection).await;
    }
}

/// Whether the client begins with a TLS handshake, whose first byte begins no HTTP.
async fn is_tls(stream: &TcpStream) -> bool {
    let mut first = [0];
    stream
        .peek(&mut first)
        .await
        .is_ok_and(|read| read == 1 && first == [0x16])
}

/// HTTP/1.1 or HTTP/2, whichever the client begins with. A client that hangs up ends its own connection and nothing else.
async fn speak(
    io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    shared: Arc<Shared>,
    connection: Connection,
) {
    let stop = shared.stopped();
    let end = Arc::clone(&connection.end);
    let service = service_fn(|request| respond(Arc::clone(&shared), connection.clone(), request));
    let mut builder = Builder::new(TokioExecutor::new());
    // Idle connections stay, so that no test depends on how long it took.
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(None);
    builder
        .http2()
        .timer(TokioTimer::new())
        .adaptive_window(true)
        .max_concurrent_streams(shared.config.max_streams);
    let mut talk =
        std::pin::pin!(builder.serve_connection_with_upgrades(TokioIo::new(io), service));
    tokio::select! {
        _ = talk.as_mut() => return,
        () = end.notified() => return,
        () = stop => talk.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        _ = talk => {}
        () = end.notified() => {}
    }
}

async fn respond(
    shared: Arc<Shared>,
    connection: Connection,
    request: Request<Incoming>,
) -> Result<Response<ReplyBody>, Cut> {
    answer(shared, connection, request)
        .await
        .map(Reply::into_response)
}
