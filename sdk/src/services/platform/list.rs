//! Requests for lists, which the platform returns page by page.

use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};

use super::call::{self, ApiCall};
use super::paging::{self, PageAndNext, PageRequest};
use crate::contract::wire::Decode;
use crate::transport::box_future::{BoxFuture, into_future};
use crate::transport::error::Result;
use crate::transport::http::Http;
use crate::transport::opaque::opaque;

/// A kind of list that the platform API has, such as [`ModelListing`](super::ModelListing).
/// The trait is sealed: only this library implements it.
pub trait Listing: Send + Sync + 'static + sealed::Sealed {
    /// The type of a page of the list.
    type Page: Decode + Send + Sync + 'static;
    /// The path of the list below `/v1`, up to its variable part.
    const PATH: &'static str;

    /// Returns how to request the page that follows `page`, if there is one.
    fn next(page: &Self::Page) -> Next<'_>;
}

/// How the next page of a list is requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Next<'p> {
    /// Not at all: this was the last page.
    Nothing,
    /// With the cursor of the next page.
    Cursor(&'p str),
    /// With an `offset`, which is larger by the number of items on this page.
    After(usize),
}

impl<'p> Next<'p> {
    pub(super) fn of_cursor(cursor: Option<&'p str>) -> Self {
        match cursor {
            Some(cursor) if !cursor.is_empty() => Self::Cursor(cursor),
            _ => Self::Nothing,
        }
    }
}

/// A kind of list whose pages have items, and not figures over time.
pub trait ItemListing: Listing {
    /// The type of the items.
    type Item: Send + Sync + 'static;

    /// Returns the items of a page.
    fn items(page: Self::Page) -> Vec<Self::Item>;
}

pub(super) mod sealed {
    pub trait Sealed {}
}

/// A request for a list of the platform API, with its filters. Awaiting it returns the first
/// page; [`pages`](Self::pages), [`items`](Self::items) and [`all`](Self::all) read all
/// pages.
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
#[must_use = "nothing is requested until this is awaited, or its pages or items are read"]
pub struct ListRequest<K> {
    http: Http,
    path: &'static str,
    /// The variable segments that follow the path.
    segments: Vec<String>,
    query: Vec<(&'static str, String)>,
    /// The last page, in a list that is read by offset.
    before: Option<Bytes>,
    kind: PhantomData<fn() -> K>,
}

impl<K: Listing> ListRequest<K> {
    pub(super) fn new(http: &Http) -> Self {
        Self::below(http, &[])
    }

    /// A list whose path has variable segments after that of its kind.
    pub(super) fn below(http: &Http, segments: &[&str]) -> Self {
        Self::at(http, K::PATH, segments)
    }

    /// A list of this kind at another path.
    pub(super) fn at(http: &Http, path: &'static str, segments: &[&str]) -> Self {
        Self {
            http: http.clone(),
            path,
            segments: segments.iter().map(|it| (*it).to_owned()).collect(),
            query: Vec::new(),
            before: None,
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

    /// Sets the largest number of entries on a page. By default the platform decides.
    pub fn limit(self, entries: u32) -> Self {
        self.set("limit", entries.to_string())
    }

    /// Starts at the page with this cursor, which is `next_cursor` of an earlier page.
    pub fn cursor(self, cursor: impl Into<String>) -> Self {
        self.set("cursor", cursor)
    }

    /// Returns a stream of the pages. Each is requested when it is needed.
    pub fn pages(self) -> Pages<K> {
        Pages(paging::pages(self, Ok))
    }

    /// Returns a stream of the items of all pages. Each page is requested when it is needed.
    pub fn items(self) -> Items<K>
    where
        K: ItemListing,
    {
        Items(paging::items(self, |page| Ok(K::items(page))))
    }

    /// Requests all pages and returns their items.
    ///
    /// # Errors
    /// When one of the pages cannot be fetched.
    pub async fn all(self) -> Result<Vec<K::Item>>
    where
        K: ItemListing,
    {
        self.items().try_collect().await
    }

    fn call(&self) -> Result<ApiCall> {
        let segments: Vec<&str> = self.segments.iter().map(String::as_str).collect();
        let call = ApiCall::get(&self.http, self.path).path_segments(&segments)?;
        let query = self.query.iter();
        Ok(query.fold(call, |call, (name, value)| call.query(name, value)))
    }

    async fn page(self) -> Result<PageAndNext<Self>> {
        let reply = self.call()?.reply().await?;
        let page: K::Page = call::decode(&reply, K::Page::decode)?;
        let next = match K::next(&page) {
            Next::Nothing | Next::After(0) => None,
            Next::Cursor(cursor) => {
                paging::check_cursor(self.query.contains(&("cursor", cursor.to_owned())))?;
                let cursor = cursor.to_owned();
                Some(self.cursor(cursor))
            }
            Next::After(count) => {
                let before = paging::check_new(self.before.as_ref(), reply.body)?;
                let given = self.query.iter().find(|(name, _)| *name == "offset");
                let offset = paging::offset_after(given.map(|(_, offset)| offset), count);
                let mut next = self.set("offset", offset);
                next.before = Some(before);
                Some(next)
            }
        };
        Ok((page, next))
    }
}

into_future! {
    <K: Listing> ListRequest<K> => K::Page,
    |call| async move { Ok(call.page().await?.0) }
}

/// The pages of a list, one after the other: returned by [`ListRequest::pages`].
///
/// It is a [`Stream`]; [`next`](Self::next) reads it without further crates. An
/// error is the last item.
#[must_use = "pages are fetched by `next`"]
pub struct Pages<K: Listing>(BoxStream<'static, Result<K::Page>>);

impl<K: Listing> PageRequest for ListRequest<K> {
    type Page = K::Page;

    fn fetch(self) -> BoxFuture<Result<PageAndNext<Self>>> {
        Box::pin(self.page())
    }
}

impl<K: Listing> Pages<K> {
    /// Returns the next page, or `None` after the last.
    pub async fn next(&mut self) -> Option<Result<K::Page>> {
        self.0.next().await
    }
}

impl<K: Listing> Stream for Pages<K> {
    type Item = Result<K::Page>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(context)
    }
}

/// The items of a list, one after the other: returned by [`ListRequest::items`].
///
/// It is a [`Stream`]; [`next`](Self::next) reads it without further crates. An
/// error is the last item.
#[must_use = "items are fetched by `next`"]
pub struct Items<K: ItemListing>(BoxStream<'static, Result<K::Item>>);

impl<K: ItemListing> Items<K> {
    /// Returns the next item, or `None` after the last.
    pub async fn next(&mut self) -> Option<Result<K::Item>> {
        self.0.next().await
    }
}

impl<K: ItemListing> Stream for Items<K> {
    type Item = Result<K::Item>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(context)
    }
}

opaque! { Items<K: ItemListing>, ListRequest<K>, Pages<K: Listing> }
