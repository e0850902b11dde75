//! Runs a fetch: selects endpoints, fetches them in chunks, fetches prices, handles removed endpoints, and writes the lock file.

use super::{
    chunk::{Change, Document, Fetched, Outcome, Route},
    http::Http,
    journal::Journal,
    options::{Options, Selection},
    platform::{MAX_IDS, Platform},
    prices,
    report::Report,
    select::{Targets, select},
};
use crate::{
    Error,
    schemas::{
        Store,
        lock::{Entry, Listing, Lock, Price, Source, sha256},
    },
};
use fal_codegen::source::EndpointId;
use futures_util::{StreamExt as _, stream};
use indicatif::{ProgressBar, ProgressStyle};
use std::{collections::BTreeSet, sync::Arc};

/// Fetches the documents of the selection.
///
/// # Errors
///
/// If nothing can be fetched or written at all. If single endpoints fail, they are in the report, and the others are fetched.
pub async fn run(options: &Options) -> Result<Report, Error> {
    let store = Store::open(options.layout.clone())?;
    let lock = Lock::read(&options.layout.lock)?;
    let platform = Platform::new(options)?;
    let known: BTreeSet<_> = store
        .scan()?
        .into_iter()
        .chain(lock.endpoints.keys().cloned())
        .collect();
    let targets = select(&platform, &options.selection, &known, &lock).await?;
    let (journal, done) = Journal::open(options, &store)?;
    let route = Arc::new(Route {
        platform,
        documents: Http::documents(options)?,
        openapi_url: options.openapi_url.clone(),
        store,
    });
    let mut run = Run {
        options,
        route,
        journal,
        lock,
        known,
        report: Report::default(),
    };
    run.report.failed.clone_from(&targets.refused);
    for (id, entry) in done.into_iter().filter(|(id, _)| targets.ids.contains(id)) {
        run.lock.endpoints.insert(id.clone(), entry);
        run.report.resumed.push(id);
    }
    run.fetch(&targets).await?;
    run.fetch_prices(&targets).await;
    run.finish()
}

struct Run<'a> {
    options: &'a Options,
    route: Arc<Route>,
    journal: Journal,
    lock: Lock,
    /// The endpoints that were on disk or in the lock file before the run.
    known: BTreeSet<EndpointId>,
    report: Report,
}

