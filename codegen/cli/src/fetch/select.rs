//! Selects the endpoints that are fetched, and refuses ids that are not valid.

use super::{
    options::Selection,
    platform::{Model, Platform},
};
use crate::{
    Error,
    ids::did_you_mean,
    output::printable,
    schemas::lock::{Listing, Lock},
};
use fal_codegen::source::EndpointId;
use std::collections::{BTreeMap, BTreeSet};

/// The endpoints that a fetch requests.
#[derive(Debug, Default)]
pub(super) struct Targets {
    /// The ids of the endpoints, sorted.
    pub ids: BTreeSet<EndpointId>,
    /// The catalog's data of the endpoints.
    pub listings: BTreeMap<EndpointId, Listing>,
    /// Ids that are not valid as paths, each with the reason.
    pub refused: Vec<(String, String)>,
}

/// Queries the catalog. Documents on disk that are not in the catalog are requested, too, to find out whether fal still has them. An
/// endpoint can be missing from the catalog's pages because it moved from one page to another between two requests.
pub(super) async fn select(
    platform: &Platform,
    selection: &Selection,
    known: &BTreeSet<EndpointId>,
    lock: &Lock,
) -> Result<Targets, Error> {
    let mut claims = Claims::default();
    for id in known {
        // Ids that differ only in case can both be on disk only if the file system distinguishes them.
        let _ = claims.claim(id);
    }
    let mut targets = Targets::default();
    match selection {
        Selection::Ids(ids) => {
            for id in ids {
                targets.add(&mut claims, id.as_str(), None);
            }
        }
        Selection::Category(category) => {
            let models = list(platform, Some(category)).await?;
            let is_empty = models.is_empty();
            targets.add_models(&mut claims, models);
            let of_category = |id: &&EndpointId| {
                let entry = lock.endpoints.get(*id);
                entry.and_then(|entry| entry.listing.category.as_ref()) == Some(category)
            };
            targets
                .ids
                .extend(known.iter().filter(of_category).cloned());
            if is_empty && targets.ids.is_empty() {
                return Err(unknown_category(platform, category).await?);
            }
        }
        Selection::All => {
            targets.add_models(&mut claims, list(platform, None).await?);
            targets.ids.extend(known.iter().cloned());
        }
    }
    Ok(targets)
}

/// The error for an unknown category, which names similar ones, or all.
async fn unknown_category(platform: &Platform, category: &str) -> Result<Error, Error> {
    let models = list(platform, None).await?;
    let listings = models.into_values().filter_map(|model| model.listing);
    let categories: BTreeSet<String> = listings.filter_map(|listing| listing.category).collect();
    let near = did_you_mean(category, categories.iter().map(String::as_str));
    let help = near.unwrap_or_else(|| {
        let all: Vec<_> = categories.iter().map(|name| printable(name, 40)).collect();
        format!("its categories are {}", all.join(", "))
    });
    Ok(Error::new(format!("the catalog has no category {category:?}")).help(help))
}

async fn list(
    platform: &Platform,
    category: Option<&str>,
) -> Result<BTreeMap<String, Model>, Error> {
    platform.list(category).await.map_err(|failure| {
        let help = if failure.is_refusal() {
            "check FAL_KEY, or unset it: the catalog can be read without a key"
        } else {
            "check --api-url and the network, and run the command again"
        };
        Error::new(format!(
            "cannot list the catalog at {}: {}",
            platform.url, failure.reason
        ))
        .help(help)
    })
}

impl Targets {
    fn add_models(&mut self, claims: &mut Claims, models: BTreeMap<String, Model>) {
        for (id, model) in models {
            self.add(claims, &id, model.listing);
        }
    }

    fn add(&mut self, claims: &mut Claims, id: &str, listing: Option<Listing>) {
        let checked = EndpointId::parse(id)
            .map_err(|error| error.reason().to_owned())
            .and_then(|id| claims.claim(&id).map(|()| id));
        match checked {
            Ok(id) => {
                self.listings
                    .extend(listing.map(|listing| (id.clone(), listing)));
                self.ids.insert(id);
            }
            Err(reason) => self.refused.push((id.to_owned(), reason)),
        }
    }
}

/// The paths that are used, in lower case, with their spelling. On file systems that do not distinguish `A` from `a`, two spellings
/// of one path would be the same file.
#[derive(Debug, Default)]
struct Claims(BTreeMap<String, String>);

impl Claims {
    fn claim(&mut self, id: &EndpointId) -> Result<(), String> {
        let id = id.as_str();
        let ends = id.match_indices('/').map(|(end, _)| end).chain([id.len()]);
        for prefix in ends.map(|end| &id[..end]) {
            let claimed = self
                .0
                .entry(prefix.to_ascii_lowercase())
                .or_insert_with(|| prefix.to_owned());
            if claimed != prefix {
                return Err(format!(
                    "differs from `{claimed}` in case only, and some file systems would use one file for both"
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Claims, Targets};
    use fal_codegen::source::EndpointId;

    #[test]
    fn spellings_that_differ_in_case_only_collide() {
        let mut claims = Claims::default();
        let mut claim = |id: &str| claims.claim(&EndpointId::parse(id).unwrap()).is_ok();
        assert!(claim("fal-ai/Flux/dev"));
        assert!(claim("fal-ai/Flux"));
        assert!(claim("fal-ai/Flux/dev"));
        assert!(!claim("fal-ai/flux/pro"));
        assert!(!claim("Fal-ai/other"));
        assert!(!claim("fal-ai/Flux/Dev"));
        assert!(claim("fal-ai/fluxus"));
    }

    #[test]
    fn refused_ids_are_kept_apart() {
        let mut targets = Targets::default();
        let mut claims = Claims::default();
        for id in ["a/b", "../a", "A/c", "a/CON"] {
            targets.add(&mut claims, id, None);
        }
        assert_eq!(targets.ids.len(), 1);
        assert_eq!(
            targets
                .refused
                .iter()
                .map(|(id, _)| id.as_str())
                .collect::<Vec<_>>(),
            ["../a", "A/c", "a/CON"]
        );
    }
}
