//! References to assets in requests.

use serde_json::{Map, Value};

/// A reference to an asset in a request: by its own id, or, for an output that is not saved
/// as an asset yet, by the id of its request or its id in the search index. A request that
/// refers to such an output saves it as an asset.
///
/// A string converts into the id of an asset, and an [`Asset`](super::Asset) into a
/// reference to itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AssetRef {
    /// The id of the asset.
    Asset(String),
    /// The id of the request whose output is the file.
    Request(String),
    /// The id of the file in the search index ([`Asset::vector_id`](super::Asset)).
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
