//! Uploads in parts, and what they have in common in all repositories.

use bytes::Bytes;
use futures_util::stream::{FuturesUnordered, StreamExt};

use super::cdn;
use super::content::{Content, Parts};
use super::etags::Etags;
use super::file_headers::FileHeaders;
use super::ramp::Ramp;
use super::saved_parts::SavedParts;
use super::signed::{self, SignedStore};
use crate::services::progress::Meter;
use crate::transport::error::Result;
use crate::transport::http::Http;
use crate::transport::http::body::Outgoing;
use crate::transport::upload_settings::{Repository, UploadSettings};

/// An upload in parts that was started, and the parts that are stored.
pub(crate) struct Session {
    destination: Destination,
    etags: Etags,
    /// The file that lists the stored parts for other processes.
    saved: Option<SavedParts>,
}

#[derive(Clone)]
enum Destination {
    Cdn(cdn::Multipart),
    Signed(signed::SignedUpload),
}

impl Session {
    pub(super) async fn begin(
        http: &Http,
        repository: Repository,
        headers: &FileHeaders,
    ) -> Result<Self> {
        let destination = match repository {
            Repository::Cdn => Destination::Cdn(cdn::begin(http, headers).await?),
            Repository::Signed => {
                Destination::Signed(signed::begin(http, SignedStore::FileStore, headers).await?)
            }
            Repository::Bucket => {
                Destination::Signed(signed::begin(http, SignedStore::Bucket, headers).await?)
            }
        };
        Ok(Self {
            destination,
            etags: Etags::new(),
            saved: None,
        })
    }

    /// An upload that another process started.
    pub(super) fn of_saved(upload: cdn::Multipart, etags: Etags, saved: SavedParts) -> Self {
        Self {
            destination: Destination::Cdn(upload),
            etags,
            saved: Some(saved),
        }
    }

    /// Keeps a list of the stored parts for other processes, if they can continue the
    /// upload. They cannot with signed URLs, which expire, and are secret until then.
    ///
    /// # Errors
    /// When the list cannot be written.
    pub(super) async fn save(&mut self, saved: SavedParts) -> Result<()> {
        if let Destination::Cdn(upload) = &self.destination {
            saved.start(upload).await?;
            self.saved = Some(saved);
        }
        Ok(())
    }

    /// Sends the parts that are not stored yet, and completes the file. As many parts are
    /// sent at once as make the upload faster, at most [`UploadSettings::parts_at_once`].
    /// After an error, no further part is begun, and those under way are finished, since an
    /// upload that is continued does not send stored parts again.
    pub(super) async fn send(
        &mut self,
        http: &Http,
        headers: &FileHeaders,
        content: &Content,
        settings: &UploadSettings,
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
        let mut ramp = Ramp::new(settings.parts_at_once);
        let mut failed = None;
        loop {
            while failed.is_none()
                && under_way.len() < ramp.at_once()
                && let Some(number) = missing.next()
            {
                let body = content.body(range(number), meter.part());
                under_way.push(send_part(
                    http,
                    headers,
                    self.destination.clone(),
                    number,
                    body,
                ));
            }
            let Some(sent) = under_way.next().await else {
                break;
            };
            match sent {
                Ok((number, etag)) => {
                    let stored = range(number);
                    ramp.stored(stored.end - stored.start);
                    self.keep(number, etag).await;
                }
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        drop(under_way);
        if let Some(error) = failed {
            return Err(error);
        }
        content.check_unchanged().await?;
        self.complete(http).await
    }

    /// Keeps a stored part, for other processes too.
    async fn keep(&mut self, number: u32, etag: String) {
        if let Some(saved) = &self.saved {
            saved.add(number, &etag).await;
        }
        self.etags.insert(number, etag);
    }

    /// Sends a stream part by part while it is read.
    pub(super) async fn send_stream(
        mut self,
        http: &Http,
        headers: &FileHeaders,
        stream: StartedStream<'_>,
        settings: &UploadSettings,
        meter: &Meter,
    ) -> Result<String> {
        let StartedStream {
            first,
            parts,
            at_once,
        } = stream;
        let mut under_way = FuturesUnordered::new();
        let (mut next, mut number, mut total) = (Some(first), 0, 0);
        while let Some(part) = next.take() {
            total += part.len() as u64;
            super::check_size(total, settings.max_size, "the data to upload")?;
            number += 1;
            let body = Content::Bytes(part).body_of_all(meter);
            under_way.push(send_part(
                http,
                headers,
                self.destination.clone(),
                number,
                body,
            ));
            if under_way.len() >= at_once
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
        match &self.destination {
            Destination::Cdn(upload) => upload.complete(http, &self.etags).await,
            Destination::Signed(upload) => upload.complete(http, &self.etags).await,
        }
    }
}

/// A stream whose first part has been read.
pub(super) struct StartedStream<'p> {
    pub(super) first: Bytes,
    pub(super) parts: &'p mut Parts,
    /// How many parts are held in memory at once.
    pub(super) at_once: usize,
}

async fn send_part(
    http: &Http,
    headers: &FileHeaders,
    destination: Destination,
    number: u32,
    body: Outgoing,
) -> Result<(u32, String)> {
    let etag = match destination {
        Destination::Cdn(upload) => upload.part(http, headers, number, &body).await?,
        Destination::Signed(upload) => upload.part(http, number, &body).await?,
    };
    Ok((number, etag))
}

/// Sends a whole file.
pub(super) async fn whole(
    http: &Http,
    repository: Repository,
    headers: &FileHeaders,
    content: &Content,
    meter: &Meter,
) -> Result<String> {
    let body = content.body_of_all(meter);
    match repository {
        Repository::Cdn => cdn::whole(http, headers, &body).await,
        Repository::Signed => signed::whole(http, SignedStore::FileStore, headers, &body).await,
        Repository::Bucket => signed::whole(http, SignedStore::Bucket, headers, &body).await,
    }
}

impl Content {
    fn body_of_all(&self, meter: &Meter) -> Outgoing {
        self.body(0..self.len(), meter.part())
    }
}
