//! One change: where, what, and for whom it matters.

use std::fmt;

use serde_json::{Value, json};

use super::kind::Kind;
use crate::source::EndpointId;

/// How much a change weighs, lightest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Class {
    /// Nothing to notice.
    #[default]
    None,
    /// Words, constants' values, what a call means: whatever was valid stays valid, and programs compile.
    Documentation,
    /// More is possible or promised; whatever was right stays right.
    Additive,
    /// Something that was right may now fail: to compile, to be accepted, or to be there.
    Breaking,
}

impl Class {
    /// The word for it.
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

/// Which way the value goes that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Callers send it.
    Input,
    /// Callers receive it.
    Output,
}

impl Direction {
    /// The word for it.
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
    /// Whose.
    pub endpoint: EndpointId,
    /// Which way; `None` for what is about the endpoint as a whole.
    pub direction: Option<Direction>,
    /// Where in the value that is sent or received, as a JSON pointer in which `*` stands for every item of a list or
    /// every value of a map: `/loras/*/path`. Empty for the whole value.
    pub path: String,
    /// The JSON pointer (RFC 6901) of the schema of the property, or of the type that is changed as a whole: in the new
    /// document, or, for what is gone, in the old one.
    pub pointer: String,
    /// What happened.
    pub kind: Kind,
    /// What it means for programs that use the generated code.
    pub rust: Class,
    /// What it means for requests and results as JSON.
    pub wire: Class,
    /// What was, where a word or a value tells.
    pub before: Option<String>,
    /// What is, where a word or a value tells.
    pub after: Option<String>,
    /// Why it has these classes.
    pub reason: String,
}

impl Change {
    /// The weightier of the two classes.
    #[must_use]
    pub fn class(&self) -> Class {
        self.rust.max(self.wire)
    }

    /// The change for machines.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "endpoint": self.endpoint.as_str(),
            "direction": self.direction.map(Direction::as_str),
            "path": self.path,
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
