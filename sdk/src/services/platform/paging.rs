//! Reading a list page by page.

use std::mem;
use std::task::{Context, Poll};

use crate::transport::box_future::BoxFuture;
use crate::transport::error::Result;

/// A page, and the request for the page that follows, if there is one.
pub(super) type PageAndNext<R> = (<R as PageRequest>::Page, Option<R>);

/// A request for a page of a list.
pub(super) trait PageRequest: Sized {
    type Page;

    fn fetch(self) -> BoxFuture<Result<PageAndNext<Self>>>;
}

/// Where the reading of a list is. An error ends it.
pub(super) enum Paging<R: PageRequest> {
    Idle(Option<R>),
    Busy(BoxFuture<Result<PageAndNext<R>>>),
}

impl<R: PageRequest> Paging<R> {
    pub(super) fn new(first: R) -> Self {
        Self::Idle(Some(first))
    }

    /// Ends the reading: no further page is requested.
    pub(super) fn end(&mut self) {
        *self = Self::Idle(None);
    }

    pub(super) fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<R::Page>>> {
        let mut request = match mem::replace(self, Self::Idle(None)) {
            Self::Idle(None) => return Poll::Ready(None),
            Self::Idle(Some(request)) => request.fetch(),
            Self::Busy(request) => request,
        };
        match request.as_mut().poll(context) {
            Poll::Pending => {
                *self = Self::Busy(request);
                Poll::Pending
            }
            Poll::Ready(Err(error)) => Poll::Ready(Some(Err(error))),
            Poll::Ready(Ok((page, next))) => {
                *self = Self::Idle(next);
                Poll::Ready(Some(Ok(page)))
            }
        }
    }
}
