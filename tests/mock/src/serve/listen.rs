//! The listener, and its connections.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use hyper::{Request, Response, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    runtime::Handle,
    task::JoinSet,
};

use super::{
    restart::RestartReceiver,
    service::{Connection, Service},
    silence::Silenceable,
    tls::Tls,
};
use crate::{
    error::Error,
    fault::Fault,
    http::reply::{Cut, Reply, ReplyBody},
};

/// How long open requests may take after the server was stopped.
const GRACE: Duration = Duration::from_millis(500);
/// The pause after a connection could not be accepted.
const PAUSE: Duration = Duration::from_millis(10);

/// Binds an address, and returns it with the port that was bound.
///
/// # Errors
///
/// If the address is in use, or there is no Tokio runtime.
pub(crate) async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Error> {
    Handle::try_current().map_err(Error::runtime)?;
    let failed = |source| Error::Bind {
        address: address.to_string(),
        source,
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// Accepts connections for a service.
#[derive(Clone)]
pub(crate) struct Listener {
    pub(crate) service: Arc<Service>,
    pub(crate) tls: Option<Tls>,
}

impl Listener {
    /// Accepts connections until the server stops, then waits for open requests.
    pub(crate) async fn serve(
        self,
        mut socket: TcpListener,
        local: SocketAddr,
        mut restarts: RestartReceiver,
    ) {
        let connection = Connection {
            secure: false,
            local: local.to_string().into(),
            end: Arc::default(),
            silent: Arc::default(),
        };
        let mut stop = std::pin::pin!(self.service.context.tasks.stopped());
        let mut open = JoinSet::new();
        loop {
            tokio::select! {
                () = &mut stop => break,
                accepted = socket.accept() => match accepted {
                    Ok((stream, _)) => drop(open.spawn(self.clone().handle_connection(stream, connection.clone()))),
                    // An error such as "too many open files" would occur again immediately.
                    Err(_) => tokio::time::sleep(PAUSE).await,
                },
                Some(_) = open.join_next() => {}
                Some(restart) = restarts.recv() => {
                    drop(socket);
                    // Dropping the old set closes its connections.
                    open = JoinSet::new();
                    tokio::select! {
                        () = &mut stop => return,
                        bound = restart.bind(local) => socket = bound,
                    }
                }
            }
        }
        drop(socket);
        let all = async { while open.join_next().await.is_some() {} };
        // Dropping the set closes the connections that are still open.
        let _ = tokio::time::timeout(GRACE, all).await;
    }

    async fn handle_connection(self, stream: TcpStream, connection: Connection) {
        let is_silent = match self.service.connection_fault() {
            None => false,
            Some(Fault::Silence) => true,
            Some(_) => return,
        };
        let mut connection = Connection {
            end: Arc::default(),
            silent: Arc::new(is_silent.into()),
            ..connection
        };
        // Small replies must not wait for an acknowledgement.
        let _ = stream.set_nodelay(true);
        match self.tls.clone() {
            Some(tls) if is_tls(&stream).await => {
                connection.secure = true;
                // Boxed, so that a plain connection does not need the memory of a TLS connection.
                Box::pin(self.serve_tls(tls, stream, connection)).await;
            }
            _ => self.serve_http(stream, connection).await,
        }
    }

    async fn serve_tls(self, tls: Tls, stream: TcpStream, connection: Connection) {
        if let Ok(stream) = tls.accept(stream).await {
            self.serve_http(stream, connection).await;
        }
    }

    /// Serves HTTP/1.1 or HTTP/2, whichever the client begins with. An error of a connection ends that connection only.
    async fn serve_http(
        self,
        io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        connection: Connection,
    ) {
        let io = Silenceable {
            io,
            silent: Arc::clone(&connection.silent),
        };
        let context = &self.service.context;
        let stop = context.tasks.stopped();
        let end = Arc::clone(&connection.end);
        let service =
            service_fn(|request| respond(Arc::clone(&self.service), connection.clone(), request));
        let mut builder = Builder::new(TokioExecutor::new());
        // Idle connections stay open, so that no test depends on timing.
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(None);
        builder
            .http2()
            .timer(TokioTimer::new())
            .adaptive_window(true)
            .max_concurrent_streams(context.settings.max_streams);
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
}

/// Whether the client begins with a TLS handshake. Its first byte never begins an HTTP request.
async fn is_tls(stream: &TcpStream) -> bool {
    let mut first = [0];
    stream
        .peek(&mut first)
        .await
        .is_ok_and(|read| read == 1 && first == [0x16])
}

async fn respond(
    service: Arc<Service>,
    connection: Connection,
    request: Request<Incoming>,
) -> Result<Response<ReplyBody>, Cut> {
    let reply = service.answer(&connection, request).await;
    reply.map(Reply::into_response)
}
