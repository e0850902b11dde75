//! Calls that bypass the queue: direct runs, model streams, and websockets.

mod http_over_websocket;
mod realtime;
pub(super) mod request;
mod run;
mod stream;

use std::sync::Arc;

use crate::{
    background::{runner::Runner, tasks::Tasks},
    models::served::Models,
    protocol::{host::Host, route::Route},
    seed::Seed,
    serve::{
        access::Access,
        table::{
            Rows,
            method::{GET, POST},
        },
    },
    store::{keys::Keys, records::Records, tokens::Tokens},
};

/// The stores and settings that calls of `fal.run` and `ws.fal.run` need.
pub(super) struct Direct {
    pub(super) models: Arc<Models>,
    pub(super) records: Arc<Records>,
    pub(super) tokens: Arc<Tokens>,
    pub(super) keys: Arc<Keys>,
    pub(super) seed: Arc<Seed>,
    pub(super) runner: Runner,
    pub(super) tasks: Tasks,
}

pub(super) fn rows(direct: Direct) -> Rows<Direct> {
    let (run, ws) = ("/{app..}", "/{app..}");
    let stream = "/{app..}/stream";
    Rows::new(Host::Run, Access::KeyOrToken, direct)
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
