//! Questions that are answered in pages.

use std::collections::VecDeque;
use std::future::{IntoFuture, poll_fn};
use std::marker::PhantomData;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::call::Call;
use crate::contract::wire::Decode;
use crate::transport::box_future::BoxFuture;
use crate::transport::error::{Error, Result};
use crate::transport::http::Http;
use crate::transport::opaque::opaque;

/// What is listed. The kinds of this library implement it.
pub trait Listing: Send + Sync + 'static + sealed::Sealed {
    /// One page of the answer.
    type Page: Decode + Send + Sync + 'static;
    /// The path below `/v1`.
    const PATH: &'static str;

    /// The cursor of the page that follows.
    fn next_cursor(page: &Self::Page) -> Option<&str>;
}

/// What is listed item by item.
pub trait ItemListing: Listing {
    /// An item of a page.
    type Item: Send + Sync + 'static;

    /// The items of a page.
    fn items(page: Self::Page) -> Vec<Self::Item>;
}

pub(super) mod sealed {
    pub trait Sealed {}
}

/// A question for a list, put together piece by piece. Awaited, it returns the
/// first page; [`pages`](Self::pages) and [`items`](Self::items) go on from there.
///
/// ```no_run
/// # async fn example(fal: fal_sdk::Client) -> fal_sdk::Result<()> {
/// let mut models = fal.platform().models().category("text-to-image").items();
/// while let Some(model) = models.next().await {
///     println!("{}", model?.endpoint_id);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is asked until this is awaited, or its pages or items are read"]
pub struct List<K> {
    http: Http,
    query: Vec<(&'static str, String)>,
    kind: PhantomData<fn() -> K>,
}

impl<K: Listing> List<K> {
    pub(super) fn new(http: &Http) -> Self {
        Self {
            http: http.clone(),
            query: Vec::new(),
            kind: PhantomData,
        }
    }

    pub(super) fn set(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.retain(|(known, _)| *known != name);
        self.query.push((name, value.into()));
        self
    }

    pub(super) fn add(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !self.query.contains(&(name, value.clone())) {
            self.query.push((name, value));
        }
        self
    }

    pub(super) fn add_all(
        self,
        name: &'static str,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        values
            .into_iter()
            .fold(self, |list, value| list.add(name, value))
    }

    /// How many entries a page has at most. Default: the platform's own number.
    pub fn limit(self, entries: u32) -> Self {
        self.set("limit", entries.to_string())
    }

    /// Begins at a page whose cursor is known.
    pub fn cursor(self, cursor: impl Into<String>) -> Self {
        self.set("cursor", cursor)
    }

    /// The pages, one after the other.
    pub fn pages(self) -> Pages<K> {
        Pages {
            state: State::Idle(Some(self)),
        }
    }

    /// The items of all pages, one after the other.
    pub fn items(self) -> Items<K>
    where
        K: ItemListing,
    {
        Items {
            pages: self.pages(),
            ready: VecDeque::new(),
        }
    }

    /// All items of all pages.
    ///
    /// # Errors
    /// When one of the pages cannot be had.
    pub async fn all(self) -> Result<Vec<K::Item>>
    where
        K: ItemListing,
    {
        let mut items = self.items();
        let mut all = Vec::new();
        while let Some(item) = items.next().await {
            all.push(item?);
        }
        Ok(all)
    }

    fn call(&self) -> Call {
        let call = Call::get(&self.http, K::PATH);
        self.query
            .iter()
            .fold(call, |call, (name, value)| call.query(name, value))
    }

    async fn page(self) -> Result<Answered<K>> {
        let page: K::Page = self.call().send().await?;
        let Some(cursor) = K::next_cursor(&page).map(str::to_owned) else {
            return Ok((page, None));
        };
        if self.query.contains(&("cursor", cursor.clone())) {
            return Err(Error::new(
                crate::transport::error::ErrorKind::Decode,
                "the platform's page names itself as the next one",
            ));
        }
        Ok((page, Some(self.cursor(cursor))))
    }
}

impl<K: Listing> IntoFuture for List<K> {
    type Output = Result<K::Page>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(self.page().await?.0) })
    }
}

/// Pages, one after the other: made by [`List::pages`].
///
/// It is a [`Stream`]; [`next`](Self::next) reads it without further crates. An
/// error is the last item.
#[must_use = "pages come when they are asked for"]
pub struct Pages<K: Listing> {
    state: State<K>,
}

enum State<K: Listing> {
    Idle(Option<List<K>>),
    Busy(BoxFuture<Result<Answered<K>>>),
}

/// A page, and the question for the one that follows.
type Answered<K> = (<K as Listing>::Page, Option<List<K>>);

impl<K: Listing> Pages<K> {
    /// The next page; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<K::Page>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<K: Listing> Stream for Pages<K> {
    type Item = Result<K::Page>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut asking = match mem::replace(&mut self.state, State::Idle(None)) {
            State::Idle(None) => return Poll::Ready(None),
            State::Idle(Some(list)) => Box::pin(list.page()),
            State::Busy(asking) => asking,
        };
        match asking.as_mut().poll(context) {
            Poll::Pending => {
                self.state = State::Busy(asking);
                Poll::Pending
            }
            Poll::Ready(Err(error)) => Poll::Ready(Some(Err(error))),
            Poll::Ready(Ok((page, next))) => {
                self.state = State::Idle(next);
                Poll::Ready(Some(Ok(page)))
            }
        }
    }
}

/// The items of pages, one after the other: made by [`List::items`].
///
/// It is a [`Stream`]; [`next`](Self::next) reads it without further crates. An
/// error is the last item.
#[must_use = "items come when they are asked for"]
pub struct Items<K: ItemListing> {
    pages: Pages<K>,
    ready: VecDeque<K::Item>,
}

impl<K: ItemListing> Items<K> {
    /// The next item; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<K::Item>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<K: ItemListing> Unpin for Items<K> {}

impl<K: ItemListing> Stream for Items<K> {
    type Item = Result<K::Item>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            match Pin::new(&mut self.pages).poll_next(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(Some(Ok(page))) => self.ready = K::items(page).into(),
            }
        }
    }
}

/// Declares what is listed.
macro_rules! listing {
    ($(#[$meta:meta])* $kind:ident: $path:literal => $page:ident $(, $items:ident: $item:ident)?) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy)]
        pub struct $kind;

        impl $crate::services::platform::list::sealed::Sealed for $kind {}

        impl $crate::services::platform::Listing for $kind {
            type Page = $page;
            const PATH: &'static str = $path;

            fn next_cursor(page: &$page) -> Option<&str> {
                page.next_cursor.as_deref().filter(|cursor| !cursor.is_empty())
            }
        }

        $(impl $crate::services::platform::ItemListing for $kind {
            type Item = $item;

            fn items(page: $page) -> Vec<$item> {
                page.$items
            }
        })?
    };
}

pub(super) use listing;

opaque! { Items<K: ItemListing>, List<K>, Pages<K: Listing> }
