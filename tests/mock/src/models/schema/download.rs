//! Finds the files of an input that a model's server could not download.

use serde_json::Value;

use super::{
    DEPTH, Id, Schema,
    violation::{Location, Violation},
};

/// Words in the name of a URL that the server calls or shows, and does not download.
const NOT_DOWNLOADED: &[&str] = &["callback", "webhook", "redirect", "website"];

impl Schema {
    /// The violations of a valid input for URLs that no server can download: paths, `file:` URLs, other texts.
    pub(crate) fn failed_downloads(&self, value: &Value, loc: &str) -> Vec<Violation> {
        let mut download = Download {
            schema: self,
            found: Vec::new(),
        };
        download.node(self.root, value, &Location::root(loc), 0);
        download.found
    }
}

struct Download<'s> {
    schema: &'s Schema,
    found: Vec<Violation>,
}

impl Download<'_> {
    fn node(&mut self, id: Id, value: &Value, loc: &Location<'_>, depth: usize) {
        if depth >= DEPTH {
            return;
        }
        let node = &self.schema.nodes[id];
        match value {
            Value::Object(object) => {
                for (name, id) in &node.object.properties {
                    let Some(member) = object.get(name) else {
                        continue;
                    };
                    if names_file(name) {
                        self.files(member, &loc.key(name));
                    }
                    self.node(*id, member, &loc.key(name), depth + 1);
                }
            }
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    if let Some(id) = node.list.first.get(at).copied().or(node.list.rest) {
                        self.node(id, item, &loc.index(at), depth + 1);
                    }
                }
            }
            _ => return,
        }
        let same = node.reference.iter().chain(&node.all_of);
        for id in same.chain(&node.any_of).chain(&node.one_of) {
            self.node(*id, value, loc, depth + 1);
        }
    }

    fn files(&mut self, value: &Value, loc: &Location<'_>) {
        match value {
            Value::String(text) if !can_be_downloaded(text) => {
                let msg = "Failed to download the file. Please check if the URL is accessible and try again.";
                let violation = Violation::new(loc, "file_download_error", msg, value);
                // Several members of a union may declare the property.
                if !self.found.contains(&violation) {
                    self.found.push(violation);
                }
            }
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.files(item, &loc.index(at));
                }
            }
            _ => {}
        }
    }
}

fn names_file(name: &str) -> bool {
    let mut words = name.split(['_', '-', '.']);
    let is_url = words.clone().any(|word| matches!(word, "url" | "urls"));
    is_url && !words.any(|word| NOT_DOWNLOADED.contains(&word))
}

fn can_be_downloaded(text: &str) -> bool {
    let begins = |with: &str| {
        text.get(..with.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(with))
    };
    let rest = ["https://", "http://", "data:"]
        .into_iter()
        .find(|scheme| begins(scheme));
    rest.is_some_and(|scheme| text.len() > scheme.len())
}
