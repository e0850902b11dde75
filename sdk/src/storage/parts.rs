//! Uploads in parts: what is common to all repositories.

use std::collections::BTreeMap;

use bytes::Bytes;
use futures_util::stream::{FuturesUnordered, StreamExt};
use serde_json::{Value, json};

use super::content::{Content, Parts};
use super::facts::Facts;
use super::progress::Meter;
use super::repository::Repository;
use super::signed::{self, Kind};
use super::{cdn, settings::Uploads};
use crate::error::{Error, ErrorKind, Result};
use crate::http::body::Outgoing;
use crate::http::{Http, Operation, Reply};

/// The tags of the parts that are there, by number, from 1.
pub(super) type Etags = BTreeMap<u32, String>;

/// The tag that the server gave a part: in its body, or in a header. It is sent
/// back to the letter.
pub(super) fn etag(reply: &Reply, number: u32) -> Result<String> {
    if !reply.status.is_success() {
        return Err(reply.error(Operation::Upload));
    }
    let of_body = || {
        let value: Value = serde_json::from_slice(&reply.body).ok()?;
        value.get("etag")?.as_str().map(str::to_owned)
    };
    of_body()
        .or_else(|| reply.header("etag").map(str::to_owned))
        .ok_or_else(|| {
            let message = format!("the reply to part {number} of the upload has no etag");
            Error::new(ErrorKind::Decode, message).with_reply(reply)
        })
}

pub(super) fn listed(etags: &Etags) -> Value {
    let part = |(number, etag): (&u32, &String)| json!({"partNumber": number, "etag": etag});
    json!({"parts": etags.iter().map(part).collect::<Vec<_>>()})
}

/// The bucket's spelling.
pub(super) fn listed_for_bucket(etags: &Etags) -> Value {
    let part = |(number, etag): (&u32, &String)| json!({"part_number": number, "etag": etag.trim_matches('"')});
    json!({"parts": etags.iter().map(part).collect::<Vec<_>>()})
}

/// An upload in parts that was begun, and the parts that are there.
pub(crate) struct Session {
    place: Place,
    etags: Etags,
}

#[derive(Clone)]
enum Place {
    Cdn(cdn::Multipart),
    Signed(signed::Promise),
}

impl Session {
    pub(super) async fn begin(http: &Http, repository: Repository, facts: &Facts) -> Result<Self> {
        let place = match repository {
            Repository::Cdn => Place::Cdn(cdn::begin(http, facts).await?),
            Repository::Signed => Place::Signed(signed::begin(http, Kind::FileStore, facts).await?),
            Repository::Bucket => Place::Signed(signed::begin(http, Kind::Bucket, facts).await?),
        };
        Ok(Self {
            place,
            etags: Etags::new(),
        })
    }

    /// Sends the parts that are not there yet, several at once, and completes the
    /// file. After an error, the parts that got through stay.
    pub(super) async fn send(
        &mut self,
        http: &Http,
        facts: &Facts,
        content: &Content,
        settings: &Uploads,
        meter: &Meter,
    ) -> Result<String> {
        let (length, size) = (content.len(), settings.part_size_for(content.len()));
        let range = |number: u32| {
            let start = u64::from(number - 1) * size;
            start..(start + size).min(length)
        };
        let count = u32::try_from(length.div_ceil(size)).unwrap_or(u32::MAX);
        let there = self.etags.keys().map(|number| range(*number));
        meter.add(there.map(|range| range.end - range.start).sum());
        let missing: Vec<u32> = (1..=count)
            .filter(|number| !self.etags.contains_key(number))
            .collect();
        let mut missing = missing.into_iter();
        let mut under_way = FuturesUnordered::new();
        loop {
            while under_way.len() < settings.parts_at_once.max(1)
                && let Some(number) = missing.next()
            {
                let body = content.body(range(number), meter.part());
                under_way.push(send_part(http, facts, self.place.clone(), number, body));
            }
            let Some(sent) = under_way.next().await else {
                break;
            };
            let (number, etag) = sent?;
            self.etags.insert(number, etag);
        }
        drop(under_way);
        content.check_unchanged().await?;
        self.complete(http).await
    }

    /// Sends a flow part by part as it is read, `first` being its beginning.
    pub(super) async fn send_flow(
        mut self,
        http: &Http,
        facts: &Facts,
        flow: FlowRest<'_>,
        settings: &Uploads,
        meter: &Meter,
    ) -> Result<String> {
        let FlowRest { first, parts } = flow;
        let mut under_way = FuturesUnordered::new();
        let (mut next, mut number, mut total) = (Some(first), 0, 0);
        while let Some(part) = next.take() {
            total += part.len() as u64;
            super::check_size(total, settings.max_size, "what is uploaded")?;
            number += 1;
            let body = Content::Bytes(part).body_of_all(meter);
            under_way.push(send_part(http, facts, self.place.clone(), number, body));
            if under_way.len() >= settings.buffered_parts()
                && let Some(sent) = under_way.next().await
            {
                let (number, etag) = sent?;
                self.etags.insert(number, etag);
            }
            next = parts.next().await?;
        }
        while let Some(sent) = under_way.next().await {
            let (number, etag) = sent?;
            self.etags.insert(number, etag);
        }
        drop(under_way);
        self.complete(http).await
    }

    async fn complete(&self, http: &Http) -> Result<String> {
        match &self.place {
            Place::Cdn(upload) => upload.complete(http, &self.etags).await,
            Place::Signed(upload) => upload.complete(http, &self.etags).await,
        }
    }
}

/// A flow of which the first part has been read.
pub(super) struct FlowRest<'p> {
    pub(super) first: Bytes,
    pub(super) parts: &'p mut Parts,
}

async fn send_part(
    http: &Http,
    facts: &Facts,
    place: Place,
    number: u32,
    body: Outgoing,
) -> Result<(u32, String)> {
    let etag = match place {
        Place::Cdn(upload) => upload.part(http, facts, number, &body).await?,
        Place::Signed(upload) => upload.part(http, number, &body).await?,
    };
    Ok((number, etag))
}

/// Sends a whole file.
pub(super) async fn whole(
    http: &Http,
    repository: Repository,
    facts: &Facts,
    content: &Content,
    meter: &Meter,
) -> Result<String> {
    let body = content.body_of_all(meter);
    match repository {
        Repository::Cdn => cdn::whole(http, facts, &body).await,
        Repository::Signed => signed::whole(http, Kind::FileStore, facts, &body).await,
        Repository::Bucket => signed::whole(http, Kind::Bucket, facts, &body).await,
    }
}

impl Content {
    fn body_of_all(&self, meter: &Meter) -> Outgoing {
        self.body(0..self.len(), meter.part())
    }
}
