//! One change: its position, its kind, and how severe it is for programs and on the wire.

use std::fmt;

use serde_json::{Value, json};

use super::kind::Kind;
use crate::source::EndpointId;

/// How severe a change is, the mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Class {
    /// Neither programs nor requests and results notice the change.
    #[default]
    None,
    /// Descriptions, values of constants or the meaning of a call changed: what was valid stays valid, and programs
    /// compile.
    Documentation,
    /// More is possible or promised, and what was valid stays valid.
    Additive,
    /// Something that was valid may fail to compile, be refused, or be absent.
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

/// One change of meaning.
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
    /// The further positions of the same type in what is sent or received, where it is used more than once.
    pub further_paths: Vec<String>,
    /// The JSON pointer (RFC 6901) of the schema of the property, or of the type that is changed as a whole: in the new
    /// document, or, for what is gone, in the old one.
    pub pointer: String,
    /// The kind of the change.
    pub kind: Kind,
    /// How severe the change is for programs that use the generated code.
    pub rust: Class,
    /// How severe the change is for requests and results as JSON.
    pub wire: Class,
    /// The old state, where a text or a value shows it.
    pub before: Option<String>,
    /// The new state, where a text or a value shows it.
    pub after: Option<String>,
    /// Why the change has these classes.
    pub reason: String,
}

impl Change {
    /// The more severe of the two classes.
    #[must_use]
    pub fn class(&self) -> Class {
        self.rust.max(self.wire)
    }

    /// Every position of the change in the value, the first one first.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.path)
            .chain(&self.further_paths)
            .map(String::as_str)
    }

    /// The change as JSON.
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
