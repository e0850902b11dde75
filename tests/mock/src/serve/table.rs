//! The table of routes: host, method and path pattern, and the handler behind them.

use std::{future::Future, pin::Pin, sync::Arc};

use hyper::Method;

use super::{
    access::Access,
    call::Call,
    pattern::{self, Params},
};
use crate::{
    http::reply::Answer,
    protocol::{host::Host, route::Route},
};

/// What a handler that waits returns.
pub(crate) type Pending = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// The code behind a route.
pub(crate) enum Handler {
    /// Answers at once.
    Now(Box<dyn Fn(&Call) -> Answer + Send + Sync>),
    /// Waits, or keeps the call.
    Later(Box<dyn Fn(Call) -> Pending + Send + Sync>),
}

/// One row of the table.
pub(crate) struct Entry {
    host: Host,
    method: Method,
    /// Literal segments, `{name}` for one segment and `{name..}` for one or more.
    pattern: &'static str,
    pub(crate) route: Route,
    pub(crate) access: Access,
    pub(crate) handler: Handler,
}

impl Entry {
    /// The row as people read it, such as `GET /queue/{app..}/requests/{request}`.
    pub(crate) fn line(&self) -> String {
        format!("{} /{}{}", self.method, self.host.prefix(), self.pattern)
    }
}

/// The rows of a family of routes, whose handlers share what they need: `Needs` holds those stores and settings and no others.
pub(crate) struct Rows<Needs> {
    host: Host,
    access: Access,
    needs: Arc<Needs>,
    entries: Vec<Entry>,
}

impl<Needs: Send + Sync + 'static> Rows<Needs> {
    /// No rows yet; those added next are of `host` and need `access`.
    pub(crate) fn new(host: Host, access: Access, needs: Needs) -> Self {
        Self {
            host,
            access,
            needs: Arc::new(needs),
            entries: Vec::new(),
        }
    }

    /// The rows added next are of `host` and need `access`.
    pub(crate) fn next(self, host: Host, access: Access) -> Self {
        Self {
            host,
            access,
            ..self
        }
    }

    /// Adds a route that answers at once.
    pub(crate) fn now(
        self,
        method: Method,
        pattern: &'static str,
        route: Route,
        handler: fn(&Needs, &Call) -> Answer,
    ) -> Self {
        let needs = Arc::clone(&self.needs);
        let handler = Handler::Now(Box::new(move |call| handler(&needs, call)));
        self.row(method, pattern, route, handler)
    }

    /// Adds a route that waits, or keeps the call.
    pub(crate) fn later(
        self,
        method: Method,
        pattern: &'static str,
        route: Route,
        handler: fn(Arc<Needs>, Call) -> Pending,
    ) -> Self {
        let needs = Arc::clone(&self.needs);
        let handler = Handler::Later(Box::new(move |call| handler(Arc::clone(&needs), call)));
        self.row(method, pattern, route, handler)
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

/// The methods of the table's rows.
pub(crate) mod method {
    use hyper::Method;

    pub(crate) const GET: Method = Method::GET;
    pub(crate) const HEAD: Method = Method::HEAD;
    pub(crate) const POST: Method = Method::POST;
    pub(crate) const PUT: Method = Method::PUT;
    pub(crate) const DELETE: Method = Method::DELETE;
}

/// What the table says about a request.
pub(crate) enum Found<'t> {
    Route(&'t Entry, Params),
    /// The path is known with other methods.
    WrongMethod(Vec<&'t Method>),
    Nothing,
}

impl Found<'_> {
    pub(crate) fn route(&self) -> Option<Route> {
        match self {
            Self::Route(entry, _) => Some(entry.route),
            Self::WrongMethod(_) | Self::Nothing => None,
        }
    }
}

/// Every route. The first pattern that matches a path decides, with whichever methods it has.
#[derive(Default)]
pub(crate) struct Table(Vec<Entry>);

impl Table {
    pub(crate) fn with<Needs>(mut self, rows: Rows<Needs>) -> Self {
        self.0.extend(rows.entries);
        self
    }

    /// Looks up a path.
    pub(crate) fn find(&self, host: Host, method: &Method, path: &str) -> Found<'_> {
        let segments: Vec<&str> = pattern::segments(path).collect();
        let of_host = self.0.iter().filter(|entry| entry.host == host);
        let matches = |entry: &Entry| {
            pattern::matches(entry.pattern, &segments).map(|found| (entry.pattern, found))
        };
        let Some((pattern, params)) = of_host.clone().find_map(matches) else {
            return Found::Nothing;
        };
        let same = of_host.filter(|entry| entry.pattern == pattern);
        match same.clone().find(|entry| entry.method == *method) {
            Some(entry) => Found::Route(entry, params),
            None => Found::WrongMethod(same.map(|entry| &entry.method).collect()),
        }
    }

    /// Host, pattern and line of every row.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (Host, &'static str, String)> {
        self.0
            .iter()
            .map(|entry| (entry.host, entry.pattern, entry.line()))
    }
}