impl Run<'_> {
    async fn fetch(&mut self, targets: &Targets) -> Result<(), Error> {
        let resumed: BTreeSet<_> = self.report.resumed.iter().cloned().collect();
        let ids: Vec<_> = targets.ids.difference(&resumed).cloned().collect();
        let bar = progress_bar(self.options, ids.len());
        let chunks: Vec<Vec<_>> = ids.chunks(MAX_IDS).map(<[_]>::to_vec).collect();
        let route = Arc::clone(&self.route);
        let fetches = chunks
            .into_iter()
            .map(move |ids| Arc::clone(&route).fetch(ids));
        let mut fetched = stream::iter(fetches).buffer_unordered(self.options.jobs.get());
        while let Some(chunk) = fetched.next().await {
            let chunk = chunk?;
            bar.inc(chunk.len() as u64);
            self.record(chunk, targets)?;
            bar.set_message(format!(
                "{} new, {} changed, {} failed",
                self.report.new.len(),
                self.report.changed.len(),
                self.report.failed.len()
            ));
        }
        bar.finish_and_clear();
        Ok(())
    }

    fn record(&mut self, chunk: Vec<Fetched>, targets: &Targets) -> Result<(), Error> {
        let mut stored = Vec::new();
        for Fetched {
            id,
            listing,
            outcome,
        } in chunk
        {
            let listing = listing.or_else(|| targets.listings.get(&id).cloned());
            match outcome {
                Outcome::Stored(document, change) => {
                    self.record_stored(&id, listing, document, change);
                    stored.push(id);
                    continue;
                }
                Outcome::Unavailable(reason) => self.report.unavailable.push((id.clone(), reason)),
                Outcome::Failed(reason) => {
                    self.report.failed.push((id.as_str().to_owned(), reason));
                }
                Outcome::Gone if self.known.contains(&id) => self.report.gone.push(id.clone()),
                Outcome::Gone => {
                    let reason = "fal has no such endpoint".to_owned();
                    self.report.failed.push((id.as_str().to_owned(), reason));
                }
            }
            // The old document is kept, but the catalog's data of the endpoint is updated.
            if let (Some(entry), Some(listing)) = (self.lock.endpoints.get_mut(&id), listing) {
                entry.listing = listing;
            }
        }
        let lines = stored
            .iter()
            .filter_map(|id| self.lock.endpoints.get_key_value(id));
        self.journal.note(lines)
    }

    fn record_stored(
        &mut self,
        id: &EndpointId,
        listing: Option<Listing>,
        document: Document,
        change: Change,
    ) {
        let old = self.lock.endpoints.remove(id);
        let sha256 = sha256(document.text.as_bytes());
        // If the bytes are the same, the recorded route stays the same, too.
        let old_source = old
            .as_ref()
            .filter(|old| old.sha256 == sha256)
            .map(|old| old.source);
        let mut listing = listing
            .or_else(|| old.as_ref().map(|old| old.listing.clone()))
            .unwrap_or_default();
        listing.category = listing.category.or(document.category);
        let entry = Entry {
            size: document.text.len() as u64,
            source: old_source.unwrap_or(document.source),
            listing,
            price: old.and_then(|old| old.price),
            sha256,
        };
        self.lock.endpoints.insert(id.clone(), entry);
        match change {
            Change::New => self.report.new.push(id.clone()),
            Change::Changed => self.report.changed.push(id.clone()),
            Change::Unchanged => self.report.unchanged.push(id.clone()),
        }
    }

    /// Adds prices. If they cannot be fetched, the fetch still succeeds.
    async fn fetch_prices(&mut self, targets: &Targets) {
        let ids: Vec<_> = targets
            .ids
            .iter()
            .filter(|id| self.lock.endpoints.contains_key(id))
            .collect();
        match prices::fetch(&self.route.platform, &ids).await {
            Ok(mut prices) => {
                for id in ids {
                    let price = prices.remove(id.as_str());
                    self.set_price(id, price);
                }
            }
            Err(failure) if failure.is_refusal() => {
                let note =
                    "prices were not updated: the platform API returns them only if FAL_KEY is set";
                self.report.notes.push(note.to_owned());
            }
            Err(failure) => {
                self.report
                    .notes
                    .push(format!("prices stay as they were: {}", failure.reason));
            }
        }
    }

    fn set_price(&mut self, id: &EndpointId, price: Option<Price>) {
        let Some(entry) = self.lock.endpoints.get_mut(id) else {
            return;
        };
        let text = entry.price.take().and_then(|old| old.text);
        let price = Price {
            text,
            ..price.unwrap_or_default()
        };
        entry.price = (price != Price::default()).then_some(price);
    }

    fn finish(mut self) -> Result<Report, Error> {
        let is_by_hand = |id: &EndpointId| {
            let entry = self.lock.endpoints.get(id);
            entry.is_some_and(|entry| entry.source == Source::Hand)
        };
        let gone = std::mem::take(&mut self.report.gone).into_iter();
        (self.report.by_hand, self.report.gone) = gone.partition(is_by_hand);
        if self.options.prune {
            for id in std::mem::take(&mut self.report.gone) {
                self.route.store.remove(&id)?;
                self.lock.endpoints.remove(&id);
                self.report.pruned.push(id);
            }
        }
        if self.options.selection == Selection::All {
            self.forget_missing()?;
        }
        self.route.store.write_lock(&self.lock.to_text()?)?;
        self.journal.finish()?;
        self.report.sort();
        Ok(self.report)
    }

    /// Removes the entries whose document was deleted by hand.
    fn forget_missing(&mut self) -> Result<(), Error> {
        let there: BTreeSet<_> = self.route.store.scan()?.into_iter().collect();
        self.lock.endpoints.retain(|id, _| there.contains(id));
        Ok(())
    }
}

fn progress_bar(options: &Options, total: usize) -> ProgressBar {
    if !options.progress {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(total as u64);
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg} ({eta})");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
