//! The macro that declares how structs that are written by hand become JSON and back.

/// Implements serde's `Serialize` and `Deserialize`, and [`Decode`](crate::Decode), for a
/// struct that is written by hand.
///
/// Each field is `required` or `optional`. An `optional` field is an `Option`, which is not
/// written if it is `None`. If the name of the JSON member differs from the field's, it
/// follows the field: `kind = "type": required`. Generated code declares a struct and its
/// fields together, with [`object!`](crate::object!).
///
/// ```
/// # use fal_sdk::wire;
/// /// A sample.
/// #[derive(Debug, Clone, PartialEq)]
/// pub struct Sample {
///     /// What to draw.
///     pub prompt: String,
///     /// In which style.
///     pub style: Option<String>,
/// }
///
/// wire! {
///     Sample {
///         prompt: required,
///         style: optional,
///     }
/// }
///
/// let sample: Sample = serde_json::from_str(r#"{"prompt":"a cat"}"#)?;
/// assert_eq!(sample.style, None);
/// assert_eq!(serde_json::to_string(&sample)?, r#"{"prompt":"a cat"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! wire {
    ($name:ident { $($field:ident $(= $own:literal)? : $word:ident),* $(,)? }) => {
        impl $crate::wire::serde::Serialize for $name {
            fn serialize<S: $crate::wire::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                let mut object = $crate::wire::Object::begin(serializer);
                $(object.$word($crate::wire!(@name $field $($own)?), &self.$field);)*
                object.end()
            }
        }

        impl $crate::wire::Decode for $name {
            const FIELDS: &'static str = ::core::stringify!($($field)*);
            const OWN_NAMES: &'static [(&'static str, &'static str)] =
                &[$($((::core::stringify!($field), $own),)?)*];

            fn decode(
                value: &$crate::wire::serde_json::Value,
            ) -> ::core::result::Result<Self, $crate::wire::DecodeError> {
                let mut fields = $crate::wire::Fields::of(value)?;
                let decoded = Self {
                    $($field: $crate::wire!(@field fields.$word($crate::wire!(@name $field $($own)?))),)*
                };
                fields.end(decoded)
            }
        }

        $crate::wire!(@deserialize $name);
    };
    (@name $field:ident) => {
        ::core::stringify!($field)
    };
    (@name $field:ident $own:literal) => {
        $own
    };
    (@field $fields:ident.required($name:expr)) => {
        $fields.required($name)?
    };
    (@field $fields:ident.optional($name:expr)) => {
        $fields.optional($name)
    };
    (@deserialize $name:ident) => {
        impl<'de> $crate::wire::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::wire::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::wire::deserialize(deserializer)
            }
        }
    };
}
