//! Media in inputs of calls: files and bytes are uploaded and become URLs.

use std::pin::Pin;

use futures_util::stream::{FuturesUnordered, StreamExt};

use super::{Local, LocalContent, READ_ONCE, empty, take};
use crate::contract::media::{Media, Reader};
use crate::services::local_file::spawn_blocking;
use crate::services::storage::{Storage, Upload, check_size};
use crate::transport::error::Result;
use crate::transport::http::Http;

/// Uploads the files, bytes and readers of an input, several at once, and puts their URLs
/// into the input. Those with the same content are uploaded once.
///
/// # Errors
/// When something cannot be read or uploaded. The call itself was not sent then.
pub(crate) async fn upload_media(http: &Http, waiting: Vec<&mut Media>) -> Result<()> {
    if waiting.is_empty() {
        return Ok(());
    }
    // All are inspected before the first is uploaded.
    let mut files = Vec::new();
    for media in &waiting {
        files.push(Local::inspect(http, media).await?);
    }
    let (files, places) = distinct(files).await?;
    let urls = upload(http, files).await?;
    for (media, place) in waiting.into_iter().zip(places) {
        if let Some(url) = urls.get(place) {
            *media = Media::url(url);
        }
    }
    Ok(())
}

impl Local {
    /// # Errors
    /// When the file cannot be read, or is too large.
    async fn inspect(http: &Http, media: &Media) -> Result<Self> {
        let local = Self::read(media).await?;
        if let Some(length) = local.content.len() {
            let what = format!("{media:?}");
            check_size(length, http.settings().uploads.max_size, &what)?;
        }
        Ok(local)
    }

    fn same(&self, other: &Self) -> std::io::Result<bool> {
        Ok(match (&self.content, &other.content) {
            // Clones of a reader are the same upload, whatever their name or type, since the
            // reader can be read only once.
            (LocalContent::Reader(mine), LocalContent::Reader(its)) => mine.is_clone_of(its),
            (LocalContent::Stored(mine), LocalContent::Stored(its)) => {
                self.content_type == other.content_type
                    && self.name == other.name
                    && mine.same(its)?
            }
            _ => false,
        })
    }
}

/// Returns the files without duplicates, and for each given file its index in that list.
async fn distinct(files: Vec<Local>) -> Result<(Vec<Local>, Vec<usize>)> {
    if files.len() < 2 {
        let places = (0..files.len()).collect();
        return Ok((files, places));
    }
    spawn_blocking(move || {
        let mut kept: Vec<Local> = Vec::new();
        let mut places = Vec::new();
        for file in files {
            // A file that cannot be compared is uploaded, and the upload reports why.
            let duplicate = kept
                .iter()
                .position(|known| known.same(&file).unwrap_or(false));
            places.push(duplicate.unwrap_or(kept.len()));
            if duplicate.is_none() {
                kept.push(file);
            }
        }
        Ok((kept, places))
    })
    .await
}

/// The URLs of the files, in their order.
async fn upload(http: &Http, files: Vec<Local>) -> Result<Vec<String>> {
    let mut urls = vec![String::new(); files.len()];
    let mut waiting = files.into_iter().enumerate();
    let mut under_way = FuturesUnordered::new();
    loop {
        while under_way.len() < http.settings().uploads.files_at_once.max(1)
            && let Some((place, file)) = waiting.next()
        {
            under_way.push(upload_one(http, place, file));
        }
        match under_way.next().await {
            None => return Ok(urls),
            Some(uploaded) => {
                let (place, url) = uploaded?;
                urls[place] = url;
            }
        }
    }
}

async fn upload_one(http: &Http, place: usize, file: Local) -> Result<(usize, String)> {
    let storage = Storage::new(http.clone());
    let options = |upload: Upload| {
        let upload = upload.content_type(file.content_type);
        match file.name {
            Some(name) => upload.file_name(name),
            None => upload,
        }
    };
    let stored = match file.content {
        LocalContent::Stored(content) => options(storage.upload_content(content)).await?,
        LocalContent::Reader(reader) => {
            let upload = of_reader(&storage, &reader).await?;
            options(upload)
                .await
                .map_err(|error| error.with_hint(READ_ONCE))?
        }
    };
    Ok((place, stored.url))
}

/// # Errors
/// When the reader was read before or returns nothing.
async fn of_reader(storage: &Storage, reader: &Reader) -> Result<Upload> {
    let mut stream = Box::pin(take(reader)?.peekable());
    if Pin::as_mut(&mut stream).peek().await.is_none() {
        return Err(empty(reader).with_hint(READ_ONCE));
    }
    let upload = storage.upload_stream(stream);
    Ok(match reader.length {
        Some(length) => upload.length(length),
        None => upload,
    })
}
