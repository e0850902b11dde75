//! How generated code is written.

/// The crate in which generated code finds the runtime.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Runtime {
    /// The crate that the generated code is part of. Paths start with `crate::`.
    #[default]
    Crate,
    /// Another crate, such as `fal_sdk`. Paths start with `::fal_sdk::`.
    Extern(String),
}

/// How generated code is written.
#[derive(Debug, Clone)]
pub struct Style {
    /// The crate in which the code finds the runtime.
    pub runtime: Runtime,
    /// Whether modules are compiled only with the features of their groups.
    pub gated: bool,
    /// Whether types have JSON Schemas.
    pub schemars: bool,
}

impl Runtime {
    /// The start of a path into the runtime.
    pub(super) fn root(&self) -> String {
        match self {
            Self::Crate => "crate".to_owned(),
            Self::Extern(name) => format!("::{name}"),
        }
    }
}
