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
    host: Host,
    method: Method,
    /// The path: literal segments, `{name}` for one segment and `{name..}` for one or more.
    pattern: &'static str,
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

/// The rows of a family of routes.
pub(crate) struct Rows {
    host: Host,
    access: Access,
    entries: Vec<Entry>,
}

impl Rows {
    /// Creates an empty list. Rows that are added have the host `host` and require `access`.
    pub(crate) fn new(host: Host, access: Access) -> Self {
        Self {
            host,
            access,
            entries: Vec::new(),
        }
    }

    /// Sets the host and the required credentials of the rows that are added next.
    pub(crate) fn next(self, host: Host, access: Access) -> Self {
        Self {
            host,
            access,
            ..self
        }
    }

    /// Adds a route with a handler that answers at once.
    pub(crate) fn now(
        self,
        method: Method,
        pattern: &'static str,
        route: Route,
        handler: fn(&Context, &Call) -> Answer,
    ) -> Self {
        self.row(method, pattern, route, Handler::Now(handler))
    }

    /// Adds a route with a handler that waits, or takes ownership of the call.
    pub(crate) fn later(
        self,
        method: Method,
        pattern: &'static str,
        route: Route,
        handler: fn(Arc<Context>, Call) -> Pending,
    ) -> Self {
        self.row(method, pattern, route, Handler::Later(handler))
    }

    fn row(
        mut self,
        method: Method,
        pattern: &'static str,
        route: Route,
        handler: Handler,
    ) -> Self {
        self.entries.push(Entry {
            host: self.host,
            method,
            pattern,
            route,
            access: self.access,
            handler,
        });
        self
    }
}

/// HTTP methods, for the rows of tables.
pub(crate) mod method {
    use hyper::Method;

    pub(crate) const GET: Method = Method::GET;
    pub(crate) const HEAD: Method = Method::HEAD;
    pub(crate) const POST: Method = Method::POST;
    pub(crate) const PUT: Method = Method::PUT;
    pub(crate) const DELETE: Method = Method::DELETE;
}

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
#[derive(Default)]
pub(crate) struct Table(Vec<Entry>);

impl Table {
    pub(crate) fn with(mut self, rows: Rows) -> Self {
        self.0.extend(rows.entries);
        self
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
