//! Reading a list page by page.

use std::mem;
use std::task::{Context, Poll};

use bytes::Bytes;

use crate::transport::box_future::BoxFuture;
use crate::transport::error::{Error, ErrorKind, Result};

/// A page, and the request for the page that follows, if there is one.
pub(super) type PageAndNext<R> = (<R as PageRequest>::Page, Option<R>);

/// A request for a page of a list.
pub(super) trait PageRequest: Sized {
    type Page;

    fn fetch(self) -> BoxFuture<Result<PageAndNext<Self>>>;
}

/// The state of reading a list page by page. An error ends the reading.
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

/// Checks that the next page is another one.
///
/// # Errors
/// When the page has its own cursor as that of the next page, which would never end.
pub(super) fn check_cursor(is_own: bool) -> Result<()> {
    match is_own {
        true => Err(endless("has its own cursor as the cursor of the next page")),
        false => Ok(()),
    }
}

/// Returns the page, so that the next one can be compared with it.
///
/// # Errors
/// When the page has the same bytes as the one before, although its offset differs.
pub(super) fn check_new(before: Option<&Bytes>, page: Bytes) -> Result<Bytes> {
    match before == Some(&page) {
        true => Err(endless(
            "is the same as the one before it, at another offset",
        )),
        false => Ok(page),
    }
}

fn endless(why: &str) -> Error {
    Error::new(ErrorKind::Decode, format!("a page of the list {why}"))
}

/// The offset of the page after one that began at `given` and had `count` items.
pub(super) fn offset_after(given: Option<&String>, count: usize) -> String {
    let given: u64 = given.and_then(|text| text.parse().ok()).unwrap_or(0);
    given.saturating_add(count as u64).to_string()
}
