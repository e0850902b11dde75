//! Types that implement serde's `Deserialize`, as outputs.

use std::ops::{Deref, DerefMut};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{Decode, DecodeError};

/// An output of a type of your own that implements serde's `Deserialize`.
///
/// ```no_run
/// # async fn example(fal: fal_sdk::Client) -> fal_sdk::Result<()> {
/// use fal_sdk::Json;
///
/// #[derive(serde::Serialize)]
/// struct Prompt {
///     prompt: String,
/// }
///
/// #[derive(serde::Deserialize)]
/// struct Caption {
///     caption: String,
/// }
///
/// let model = fal.endpoint("acme/captions")?.with_output::<Json<Caption>>();
/// let input = Prompt { prompt: "a cat".to_owned() };
/// let Json(output) = model.subscribe(&input).await?;
/// println!("{}", output.caption);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Json<T>(pub T);

impl<T> Json<T> {
    /// Returns the value inside.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Json<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: DeserializeOwned> Decode for Json<T> {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        T::deserialize(value)
            .map(Self)
            .map_err(|error| DecodeError::new(error.to_string()))
    }
}

impl<T: Serialize> Serialize for Json<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Json<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}
