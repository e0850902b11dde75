//! How generated code is written.

/// Where generated code finds the runtime.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Runtime {
    /// In the crate that the code is part of: `crate::…`.
    #[default]
    Crate,
    /// In another crate, such as `fal_sdk`: `::fal_sdk::…`.
    Extern(String),
}

/// How generated code is written.
#[derive(Debug, Clone)]
pub struct Style {
    /// Where it finds the runtime.
    pub runtime: Runtime,
    /// Whether modules are behind the features of their groups.
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
