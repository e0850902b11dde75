//! Diagnostics about documents: what is wrong and where, what the generator does instead, and how to correct the document.

use std::fmt;

use serde_json::{Value, json};

use crate::text::is_printable;

/// How severe a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing of the document is missing from the generated types.
    Note,
    /// The part of the document at the diagnostic's location could not be expressed in types.
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
        /// What a diagnostic is about, such as a reference without a target. A code's text never changes its meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$meta])* $name,)*
        }

        impl Code {
            /// The stable text of the code, such as `dangling-reference`.
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
    /// The JSON has a number that is too large, or half of a surrogate pair, which JSON readers refuse.
    UnreadableValue = "unreadable-value",
    /// A member is written twice in one object.
    DuplicateKey = "duplicate-key",
    /// The document describes routes of other endpoints, too.
    IgnoredRoutes = "ignored-routes",
    /// Schemas are nested deeper than the generator follows.
    TooDeep = "too-deep",
    /// The JSON is not the OpenAPI document of an endpoint.
    NotAnEndpoint = "not-an-endpoint",
    /// The endpoint's id cannot be used as the path of a file or a module.
    InvalidEndpointId = "invalid-endpoint-id",
    /// Another document has the same endpoint, module or file.
    DuplicateEndpoint = "duplicate-endpoint",
    /// The document has no schema for the input or the output.
    Undescribed = "undescribed",
    /// A `$ref` has no target.
    DanglingReference = "dangling-reference",
    /// A chain of `$ref`s leads back to its start.
    ReferenceCycle = "reference-cycle",
    /// A keyword's value has the wrong form, such as a string for `minimum`.
    MalformedKeyword = "malformed-keyword",
    /// No Rust type expresses the schema, or the combination of schemas.
    Unsupported = "unsupported-schema",
    /// No value is valid under the schema.
    Contradiction = "contradiction",
    /// No value satisfies both the lower and the upper bound.
    EmptyRange = "empty-range",
    /// A listed value is not valid under its own schema.
    InvalidValue = "invalid-value",
    /// A default is not valid under its own schema.
    InvalidDefault = "invalid-default",
    /// An example is not valid under its own schema.
    InvalidExample = "invalid-example",
    /// A constraint is documented, but not checked.
    UncheckedRule = "unchecked-rule",
    /// Alternatives cannot be distinguished, so that some invalid values are accepted.
    UncheckedChoice = "unchecked-choice",
    /// The schema of the input allows `null`.
    NullInput = "null-input",
    /// Two items would have the same name.
    NameTaken = "name-taken",
    /// The schema requires a property that it does not declare.
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
    /// Creates a location from the path of a document and a JSON pointer in it.
    pub fn new(document: impl Into<String>, pointer: impl Into<String>) -> Self {
        Self {
            document: document.into(),
            pointer: pointer.into(),
        }
    }
}

/// Control characters, which can be part of names and pointers, are escaped: a terminal would obey them.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Escaped(&self.document))?;
        if self.pointer.is_empty() {
            return Ok(());
        }
        write!(f, "#{}", Escaped(&self.pointer))
    }
}

/// A text of one line, in which unprintable characters are escaped.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match is_printable(character) {
                true => write!(f, "{character}")?,
                false => write!(f, "{}", character.escape_default())?,
            }
        }
        Ok(())
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
    /// What is wrong with the document.
    pub message: String,
    /// What the generator does instead; may be empty.
    pub fallback: String,
    /// How to correct the document; may be empty.
    pub help: String,
}

impl Diagnostic {
    /// Creates a diagnostic. [`fallback`](Self::fallback) and [`help`](Self::help) add these texts, which are empty at first.
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

    /// Sets the text about what the generator does instead.
    #[must_use]
    pub fn fallback(mut self, fallback: impl Into<String>) -> Self {
        self.fallback = fallback.into();
        self
    }

    /// Sets the text about how to correct the document.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Whether something of the document is missing from the generated types. A default or an example that is not valid under
    /// its own schema is a mistake in the document, and does not count as missing.
    #[must_use]
    pub fn is_loss(&self) -> bool {
        self.severity >= Severity::Warning
            && !matches!(self.code, Code::InvalidDefault | Code::InvalidExample)
    }

    /// Returns the diagnostic as a JSON object, with a member for each field.
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

/// Control characters are escaped: a terminal would obey them.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = Escaped(&self.message);
        writeln!(f, "{}[{}]: {message}", self.severity, self.code)?;
        write!(f, "  --> {}", self.location)?;
        if !self.fallback.is_empty() {
            write!(f, "\n  fallback: {}", Escaped(&self.fallback))?;
        }
        if !self.help.is_empty() {
            write!(f, "\n  help: {}", Escaped(&self.help))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, Diagnostic, Location, Severity};

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        let location = Location::new("a.json", "/properties/\u{202e}é");
        let message = "`\u{1b}[31m\n` is wrong";
        let diagnostic = Diagnostic::new(Severity::Note, Code::UncheckedRule, location, message);
        assert_eq!(
            diagnostic.to_string(),
            "note[unchecked-rule]: `\\u{1b}[31m\\n` is wrong\n  --> a.json#/properties/\\u{202e}é"
        );
    }
}
