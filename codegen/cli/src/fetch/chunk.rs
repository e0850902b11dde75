//! Fetches a chunk of up to 50 endpoints: with one request to the platform API, then from the single-document URL those documents
//! that it did not return. The documents are then stored.

use super::{
    document,
    http::{Failure, Http},
    platform::{Model, Platform},
};
use crate::{
    Error,
    schemas::{
        Store,
        lock::{Listing, Source},
    },
};
use fal_codegen::source::EndpointId;
use futures_util::{StreamExt as _, stream};
use reqwest::Url;
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};

/// The source and the destination of a chunk's documents.
#[derive(Debug)]
pub(super) struct Route {
    pub platform: Platform,
    pub documents: Http,
    pub openapi_url: Url,
    pub store: Store,
}

/// The outcome of fetching one endpoint.
#[derive(Debug)]
pub(super) struct Fetched {
    pub id: EndpointId,
    /// The catalog's entry of the endpoint, if the platform API returned one.
    pub listing: Option<Listing>,
    pub outcome: Outcome,
}

#[derive(Debug)]
pub(super) enum Outcome {
    /// The endpoint's document is on disk.
    Stored(Document, Change),
    /// The catalog has the endpoint, but fal serves no document of it.
    Unavailable(String),
    /// fal does not know the endpoint.
    Gone,
    /// The endpoint's document could not be fetched, or the reply was not a document.
    Failed(String),
}

/// A document that was fetched and checked.
#[derive(Debug)]
pub(super) struct Document {
    pub text: String,
    pub source: Source,
    pub category: Option<String>,
}

/// The effect that storing a document had on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    New,
    Changed,
    Unchanged,
}

impl Route {
    /// Fetches and stores the documents of these endpoints.
    pub async fn fetch(self: Arc<Self>, ids: Vec<EndpointId>) -> Result<Vec<Fetched>, Error> {
        let (mut models, failure) = match self.platform.find(&ids).await {
            Ok(models) => (models, None),
            Err(failure) if failure.is_refusal() => {
                return Err(refused(&self.platform.url, &failure));
            }
            Err(failure) => (BTreeMap::new(), Some(failure)),
        };
        let failure = failure.as_ref();
        let each = ids.into_iter().map(|id| {
            let model = models.remove(id.as_str());
            let route = Arc::clone(&self);
            async move { route.fetch_one(id, model, failure).await }
        });
        // The client limits how many requests are sent at the same time.
        let fetched = stream::iter(each).buffer_unordered(super::platform::MAX_IDS);
        fetched.collect::<Vec<_>>().await.into_iter().collect()
    }

    async fn fetch_one(
        self: Arc<Self>,
        id: EndpointId,
        model: Option<Model>,
        failure: Option<&Failure>,
    ) -> Result<Fetched, Error> {
        let (listing, openapi) = match model {
            Some(model) => (model.listing, Some(model.openapi.unwrap_or(Value::Null))),
            None => (None, None),
        };
        let listed = openapi.is_some();
        let problem = match openapi.map(|openapi| accept(&id, &openapi, Source::Platform)) {
            Some(Ok(document)) => {
                let outcome = self.save(id.clone(), document).await?;
                return Ok(Fetched {
                    id,
                    listing,
                    outcome,
                });
            }
            Some(Err(problem)) => format!("the platform's document {problem}"),
            None => match failure {
                Some(failure) => format!("{}: {}", self.platform.url, failure.reason),
                None => "the platform does not list it".to_owned(),
            },
        };
        let known = listed || failure.is_some();
        let outcome = match self.single_document(&id).await {
            Ok(document) => Arc::clone(&self).save(id.clone(), document).await?,
            Err(single) if single.is_missing() && !known => Outcome::Gone,
            Err(single) if single.is_missing() && listed => {
                Outcome::Unavailable(format!("{problem}; the single-document URL has none"))
            }
            Err(single) => Outcome::Failed(match failure {
                Some(failure) if failure.reason == single.reason => format!(
                    "neither {} nor {} answered: {}",
                    self.platform.url, self.openapi_url, single.reason
                ),
                _ => format!("{problem}; {}: {}", self.openapi_url, single.reason),
            }),
        };
        Ok(Fetched {
            id,
            listing,
            outcome,
        })
    }

    async fn single_document(&self, id: &EndpointId) -> Result<Document, Failure> {
        let mut url = self.openapi_url.clone();
        url.query_pairs_mut()
            .append_pair("endpoint_id", id.as_str());
        let document = self.documents.get(url).await?;
        accept(id, &document, Source::Document)
            .map_err(|problem| Failure::new(format!("the document {problem}")))
    }

    /// Compares a document with the file on disk, and replaces the file if they differ.
    async fn save(self: Arc<Self>, id: EndpointId, document: Document) -> Result<Outcome, Error> {
        let saved = tokio::task::spawn_blocking(move || {
            let change = match self.store.read(&id)? {
                Some(old) if old == document.text.as_bytes() => Change::Unchanged,
                Some(_) => Change::Changed,
                None => Change::New,
            };
            if change != Change::Unchanged {
                self.store.write(&id, document.text.as_bytes())?;
            }
            Ok(Outcome::Stored(document, change))
        });
        saved
            .await
            .map_err(|error| Error::new(format!("storing a document failed: {error}")))?
    }
}

fn accept(id: &EndpointId, document: &Value, source: Source) -> Result<Document, String> {
    let text = document::accept(id, document)?;
    let category = document["info"]["x-fal-metadata"]["category"]
        .as_str()
        .map(str::to_owned);
    Ok(Document {
        text,
        source,
        category,
    })
}

fn refused(url: &Url, failure: &Failure) -> Error {
    Error::new(format!("{url} refuses this caller: {}", failure.reason))
        .help("check FAL_KEY, or unset it: the catalog can be read without a key")
}
