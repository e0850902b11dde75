//! The traits that the inputs and outputs of endpoints implement.

mod visit_fields;

use std::collections::BTreeMap;

use serde::Serialize;

pub use self::visit_fields::{VisitFields, visit_tuples};
#[doc(no_inline)]
pub use crate::contract::media::Media;
#[doc(no_inline)]
pub use crate::contract::validate::{Validate, Validator};
use crate::contract::wire::Decode;
#[doc(no_inline)]
pub use crate::contract::wire::Nullable;

/// The input of an endpoint: a type that determines the endpoint and the type of its output.
///
/// Generated inputs implement this trait. Implement it yourself for an endpoint that has no
/// generated type:
///
/// ```
/// use fal_sdk::{Input, Json, Validate};
///
/// #[derive(serde::Serialize)]
/// struct CaptionInput {
///     image_url: String,
/// }
///
/// #[derive(serde::Deserialize)]
/// struct Caption {
///     text: String,
/// }
///
/// impl Validate for CaptionInput {}
///
/// impl Input for CaptionInput {
///     const ENDPOINT: &'static str = "acme/captions";
///     type Output = Json<Caption>;
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the input of an endpoint",
    label = "this type does not implement `fal_sdk::Input`",
    note = "an input is passed by value, without `&`",
    note = "a model without generated types is called with JSON, through `fal.endpoint(id)`"
)]
pub trait Input: Serialize + Validate + Send + Sync + 'static {
    /// The endpoint's id, for example `fal-ai/wan-22-vace-fun-a14b/depth`.
    const ENDPOINT: &'static str;

    /// The type of the endpoint's output.
    type Output: Output;

    /// Calls the setter `set` if `value` is `Some`, and returns the input unchanged otherwise.
    ///
    /// ```
    /// # #[cfg(feature = "wan-22-vace-fun-a14b")]
    /// # {
    /// use fal_sdk::Input;
    /// use fal_sdk::endpoints::fal_ai::wan_22_vace_fun_a14b::depth::DepthInput;
    ///
    /// let (seed, frames) = (Some(7), None);
    /// let input = DepthInput::new("A street", "https://example.com/walk.mp4")
    ///     .when_some(seed, DepthInput::seed)
    ///     .when_some(frames, DepthInput::num_frames);
    /// assert_eq!((input.seed, input.num_frames), (Some(7), None));
    /// # }
    /// ```
    #[must_use]
    fn when_some<T>(self, value: Option<T>, set: impl FnOnce(Self, T) -> Self) -> Self
    where
        Self: Sized,
    {
        match value {
            Some(value) => set(self, value),
            None => self,
        }
    }

    /// Calls `visit` with each media value of the input, so that files can be uploaded before
    /// the call. By default it visits nothing: implement it for an input that has [`Media`].
    fn for_each_media<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Media)) {
        let _ = visit;
    }
}

/// The output of an endpoint: any type that can be decoded and sent between threads.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read as an output",
    label = "this type does not implement `fal_sdk::Decode`",
    note = "a type that implements serde's `Deserialize` is read as `fal_sdk::Json<{Self}>`",
    note = "`serde_json::Value` can hold any output"
)]
pub trait Output: Decode + Send + Sync + 'static {}

impl<T: Decode + Send + Sync + 'static> Output for T {}

/// A value inside an input that is, or contains, media.
pub trait MediaFields {
    /// Calls `visit` with each media value.
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
