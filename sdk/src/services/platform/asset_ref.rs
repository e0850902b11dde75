//! Naming an asset in a request.

use serde_json::{Map, Value};

/// Names an asset: its own id, or, for an output that was never organized, the id of its
/// request or that of the search. Such an output becomes an asset when it is named.
///
/// A text is the id of an asset; an [`Asset`](super::Asset) names itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AssetRef {
    /// The id of the asset.
    Asset(String),
    /// The id of the request that made the file.
    Request(String),
    /// The id of the asset in the search.
    Vector(String),
}

impl AssetRef {
    pub(super) fn to_json(&self) -> Value {
        let (name, id) = match self {
            Self::Asset(id) => ("asset_id", id),
            Self::Request(id) => ("request_id", id),
            Self::Vector(id) => ("vector_id", id),
        };
        Value::Object(Map::from_iter([(name.to_owned(), id.clone().into())]))
    }
}

impl From<&str> for AssetRef {
    fn from(id: &str) -> Self {
        Self::Asset(id.to_owned())
    }
}

impl From<String> for AssetRef {
    fn from(id: String) -> Self {
        Self::Asset(id)
    }
}
