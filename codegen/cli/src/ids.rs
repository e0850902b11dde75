//! Reads endpoint ids from the command line: an id, the URL of a model's page, or a misspelt id, for which there are
//! suggestions.

use crate::Error;
use fal_codegen::source::EndpointId;
use reqwest::Url;
use std::collections::BTreeSet;

/// The ids that were known when this program was built, sorted, one per line. They are used for suggestions and to assign cargo
/// features; other ids can be fetched, too.
const KNOWN: &str = include_str!("../ids.txt");
/// The most suggestions in an error.
const SUGGESTIONS: usize = 3;
/// The least similarity of two ids for a suggestion, from 0 to 1.
const SIMILAR: f64 = 0.75;
/// The segment that can be before an id in the path of a URL.
const BEFORE: &str = "models";
/// The segments that can be after an id in the path of a model's page.
const AFTER: [&str; 5] = ["api", "playground", "examples", "requests", "llms.txt"];

/// Reads an id, or the URL of a model's page or endpoint.
///
/// # Errors
///
/// If it is neither; the error names the nearest known ids.
pub fn parse(text: &str) -> Result<EndpointId, Error> {
    let text = text.trim();
    let id = match text.contains("://") {
        true => of_address(text),
        false => Some(text.trim_matches('/').to_owned()),
    };
    let id = id.ok_or_else(|| {
        Error::new(format!("{text:?} is not the URL of a model")).help(
            "give an id, such as fal-ai/flux/dev, or the URL of its page at https://fal.ai/models",
        )
    })?;
    EndpointId::parse(&id).map_err(|error| {
        Error::new(error.to_string()).help(suggestion(&id).unwrap_or_else(|| {
            "give an id as shown at https://fal.ai/models, such as fal-ai/flux/dev".to_owned()
        }))
    })
}

/// Reads ids, without repetitions, in their order.
///
/// # Errors
///
/// The error of [`parse`] for the first text that is not an id.
pub fn parse_all(texts: &[String]) -> Result<Vec<EndpointId>, Error> {
    let mut ids = Vec::new();
    for text in texts {
        let id = parse(text)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// The id in a URL of fal: of the page of a model, of an endpoint, or of a document.
fn of_address(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    if let Some((_, id)) = url.query_pairs().find(|(name, _)| name == "endpoint_id") {
        return Some(id.into_owned());
    }
    let host = url.host_str()?;
    let is_fals = ["fal.ai", "fal.run"]
        .iter()
        .any(|known| host == *known || host.ends_with(&format!(".{known}")));
    let mut parts: Vec<&str> = url
        .path_segments()?
        .filter(|part| !part.is_empty())
        .collect();
    if parts.first() == Some(&BEFORE) {
        parts.remove(0);
    }
    // An id has at least two segments, so that a model can be called `api`.
    while parts.len() > 2 && parts.last().is_some_and(|last| AFTER.contains(last)) {
        parts.pop();
    }
    (is_fals && parts.len() > 1).then(|| parts.join("/"))
}

/// The question `did you mean a/b or a/c?`, if known ids are similar.
#[must_use]
pub fn suggestion(id: &str) -> Option<String> {
    did_you_mean(id, KNOWN.lines())
}

/// The question `did you mean a or b?`, if some of the names are similar to a word.
pub(crate) fn did_you_mean<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let near = nearest(word, names);
    (!near.is_empty()).then(|| format!("did you mean {}?", near.join(" or ")))
}

/// The names that are most similar to a word, the nearest first.
fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.to_ascii_lowercase();
    let mut near: Vec<(f64, &str)> = names
        .map(|name| (similarity(&word, &name.to_ascii_lowercase()), name))
        .filter(|(similarity, _)| *similarity >= SIMILAR)
        .collect();
    near.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(other.1)));
    let names = near.into_iter().map(|(_, name)| name);
    names.take(SUGGESTIONS).collect()
}

/// The similarity of two names, from 0 to 1. An id can be given without its owner.
fn similarity(word: &str, name: &str) -> f64 {
    let whole = strsim::normalized_damerau_levenshtein(word, name);
    match name.split_once('/') {
        Some((_, rest)) => whole.max(strsim::normalized_damerau_levenshtein(word, rest)),
        None => whole,
    }
}

/// The ids that were known when this program was built, on which cargo features depend.
#[must_use]
pub fn known() -> BTreeSet<String> {
    KNOWN.lines().map(str::to_owned).collect()
}

/// The known ids that contain every word.
pub fn containing<'a>(words: &'a [String]) -> impl Iterator<Item = &'static str> + 'a {
    let words: Vec<_> = words.iter().map(|word| word.to_lowercase()).collect();
    KNOWN.lines().filter(move |id| {
        let id = id.to_lowercase();
        words.iter().all(|word| id.contains(word))
    })
}

#[cfg(test)]
mod tests {
    use super::{containing, parse, parse_all, suggestion};

    #[test]
    fn ids_and_addresses_of_a_model_mean_the_model() {
        for text in [
            "fal-ai/flux/dev",
            " fal-ai/flux/dev/ ",
            "https://fal.ai/models/fal-ai/flux/dev",
            "https://fal.ai/models/fal-ai/flux/dev/api?x=1#y",
            "https://fal.ai/models/fal-ai/flux/dev/playground",
            "https://fal.run/fal-ai/flux/dev",
            "https://queue.fal.run/fal-ai/flux/dev",
            "https://fal.ai/api/openapi/queue/openapi.json?endpoint_id=fal-ai/flux/dev",
        ] {
            assert_eq!(parse(text).unwrap().as_str(), "fal-ai/flux/dev", "{text}");
        }
        for text in ["https://example.com/a/b", "https://fal.ai/pricing", "flux"] {
            assert!(parse(text).is_err(), "{text}");
        }
        let twice = ["a/b", "https://fal.ai/models/a/b", "c/d"].map(str::to_owned);
        assert_eq!(parse_all(&twice).unwrap().len(), 2);
    }

    #[test]
    fn a_typo_gets_the_nearest_ids() {
        for (typo, meant) in [
            ("fal-ai/flux/dve", "fal-ai/flux/dev"),
            ("fal-ai/fluxx/schnell", "fal-ai/flux/schnell"),
            ("flux/schnell", "fal-ai/flux/schnell"),
        ] {
            let suggestion = suggestion(typo).unwrap();
            assert!(
                suggestion.starts_with(&format!("did you mean {meant}")),
                "{suggestion}"
            );
        }
        assert_eq!(suggestion("completely-different"), None);
    }

    #[test]
    fn known_ids_are_sorted_and_found_by_their_words() {
        let words = ["FLUX", "schnell"].map(str::to_owned);
        assert!(containing(&words).any(|id| id == "fal-ai/flux/schnell"));
        let ids: Vec<_> = super::KNOWN.lines().collect();
        assert!(ids.is_sorted() && ids.len() > 1000);
        for id in ids {
            assert!(parse(id).is_ok(), "{id}");
        }
    }
}
