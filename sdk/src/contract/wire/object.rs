//! Serializes structs that are written by hand, member by member, without absent options.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// An object that is being serialized.
///
/// The first error is kept and returned by [`end`](Self::end); nothing is written after it.
#[derive(Debug)]
pub struct Object<M: SerializeMap>(Result<M, M::Error>);

impl<M: SerializeMap> Object<M> {
    /// Starts an object.
    pub fn begin<S>(serializer: S) -> Self
    where
        S: Serializer<SerializeMap = M, Error = M::Error>,
    {
        Self(serializer.serialize_map(None))
    }

    /// Writes a member.
    pub fn required(&mut self, name: &str, value: &impl Serialize) {
        if let Ok(map) = &mut self.0
            && let Err(error) = map.serialize_entry(name, value)
        {
            self.0 = Err(error);
        }
    }

    /// Writes a member if it has a value.
    pub fn optional(&mut self, name: &str, value: &Option<impl Serialize>) {
        if let Some(value) = value {
            self.required(name, value);
        }
    }

    /// Ends the object.
    ///
    /// # Errors
    /// When the serializer returned an error for the object or one of its members.
    pub fn end<T>(self) -> Result<T, M::Error>
    where
        M: SerializeMap<Ok = T>,
    {
        self.0?.end()
    }
}
