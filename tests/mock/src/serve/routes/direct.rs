//! Calls that bypass the queue: direct runs, model streams, and websockets.

mod http_over_websocket;
mod realtime;
pub(super) mod request;
mod run;
mod stream;

use crate::{
    protocol::{host::Host, route::Route},
    serve::{
        access::Access,
        table::{
            Rows,
            method::{GET, POST},
        },
    },
};

pub(super) fn rows() -> Rows {
    let (run, ws) = ("/{app..}", "/{app..}");
    let stream = "/{app..}/stream";
    Rows::new(Host::Run, Access::KeyOrToken)
        .later(POST, stream, Route::ModelStream, stream::events)
        .later(GET, stream, Route::ModelStream, stream::events)
        .next(Host::Run, Access::Key)
        .later(POST, run, Route::Run, run::run)
        .next(Host::Run, Access::Open)
        .later(GET, run, Route::Realtime, realtime::connect)
        .next(Host::Ws, Access::Key)
        .later(
            GET,
            ws,
            Route::HttpOverWebSocket,
            http_over_websocket::connect,
        )
}
