//! What is sent: a typed input, or JSON.

use serde::Serialize;
use serde_json::Value;

use crate::contract::endpoint::{Input, Output};
use crate::contract::media::Media;
use crate::contract::validate::ValidationError;

/// What a call sends: an [`Input`], which knows its endpoint, or a
/// [`serde_json::Value`] for a call without types.
///
/// It is implemented for these two and cannot be implemented for more; implement
/// [`Input`] for types of your own.
pub trait Payload: Serialize + Send + Sync + Sized + 'static + sealed::Sealed {
    /// What the endpoint answers.
    type Output: Output;

    /// The endpoint, if the type says which.
    const ENDPOINT: Option<&'static str>;

    /// Checks the rules of the type's schema; of JSON there are none.
    ///
    /// # Errors
    /// Every rule that is broken.
    fn check(&self) -> Result<(), ValidationError>;

    /// Visits every media field.
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

/// The media fields that hold a file or bytes, which are not at a URL yet.
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
}
