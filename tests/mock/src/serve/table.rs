//! The table of routes: host, method and path pattern, with their handlers.

use std::{future::Future, pin::Pin, sync::Arc};

use hyper::Method;

use super::{
    access::Access,
    call::Call,
    context::Context,
    pattern::{self, Params},
};
use crate::{
    http::reply::Answer,
    protocol::{host::Host, route::Route},
};

/// The future of an asynchronous handler.
pub(crate) type Pending = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// The handler of a route.
pub(crate) enum Handler {
    /// A handler that answers at once.
    Now(fn(&Context, &Call) -> Answer),
    /// A handler that waits, or takes ownership of the call.
    Later(fn(Arc<Context>, Call) -> Pending),
}

/// One row of the table.
pub(crate) struct Entry {
    pub(crate) host: Host,
    pub(crate) method: Method,
    /// The path: literal segments, `{name}` for one segment and `{name..}` for one or more.
    pub(crate) pattern: &'static str,
    pub(crate) route: Route,
    pub(crate) access: Access,
    pub(crate) handler: Handler,
}

impl Entry {
    /// The row as text, such as `GET /queue/{app..}/requests/{request}`.
    pub(crate) fn line(&self) -> String {
        format!("{} /{}{}", self.method, self.host.prefix(), self.pattern)
    }
}

/// Writes the rows of a family of routes: for each host and the credentials that it requires, the method, path, route and handler.
macro_rules! rows {
    ($($host:ident, $access:ident => {$(
        $method:ident $pattern:literal => $route:ident, $when:ident($handler:path);
    )*})*) => {
        vec![$($($crate::serve::table::Entry {
            host: $crate::protocol::host::Host::$host,
            method: hyper::Method::$method,
            pattern: $pattern,
            route: $crate::protocol::route::Route::$route,
            access: $crate::serve::access::Access::$access,
            handler: $crate::serve::table::Handler::$when($handler),
        }),*),*]
    };
}

pub(crate) use rows;

/// The result of looking up a request.
pub(crate) enum Lookup<'t> {
    Route(&'t Entry, Params),
    /// The path exists, but only with these methods.
    WrongMethod(Vec<&'t Method>),
    Nothing,
}

impl Lookup<'_> {
    pub(crate) fn route(&self) -> Option<Route> {
        match self {
            Self::Route(entry, _) => Some(entry.route),
            Self::WrongMethod(_) | Self::Nothing => None,
        }
    }
}

/// The table of all routes. The first pattern that matches a path decides which methods it has.
pub(crate) struct Table(Vec<Entry>);

impl Table {
    pub(crate) fn new(families: impl IntoIterator<Item = Vec<Entry>>) -> Self {
        Self(families.into_iter().flatten().collect())
    }

    /// Looks up a request.
    pub(crate) fn find(&self, host: Host, method: &Method, path: &str) -> Lookup<'_> {
        let segments: Vec<&str> = pattern::segments(path).collect();
        let of_host = self.0.iter().filter(|entry| entry.host == host);
        let matches = |entry: &Entry| {
            pattern::matches(entry.pattern, &segments).map(|found| (entry.pattern, found))
        };
        let Some((pattern, params)) = of_host.clone().find_map(matches) else {
            return Lookup::Nothing;
        };
        let same = of_host.filter(|entry| entry.pattern == pattern);
        match same.clone().find(|entry| entry.method == *method) {
            Some(entry) => Lookup::Route(entry, params),
            None => Lookup::WrongMethod(same.map(|entry| &entry.method).collect()),
        }
    }

    /// The host, pattern and text of every row.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (Host, &'static str, String)> {
        self.0
            .iter()
            .map(|entry| (entry.host, entry.pattern, entry.line()))
    }
}
