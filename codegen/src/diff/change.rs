//! One change: its position, its kind, and how severe it is for programs and for requests and results as JSON.

use std::fmt;

use serde_json::{Value, json};

use super::kind::Kind;
use crate::source::EndpointId;

/// How severe a change is, from the mildest class to the most severe one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Class {
    /// Nothing changes, for programs or for requests and results, whichever the class is about.
    #[default]
    None,
    /// A description, the value of a constant or a default changed. Requests stay valid, and programs compile.
    Documentation,
    /// Something was added, such as an option. Requests stay valid, and programs compile.
    Additive,
    /// A program may no longer compile, a request may be refused, or a result may lack something that it had.
    Breaking,
}

impl Class {
    /// The text of the class, such as `breaking`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Documentation => "documentation",
            Self::Additive => "additive",
            Self::Breaking => "breaking",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Whether the value that changed is sent or received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Callers send the value.
    Input,
    /// Callers receive the value.
    Output,
}

impl Direction {
    /// The text of the direction: `input` or `output`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Output => "output",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One change in meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The endpoint that changed.
    pub endpoint: EndpointId,
    /// Whether the value is sent or received; `None` for a change of the endpoint as a whole.
    pub direction: Option<Direction>,
    /// The position in the value that is sent or received, as a JSON pointer in which `*` stands for every item of a list or
    /// every value of a map: `/loras/*/path`. Empty for the whole value.
    pub path: String,
    /// The further positions of the change, in the same form, if the type that changed is used more than once.
    pub further_paths: Vec<String>,
    /// The JSON pointer (RFC 6901) of the schema of the property, or of the type if all of it changed. It points into the
    /// new document, or into the old one if the new one does not have the schema.
    pub pointer: String,
    /// The kind of the change.
    pub kind: Kind,
    /// How severe the change is for programs that use the generated code.
    pub rust: Class,
    /// How severe the change is for requests and results as JSON.
    pub wire: Class,
    /// The old state, such as `maximum 241`, if it can be written as a short text.
    pub before: Option<String>,
    /// The new state, such as `maximum 161`, if it can be written as a short text.
    pub after: Option<String>,
    /// The reason for the classes.
    pub reason: String,
}

impl Change {
    /// The more severe of the two classes.
    #[must_use]
    pub fn class(&self) -> Class {
        self.rust.max(self.wire)
    }

    /// All positions of the change: [`path`](Self::path), then [`further_paths`](Self::further_paths).
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.path)
            .chain(&self.further_paths)
            .map(String::as_str)
    }

    /// Returns the change as a JSON object.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "endpoint": self.endpoint.as_str(),
            "direction": self.direction.map(Direction::as_str),
            "path": self.path,
            "further_paths": self.further_paths,
            "pointer": self.pointer,
            "kind": self.kind.as_str(),
            "class": self.class().as_str(),
            "rust": self.rust.as_str(),
            "wire": self.wire.as_str(),
            "before": self.before,
            "after": self.after,
            "reason": self.reason,
        })
    }
}
