//! The report of a fetch.

use crate::{
    Error, ids,
    output::{counted, printable},
};
use fal_codegen::source::EndpointId;
use std::fmt;

/// The most lines of one kind that are printed.
const MAX_LINES: usize = 30;

/// The help text for a server that does not answer.
pub(super) const UNANSWERED: &str =
    "check the network and the proxy (HTTPS_PROXY), and run the command again";

/// The report of a fetch. Every list is sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Endpoints that had no document before.
    pub new: Vec<EndpointId>,
    /// Endpoints whose document changed.
    pub changed: Vec<EndpointId>,
    /// Endpoints whose document stayed the same, byte for byte.
    pub unchanged: Vec<EndpointId>,
    /// Endpoints whose document was already stored by an interrupted run.
    pub resumed: Vec<EndpointId>,
    /// Endpoints of the catalog for which fal serves no document, with fal's message. An old document is kept.
    pub unavailable: Vec<(EndpointId, String)>,
    /// Endpoints that could not be fetched, and ids that are not valid, each with the reason. An old document is kept.
    pub failed: Vec<(String, String)>,
    /// Endpoints that fal no longer has, and whose documents are kept.
    pub gone: Vec<EndpointId>,
    /// Endpoints that fal does not have, and whose documents were written by hand. Their documents are always kept.
    pub by_hand: Vec<EndpointId>,
    /// Endpoints that fal no longer has, and whose documents were removed.
    pub pruned: Vec<EndpointId>,
    /// Further notes for the user.
    pub notes: Vec<String>,
}

impl Report {
    /// The number of documents that are up to date.
    #[must_use]
    pub fn documents(&self) -> usize {
        self.new.len() + self.changed.len() + self.unchanged.len() + self.resumed.len()
    }

    /// The error if not every document could be fetched; `None` if all could.
    #[must_use]
    pub fn error(&self) -> Option<Error> {
        let gone = self.gone.iter();
        let gone = gone.map(|id| (id.as_str(), "fal has no such endpoint any more"));
        let unavailable = self.unavailable.iter();
        let unavailable = unavailable.map(|(id, reason)| (id.as_str(), reason.as_str()));
        let failed = self.failed.iter();
        let failed = failed.map(|(id, reason)| (id.as_str(), reason.as_str()));
        let all: Vec<_> = gone.chain(unavailable).chain(failed).collect();
        let (first, _) = all.first()?;
        let is_unknown = all
            .iter()
            .any(|(_, reason)| reason.contains("no such endpoint"));
        let suggestion = ids::suggestion(first)
            .filter(|suggestion| is_unknown && !suggestion.contains(&format!(" {first}?")));
        let help = suggestion.unwrap_or_else(|| match is_unknown {
            true => "check the id at https://fal.ai/models".to_owned(),
            false => UNANSWERED.to_owned(),
        });
        let lines: Vec<_> = all.iter().map(|(id, why)| format!("{id}: {why}")).collect();
        let what = format!("cannot fetch {}", lines.join("\n       "));
        Some(Error::new(what).help(help))
    }

    pub(super) fn sort(&mut self) {
        for list in [
            &mut self.new,
            &mut self.changed,
            &mut self.unchanged,
            &mut self.resumed,
            &mut self.gone,
            &mut self.by_hand,
            &mut self.pruned,
        ] {
            list.sort();
        }
        self.unavailable.sort();
        self.failed.sort();
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |ids: &[EndpointId], note: &str| -> Vec<String> {
            ids.iter().map(|id| format!("{id}{note}")).collect()
        };
        let reasons =
            |id: &str, reason: &str| format!("{}: {}", printable(id, 80), printable(reason, 600));
        let unavailable = self
            .unavailable
            .iter()
            .map(|(id, reason)| reasons(id.as_str(), reason));
        let failed = self.failed.iter().map(|(id, reason)| reasons(id, reason));
        let lists = [
            ("new", plain(&self.new, "")),
            ("changed", plain(&self.changed, "")),
            ("pruned", plain(&self.pruned, "")),
            (
                "gone",
                plain(&self.gone, " (its document is kept; --prune removes it)"),
            ),
            (
                "by hand",
                plain(
                    &self.by_hand,
                    " (fal does not have it; its document is kept)",
                ),
            ),
            ("no document", unavailable.collect()),
            ("failed", failed.collect()),
            ("note", self.notes.clone()),
        ];
        for (label, lines) in lists {
            for line in lines.iter().take(MAX_LINES) {
                writeln!(f, "{label:>11}  {line}")?;
            }
            if lines.len() > MAX_LINES {
                writeln!(f, "{label:>11}  … and {} more", lines.len() - MAX_LINES)?;
            }
        }
        write!(
            f,
            "fetch: {}, {} new, {} changed, {} unchanged",
            counted(self.documents(), "document"),
            self.new.len(),
            self.changed.len(),
            self.unchanged.len()
        )?;
        let rest = [
            ("from an interrupted run", self.resumed.len()),
            ("pruned", self.pruned.len()),
            ("gone", self.gone.len()),
            ("by hand", self.by_hand.len()),
            ("without a document", self.unavailable.len()),
            ("failed", self.failed.len()),
        ];
        for (label, count) in rest.into_iter().filter(|(_, count)| *count > 0) {
            write!(f, ", {count} {label}")?;
        }
        writeln!(f)
    }
}
