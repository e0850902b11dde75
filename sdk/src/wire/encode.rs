//! Writing generated types, streaming, without the options that are absent.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// An object that is being written.
#[derive(Debug)]
pub struct Object<M>(M);

impl<M: SerializeMap> Object<M> {
    /// Starts an object.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn begin<S>(serializer: S) -> Result<Self, S::Error>
    where
        S: Serializer<SerializeMap = M, Error = M::Error>,
    {
        serializer.serialize_map(None).map(Self)
    }

    /// Writes a member.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn required(&mut self, name: &str, value: &impl Serialize) -> Result<(), M::Error> {
        self.0.serialize_entry(name, value)
    }

    /// Writes a member if it is there.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn optional(&mut self, name: &str, value: &Option<impl Serialize>) -> Result<(), M::Error> {
        match value {
            Some(value) => self.0.serialize_entry(name, value),
            None => Ok(()),
        }
    }

    /// Writes a member if it is there; `Nullable::Null` is written as `null`.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn nullable(&mut self, name: &str, value: &Option<impl Serialize>) -> Result<(), M::Error> {
        self.optional(name, value)
    }

    /// Writes the members of a map beside those written so far.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn rest<'a, K, V>(
        &mut self,
        members: impl IntoIterator<Item = (&'a K, &'a V)>,
    ) -> Result<(), M::Error>
    where
        K: Serialize + 'a,
        V: Serialize + 'a,
    {
        members
            .into_iter()
            .try_for_each(|(name, value)| self.0.serialize_entry(name, value))
    }

    /// Ends the object.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn end<T>(self) -> Result<T, M::Error>
    where
        M: SerializeMap<Ok = T>,
    {
        self.0.end()
    }
}
