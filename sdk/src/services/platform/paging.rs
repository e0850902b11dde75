//! Reading a list page by page.

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};

use crate::transport::box_future::BoxFuture;
use crate::transport::error::{Error, ErrorKind, Result};

/// A page, and the request for the page that follows, if there is one.
pub(super) type PageAndNext<R> = (<R as PageRequest>::Page, Option<R>);

/// A request for a page of a list.
pub(super) trait PageRequest: Sized + Send + 'static {
    type Page: Send;

    fn fetch(self) -> BoxFuture<Result<PageAndNext<Self>>>;
}

/// The pages of a list, as `read` returns them. Each is requested when it is needed. An error
/// is the last item.
pub(super) fn pages<R: PageRequest, T: Send + 'static>(
    first: R,
    read: impl Fn(R::Page) -> Result<T> + Clone + Send + 'static,
) -> BoxStream<'static, Result<T>> {
    let pages = stream::try_unfold(Some(first), move |request: Option<R>| {
        let read = read.clone();
        async move {
            let Some(request) = request else {
                return Ok(None);
            };
            let (page, next) = request.fetch().await?;
            Ok(Some((read(page)?, next)))
        }
    });
    pages.boxed()
}

/// The items of all pages of a list, as `read` finds them in a page.
pub(super) fn items<R: PageRequest, T: Send + 'static>(
    first: R,
    read: impl Fn(R::Page) -> Result<Vec<T>> + Clone + Send + 'static,
) -> BoxStream<'static, Result<T>> {
    let pages = pages(first, move |page| {
        read(page).map(|items| stream::iter(items).map(Ok))
    });
    pages.try_flatten().boxed()
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
