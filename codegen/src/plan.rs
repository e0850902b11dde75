//! The files that a run generates.

use std::collections::BTreeMap;

/// The files that a run generates: for each, its text and its path, relative to the output folder and with `/` as separator.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    files: BTreeMap<String, String>,
}

impl Plan {
    /// Adds a file, or replaces the text of a file with the same path.
    pub fn insert(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.files.insert(path.into(), text.into());
    }

    /// Adds the files of another plan.
    pub(crate) fn extend(&mut self, other: Self) {
        self.files.extend(other.files);
    }

    /// The text of a file; `None` if the plan does not have the file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Returns the text of a Rust file with the text of its modules in it: `pub mod x;` becomes `pub mod x { … }`, for all
    /// modules whose files are in the plan. Everything is inside a module with the file's name, because `include!` does not
    /// follow `mod` lines and does not accept inner documentation. Returns `None` if the plan does not have the file.
    pub fn inline(&self, path: &str) -> Option<String> {
        let stem = path.strip_suffix(".rs")?;
        let name = stem.rsplit('/').next()?;
        let mut text = format!("pub mod {name} {{\n");
        for line in self.get(path)?.lines() {
            let child = line
                .strip_prefix("pub mod ")
                .and_then(|rest| rest.strip_suffix(';'))
                .and_then(|child| self.inline(&format!("{stem}/{child}.rs")));
            match child {
                Some(inlined) => text.push_str(&inlined),
                None => {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
        text.push_str("}\n");
        Some(text)
    }

    /// All files, ordered by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The number of files in the plan.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether the plan has no files.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Plan;

    #[test]
    fn modules_stand_where_their_lines_stood() {
        let mut plan = Plan::default();
        plan.insert("endpoints.rs", "//! Root.\n\n#[cfg(x)]\npub mod a;\n");
        plan.insert("endpoints/a.rs", "pub mod b;\npub struct A;\n");
        plan.insert("endpoints/a/b.rs", "use super::A;\n");
        let expected = "pub mod endpoints {\n//! Root.\n\n#[cfg(x)]\npub mod a {\npub mod b {\n\
             use super::A;\n}\npub struct A;\n}\n}\n";
        assert_eq!(plan.inline("endpoints.rs").as_deref(), Some(expected));
        assert_eq!(plan.inline("missing.rs"), None);
    }
}
