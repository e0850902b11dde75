//! What a generated endpoint is to the runtime: an input that knows its endpoint
//! and its output.

mod places;
mod setters;

use std::collections::BTreeMap;

use serde::Serialize;

pub use self::places::Places;
#[doc(no_inline)]
pub use crate::contract::media::Media;
#[doc(no_inline)]
pub use crate::contract::validate::{Validate, Validator};
use crate::contract::wire::Decode;
#[doc(no_inline)]
pub use crate::contract::wire::Nullable;

/// The input of an endpoint.
///
/// Generated types implement it; implement it yourself for an endpoint that has
/// no generated type and is called more than once.
pub trait Input: Serialize + Validate + Send + Sync + 'static {
    /// The endpoint's id, for example `fal-ai/wan-22-vace-fun-a14b/depth`.
    const ENDPOINT: &'static str;

    /// What the endpoint answers.
    type Output: Output;

    /// Visits every media field, so that files can be uploaded before the call.
    fn for_each_media<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Media)) {
        let _ = visit;
    }
}

/// What an endpoint answers: anything that can be decoded and sent between
/// threads.
pub trait Output: Decode + Send + Sync + 'static {}

impl<T: Decode + Send + Sync + 'static> Output for T {}

/// A value inside an input that is, or contains, media.
pub trait MediaFields {
    /// Visits every media value.
    fn for_each_media<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Media));
}

impl MediaFields for Media {
    fn for_each_media<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Media)) {
        visit(self);
    }
}

impl<T: MediaFields> MediaFields for Option<T> {
    fn for_each_media<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Media)) {
        if let Some(value) = self {
            value.for_each_media(visit);
        }
    }
}

impl<T: MediaFields> MediaFields for Nullable<T> {
    fn for_each_media<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Media)) {
        if let Self::Value(value) = self {
            value.for_each_media(visit);
        }
    }
}

impl<T: MediaFields> MediaFields for Box<T> {
    fn for_each_media<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Media)) {
        (**self).for_each_media(visit);
    }
}

impl<T: MediaFields> MediaFields for Vec<T> {
    fn for_each_media<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Media)) {
        self.iter_mut().for_each(|item| item.for_each_media(visit));
    }
}

impl<T: MediaFields, const N: usize> MediaFields for [T; N] {
    fn for_each_media<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Media)) {
        self.iter_mut().for_each(|item| item.for_each_media(visit));
    }
}

impl<T: MediaFields> MediaFields for BTreeMap<String, T> {
    fn for_each_media<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Media)) {
        self.values_mut()
            .for_each(|item| item.for_each_media(visit));
    }
}
