//! Diagnostics about documents: what is wrong and where, what the generator
//! does instead, and how to correct it.

use std::fmt;

use serde_json::{Value, json};

/// How severe a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing was lost, but the message is useful to know.
    Note,
    /// A part of the document could not be expressed, at exactly this location.
    Warning,
    /// The document was left out, and its endpoint with it.
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

/// Declares the codes with their stable texts.
macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident = $text:literal),* $(,)?) => {
        /// The subject of a diagnostic. The text of a code never changes its meaning.
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
    /// The file is not valid JSON.
    InvalidJson = "invalid-json",
    /// The file is larger than the generator accepts.
    TooLarge = "too-large",
    /// A number or a character that no reader of JSON holds.
    UnreadableValue = "unreadable-value",
    /// A member that is written twice in one object.
    DuplicateKey = "duplicate-key",
    /// Routes of a document that are not its endpoint's.
    IgnoredRoutes = "ignored-routes",
    /// Schemas are nested deeper than the generator follows.
    TooDeep = "too-deep",
    /// The JSON is not the OpenAPI document of an endpoint.
    NotAnEndpoint = "not-an-endpoint",
    /// The endpoint's id cannot become a path.
    InvalidEndpointId = "invalid-endpoint-id",
    /// Another document has the same endpoint, module or file.
    DuplicateEndpoint = "duplicate-endpoint",
    /// A `$ref` has no target.
    DanglingReference = "dangling-reference",
    /// A chain of `$ref`s leads back to its start.
    ReferenceCycle = "reference-cycle",
    /// A keyword whose value has the wrong form.
    MalformedKeyword = "malformed-keyword",
    /// A schema, or a combination of schemas, that no Rust type expresses.
    Unsupported = "unsupported-schema",
    /// A schema for which no value is valid.
    Contradiction = "contradiction",
    /// A lower and an upper bound between which no value lies.
    EmptyRange = "empty-range",
    /// A listed value that is not valid under its own schema.
    InvalidValue = "invalid-value",
    /// A default that is not valid under its own schema.
    InvalidDefault = "invalid-default",
    /// An example that is not valid under its own schema.
    InvalidExample = "invalid-example",
    /// A constraint that is documented, but not checked.
    UncheckedRule = "unchecked-rule",
    /// Alternatives that cannot be distinguished, so that invalid values are accepted too.
    UncheckedChoice = "unchecked-choice",
    /// An input that may be `null` as a whole.
    NullInput = "null-input",
    /// Two items have the same name.
    NameTaken = "name-taken",
    /// A required property that the schema does not declare.
    UndeclaredRequired = "undeclared-required",
    /// The ledger could not be read.
    InvalidLedger = "invalid-ledger",
    /// A fix-up changes nothing in a document that it names.
    StaleFixup = "stale-fixup",
    /// The generated text is not valid Rust, which is a bug of the generator.
    Unprintable = "unprintable",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A location in a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Location {
    /// The document's path, as it was given.
    pub document: String,
    /// The JSON pointer (RFC 6901) inside it; empty for the whole document.
    pub pointer: String,
}

impl Location {
    /// A location in a document.
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

/// One message about a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The location that the message is about.
    pub location: Location,
    /// How severe the message is.
    pub severity: Severity,
    /// The stable code of the message.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// What the generator does instead.
    pub fallback: String,
    /// How to correct it.
    pub help: String,
}

impl Diagnostic {
    /// A diagnostic without a fallback and a help, which [`fallback`](Self::fallback) and [`help`](Self::help) add.
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
            fallback: String::new(),
            help: String::new(),
        }
    }

    /// Adds what the generator does instead.
    #[must_use]
    pub fn fallback(mut self, fallback: impl Into<String>) -> Self {
        self.fallback = fallback.into();
        self
    }

    /// Adds how to correct it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Whether something of the document is missing from the generated types. A default or an example that its own schema
    /// refuses is a mistake in the document, and nothing is missing for it.
    #[must_use]
    pub fn is_loss(&self) -> bool {
        self.severity >= Severity::Warning
            && !matches!(self.code, Code::InvalidDefault | Code::InvalidExample)
    }

    /// The diagnostic as JSON.
    pub fn to_json(&self) -> Value {
        json!({
            "severity": self.severity.to_string(),
            "code": self.code.as_str(),
            "document": self.location.document,
            "pointer": self.location.pointer,
            "message": self.message,
            "fallback": self.fallback,
            "help": self.help,
        })
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}[{}]: {}", self.severity, self.code, self.message)?;
        write!(f, "  --> {}", self.location)?;
        if !self.fallback.is_empty() {
            write!(f, "\n  fallback: {}", self.fallback)?;
        }
        if !self.help.is_empty() {
            write!(f, "\n  help: {}", self.help)?;
        }
        Ok(())
    }
}
