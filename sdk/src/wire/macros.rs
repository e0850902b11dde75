//! The macros that generated code declares structs and unions with.

/// Declares how a struct is written to and read from JSON, a line per field.
///
/// A field is `required`, `optional` (an `Option`, left out when absent) or
/// `nullable` (an `Option<Nullable<_>>`: absence and `null` differ). A field whose
/// wire name is no Rust name gives it after `=`. Members that always have one
/// value stand under `const`, and a map of all undeclared members after `rest`.
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
        $(rest $rest:ident)?
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
                $(object.rest(&self.$rest);)?
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
                    $($rest: fields.rest(Self::FIELDS)?,)?
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

/// Declares an enum whose variants are different shapes of one JSON value.
///
/// The variant that fits a value best is taken when it is read: see
/// [`decode_union`](crate::wire::decode_union). Each variant converts with `From`.
/// Of a union that is sent (`: Validate`) the variants' own rules are checked; a
/// rule that belongs to the variant itself follows it after `if`.
///
/// ```
/// fal_sdk::union! {
///     /// A count, or a name for one.
///     pub enum Count {
///         /// The count itself.
///         Number(i64),
///         /// Its name.
///         Name(String),
///     }
/// }
///
/// assert_eq!(serde_json::from_str::<Count>("3")?, Count::Number(3));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! union {
    (
        $(#[$meta:meta])*
        pub enum $name:ident: Validate {
            $($(#[$variant_meta:meta])* $variant:ident($ty:ty) $(if $rule:expr)?),* $(,)?
        }
    ) => {
        $crate::union!(@define $(#[$meta])* $name { $($(#[$variant_meta])* $variant($ty)),* });

        impl $crate::wire::Decode for $name {
            fn decode(
                value: &$crate::wire::serde_json::Value,
            ) -> ::core::result::Result<Self, $crate::wire::DecodeError> {
                $crate::wire::decode_union(::core::stringify!($name), value, &[$(
                    |value| {
                        let (payload, _) = $crate::wire::attempt::<$ty>(value)?;
                        let variant = Self::$variant(payload);
                        let keeps_rules = $crate::wire::Decode::keeps_rules(&variant);
                        ::core::option::Option::Some((variant, keeps_rules))
                    }
                ),*])
            }

            fn keeps_rules(&self) -> bool {
                $crate::validate::Validate::validate(self).is_ok()
            }
        }

        impl $crate::validate::Validate for $name {
            fn check(&self, check: &mut $crate::validate::Validator) {
                match self {$(
                    Self::$variant(value) => {
                        $crate::validate::Validate::check(value, check);
                        $({
                            let rule: fn(&mut $crate::validate::Validator, &$ty) = $rule;
                            rule(check, value);
                        })?
                    }
                )*}
            }
        }
    };
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident($ty:ty)),* $(,)?
        }
    ) => {
        $crate::union!(@define $(#[$meta])* $name { $($(#[$variant_meta])* $variant($ty)),* });

        impl $crate::wire::Decode for $name {
            fn decode(
                value: &$crate::wire::serde_json::Value,
            ) -> ::core::result::Result<Self, $crate::wire::DecodeError> {
                $crate::wire::decode_union(::core::stringify!($name), value, &[$(
                    |value| {
                        let (payload, keeps_rules) = $crate::wire::attempt::<$ty>(value)?;
                        ::core::option::Option::Some((Self::$variant(payload), keeps_rules))
                    }
                ),*])
            }
        }
    };
    (@define $(#[$meta:meta])* $name:ident {
        $($(#[$variant_meta:meta])* $variant:ident($ty:ty)),*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant($ty),)*
        }

        impl $crate::wire::serde::Serialize for $name {
            fn serialize<S: $crate::wire::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(value) => $crate::wire::serde::Serialize::serialize(value, serializer),)*
                }
            }
        }

        $(
            impl ::core::convert::From<$ty> for $name {
                fn from(value: $ty) -> Self {
                    Self::$variant(value)
                }
            }
        )*

        $crate::wire!(@deserialize $name);
    };
}
