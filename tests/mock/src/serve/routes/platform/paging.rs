//! Pages: `limit` and `cursor` of requests, `next_cursor` and `has_more` of replies.

use std::ops::Range;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::invalid;
use crate::{http::reply::Reply, serve::call::Call};

/// The number of entries on a page unless requested otherwise.
const USUAL: usize = 50;

/// The page that a request asks for.
pub(super) struct Paging {
    limit: usize,
    /// The number of the page, from 1. The cursor encodes it.
    page: usize,
}

/// The entries of a page.
pub(super) struct Page {
    pub(super) range: Range<usize>,
    pub(super) next_cursor: Option<String>,
}

impl Paging {
    /// Reads the request for a page of at most `most` entries.
    pub(super) fn read(call: &Call, most: usize) -> Result<Self, Box<Reply>> {
        Ok(Self {
            limit: limit(call)?.unwrap_or(USUAL).min(most),
            page: cursor(call)?,
        })
    }

    pub(super) fn of(&self, count: usize) -> Page {
        let start = (self.page - 1).saturating_mul(self.limit).min(count);
        let end = (start + self.limit).min(count);
        let next = (end < count).then(|| BASE64_STANDARD.encode((self.page + 1).to_string()));
        Page {
            range: start..end,
            next_cursor: next,
        }
    }

    /// The reply with a page of `items` as its member `name`.
    pub(super) fn body(&self, name: &str, items: &[Value]) -> Value {
        let page = self.of(items.len());
        json!({
            name: items[page.range.clone()],
            "has_more": page.next_cursor.is_some(),
            "next_cursor": page.next_cursor,
        })
    }
}

fn limit(call: &Call) -> Result<Option<usize>, Box<Reply>> {
    let Some(text) = call.request.query_param("limit") else {
        return Ok(None);
    };
    let limit = text.parse().ok().filter(|limit| *limit > 0);
    limit
        .map(Some)
        .ok_or_else(|| invalid(format!("limit: `{text}` is not a whole number above 0")))
}

fn cursor(call: &Call) -> Result<usize, Box<Reply>> {
    let Some(text) = call.request.query_param("cursor") else {
        return Ok(1);
    };
    let number = BASE64_STANDARD
        .decode(&text)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let number = number
        .and_then(|number| number.parse().ok())
        .filter(|page| *page > 0);
    number.ok_or_else(|| invalid(format!("cursor: `{text}` is not a cursor of this API")))
}
