//! What the generator has to say about a document: where, what, what it did
//! instead, and how to mend it.

use std::fmt;

use serde_json::{Value, json};

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing was lost.
    Note,
    /// Something of the document could not be kept, at exactly this place.
    Warning,
    /// The document, and so its endpoint, was left out.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// Declares the codes with their words on the command line.
macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident = $text:literal),* $(,)?) => {
        /// What a diagnostic is about. The text of a code never changes its meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$meta])* $name,)*
        }

        impl Code {
            /// The stable text, such as `dangling-reference`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

codes! {
    /// The file is no JSON.
    InvalidJson = "invalid-json",
    /// The file is larger than the generator reads.
    TooLarge = "too-large",
    /// Schemas are nested deeper than the generator follows.
    TooDeep = "too-deep",
    /// The JSON is no OpenAPI document of an endpoint.
    NotAnEndpoint = "not-an-endpoint",
    /// The endpoint's id cannot become a path.
    InvalidEndpointId = "invalid-endpoint-id",
    /// Another document has the same endpoint, module or file.
    DuplicateEndpoint = "duplicate-endpoint",
    /// A `$ref` leads nowhere.
    DanglingReference = "dangling-reference",
    /// A `$ref` leads back to itself without a value between.
    ReferenceCycle = "reference-cycle",
    /// A keyword whose value has the wrong form.
    MalformedKeyword = "malformed-keyword",
    /// A schema, or a combination of schemas, that no type expresses.
    Unsupported = "unsupported-schema",
    /// A schema that no value satisfies.
    Contradiction = "contradiction",
    /// A lower and an upper bound that no value obeys at once.
    EmptyRange = "empty-range",
    /// A default that its own schema refuses.
    InvalidDefault = "invalid-default",
    /// An example that its own schema refuses.
    InvalidExample = "invalid-example",
    /// A rule that is documented, but not checked.
    UncheckedRule = "unchecked-rule",
    /// Alternatives that are not told apart: what none of them allows is taken too.
    UncheckedChoice = "unchecked-choice",
    /// Two things wanted one name.
    NameTaken = "name-taken",
    /// A required property that the schema does not declare.
    UndeclaredRequired = "undeclared-required",
    /// The ledger could not be read.
    InvalidLedger = "invalid-ledger",
    /// A fix-up changes nothing in a document that it names.
    StaleFixup = "stale-fixup",
    /// The generator made text that is no Rust: a bug of the generator.
    Unprintable = "unprintable",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Location {
    /// The document's path, as it was given.
    pub document: String,
    /// The JSON pointer (RFC 6901) inside it; empty for the whole document.
    pub pointer: String,
}

impl Location {
    /// A place in a document.
    pub fn new(document: impl Into<String>, pointer: impl Into<String>) -> Self {
        Self {
            document: document.into(),
            pointer: pointer.into(),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.document)?;
        if self.pointer.is_empty() {
            return Ok(());
        }
        write!(f, "#{}", self.pointer)
    }
}

/// One remark about a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Where.
    pub location: Location,
    /// How much it weighs.
    pub severity: Severity,
    /// What it is about.
    pub code: Code,
    /// What is the case.
    pub message: String,
    /// What the generator did instead.
    pub done: String,
    /// How to mend it.
    pub help: String,
}

impl Diagnostic {
    /// A remark without help; add it with [`help`](Self::help).
    pub fn new(
        severity: Severity,
        code: Code,
        location: Location,
        message: impl Into<String>,
    ) -> Self {
        Self {
            location,
            severity,
            code,
            message: message.into(),
            done: String::new(),
            help: String::new(),
        }
    }

    /// Says what was done instead.
    #[must_use]
    pub fn done(mut self, done: impl Into<String>) -> Self {
        self.done = done.into();
        self
    }

    /// Says how to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// The remark for machines.
    pub fn to_json(&self) -> Value {
        json!({
            "severity": self.severity.to_string(),
            "code": self.code.as_str(),
            "document": self.location.document,
            "pointer": self.location.pointer,
            "message": self.message,
            "done": self.done,
            "help": self.help,
        })
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}[{}]: {}", self.severity, self.code, self.message)?;
        write!(f, "  --> {}", self.location)?;
        if !self.done.is_empty() {
            write!(f, "\n  done: {}", self.done)?;
        }
        if !self.help.is_empty() {
            write!(f, "\n  help: {}", self.help)?;
        }
        Ok(())
    }
}
