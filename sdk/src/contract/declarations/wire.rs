//! The macro that generated code declares structs with.

/// Declares how a struct is written to and read from JSON, a line per field.
///
/// A field is `required`, `optional` (an `Option`, left out when absent) or
/// `nullable` (an `Option<Nullable<_>>`: absence and `null` differ). A field whose
/// wire name is not a Rust name has that name after `=`. Members that always have one
/// value stand under `const`, and the field that is a map of all undeclared members
/// after `additional_properties`.
///
/// ```
/// # use fal_sdk::wire;
/// /// A sample.
/// #[derive(Debug, Clone, PartialEq)]
/// pub struct Sample {
///     /// What to draw.
///     pub prompt: String,
///     /// What kind.
///     pub kind: Option<String>,
/// }
///
/// wire! {
///     Sample {
///         prompt: required,
///         kind = "type": optional,
///     }
/// }
///
/// let sample: Sample = serde_json::from_str(r#"{"prompt":"a cat"}"#)?;
/// assert_eq!(sample.kind, None);
/// assert_eq!(serde_json::to_string(&sample)?, r#"{"prompt":"a cat"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! wire {
    (
        $name:ident { $($field:ident $(= $wire:literal)? : $kind:ident),* $(,)? }
        $(const { $($constant:literal : $value:expr),* $(,)? })?
        $(additional_properties $additional:ident)?
    ) => {
        impl $crate::wire::serde::Serialize for $name {
            fn serialize<S: $crate::wire::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                #[allow(unused_mut)]
                let mut object = $crate::wire::Object::begin(serializer);
                $($(object.required($constant, &$value);)*)?
                $(object.$kind($crate::wire!(@name $field $($wire)?), &self.$field);)*
                $(object.additional_properties(&self.$additional);)?
                object.end()
            }
        }

        impl $crate::wire::Decode for $name {
            const FIELDS: &'static [&'static str] = &[
                $($($constant,)*)?
                $($crate::wire!(@name $field $($wire)?)),*
            ];

            fn decode(
                value: &$crate::wire::serde_json::Value,
            ) -> ::core::result::Result<Self, $crate::wire::DecodeError> {
                #[allow(unused_mut)]
                let mut fields = $crate::wire::Fields::of(value)?;
                $($(fields.constant($constant, $value)?;)*)?
                let decoded = Self {
                    $($field: $crate::wire!(
                        @field fields.$kind($crate::wire!(@name $field $($wire)?))
                    ),)*
                    $($additional: fields.additional_properties(Self::FIELDS)?,)?
                };
                fields.end(decoded)
            }
        }

        $crate::wire!(@deserialize $name);
    };
    // There are more than ten thousand fields: a `match` costs the compiler half of
    // what `?` does, and an option that keeps its error in `fields` neither.
    (@field $fields:ident.required($name:expr)) => {
        match $fields.required($name) {
            ::core::result::Result::Ok(value) => value,
            ::core::result::Result::Err(error) => return ::core::result::Result::Err(error),
        }
    };
    (@field $fields:ident.$kind:ident($name:expr)) => {
        $fields.$kind($name)
    };
    (@name $field:ident) => {
        ::core::stringify!($field)
    };
    (@name $field:ident $wire:literal) => {
        $wire
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
