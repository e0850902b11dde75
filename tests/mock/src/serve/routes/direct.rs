//! Calls that bypass the queue: direct runs, model streams, and websockets.

mod http_over_websocket;
mod realtime;
pub(super) mod request;
mod run;
mod stream;

use crate::serve::table::{Entry, rows};

pub(super) fn rows() -> Vec<Entry> {
    rows! {
        Run, KeyOrToken => {
            POST "/{app..}/stream" => ModelStream, Later(stream::events);
            GET "/{app..}/stream" => ModelStream, Later(stream::events);
        }
        Run, Key => {
            POST "/{app..}" => Run, Later(run::run);
        }
        Run, Open => {
            GET "/{app..}" => Realtime, Later(realtime::connect);
        }
        Ws, Key => {
            GET "/{app..}" => HttpOverWebSocket, Later(http_over_websocket::connect);
        }
    }
}
