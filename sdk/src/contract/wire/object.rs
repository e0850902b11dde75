//! Writing structs that are written by hand, streaming, without the options that are absent.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// An object that is being written.
///
/// The first error is kept and returned by [`end`](Self::end); what would follow
/// it is not written.
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

    /// Writes a member if it is present.
    pub fn optional(&mut self, name: &str, value: &Option<impl Serialize>) {
        if let Some(value) = value {
            self.required(name, value);
        }
    }

    /// Ends the object.
    ///
    /// # Errors
    /// The first error of the serializer.
    pub fn end<T>(self) -> Result<T, M::Error>
    where
        M: SerializeMap<Ok = T>,
    {
        self.0?.end()
    }
}
