//! The payloads of calls: typed inputs, and JSON.

use std::fmt;
use std::marker::PhantomData;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::contract::endpoint::{Input, Output};
use crate::contract::media::Media;
use crate::contract::validate::ValidationError;

/// The input of a call: an [`Input`], which determines the endpoint, or JSON for an endpoint
/// without generated types.
///
/// JSON is a [`serde_json::Value`] if the output is one too, and a [`JsonInput`] if the output
/// has another type. This trait is sealed: for types of your own, implement [`Input`].
pub trait Payload: Serialize + Send + Sync + Sized + 'static + sealed::Sealed {
    /// The type of the endpoint's output.
    type Output: Output;

    /// The id of the endpoint; `None` for JSON, which does not determine it.
    const ENDPOINT: Option<&'static str>;

    /// Checks the input against the rules of its type. JSON has no rules.
    ///
    /// # Errors
    /// When the input breaks a rule. The error lists every violation.
    fn check(&self) -> Result<(), ValidationError>;

    /// Calls `visit` with each media value of the input. JSON has none.
    fn for_each_media<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Media));
}

impl<I: Input> Payload for I {
    type Output = I::Output;
    const ENDPOINT: Option<&'static str> = Some(I::ENDPOINT);

    fn check(&self) -> Result<(), ValidationError> {
        self.validate()
    }

    fn for_each_media<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Media)) {
        Input::for_each_media(self, visit);
    }
}

impl Payload for Value {
    type Output = Self;
    const ENDPOINT: Option<&'static str> = None;

    fn check(&self) -> Result<(), ValidationError> {
        Ok(())
    }

    fn for_each_media<'a>(&'a mut self, _: &mut dyn FnMut(&'a mut Media)) {}
}

/// JSON for an endpoint without generated types, whose output is decoded as `O`: see
/// [`Endpoint::with_output`](crate::Endpoint::with_output).
pub struct JsonInput<O> {
    value: Value,
    output: PhantomData<fn() -> O>,
}

impl<O> Serialize for JsonInput<O> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl<O: Output> Payload for JsonInput<O> {
    type Output = O;
    const ENDPOINT: Option<&'static str> = None;

    fn check(&self) -> Result<(), ValidationError> {
        Ok(())
    }

    fn for_each_media<'a>(&'a mut self, _: &mut dyn FnMut(&'a mut Media)) {}
}

impl<O> Clone for JsonInput<O> {
    fn clone(&self) -> Self {
        Self::from(self.value.clone())
    }
}

impl<O> fmt::Debug for JsonInput<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JsonInput").field(&self.value).finish()
    }
}

impl<O> From<Value> for JsonInput<O> {
    fn from(value: Value) -> Self {
        Self {
            value,
            output: PhantomData,
        }
    }
}

/// The media of an input that is a file, bytes or a reader, and so has no URL yet.
pub(crate) fn local_media<P: Payload>(payload: &mut P) -> Vec<&mut Media> {
    let mut found = Vec::new();
    payload.for_each_media(&mut |media| {
        if media.as_url().is_none() {
            found.push(media);
        }
    });
    found
}

mod sealed {
    pub trait Sealed {}
    impl<I: super::Input> Sealed for I {}
    impl Sealed for serde_json::Value {}
    impl<O: super::Output> Sealed for super::JsonInput<O> {}
}
