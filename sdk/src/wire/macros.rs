//! The three macros that generated code declares its types with.

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

/// Declares an enum whose known values are listed and whose unknown ones are
/// kept in `Other`, so that a value the server learnt yesterday neither loses a
/// paid result nor keeps a caller from sending it.
///
/// The values are strings, or integers for `: i64`.
///
/// ```
/// fal_sdk::open_enum! {
///     /// How large.
///     pub enum Resolution: String {
///         Auto = "auto",
///         R720p = "720p",
///     }
/// }
///
/// assert_eq!(Resolution::from("720p"), Resolution::R720p);
/// assert_eq!(Resolution::from("8k").as_str(), "8k");
/// assert_eq!(format!("{:?}", Resolution::R720p), r#"Resolution("720p")"#);
/// assert_eq!(format!("{:?}", Resolution::from("8k")), r#"Other("8k")"#);
/// ```
#[macro_export]
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident: String {
            $($(#[$variant_meta:meta])* $variant:ident = $wire:literal),* $(,)?
        }
    ) => {
        $(#[$meta])*
        // `Debug` and `Hash` by what is on the wire cost the compiler a call each.
        #[derive(Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $(
                // As a literal: a value with a line feed or ticks must not begin a code block.
                #[doc = ::core::concat!("`", ::core::stringify!($wire), "`")]
                $(#[$variant_meta])*
                $variant,
            )*
            /// A value that the schema did not list.
            Other(::std::string::String),
        }

        impl $name {
            /// The values that the schema lists, in its order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The value on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Other(value) => value,
                }
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($wire => Self::$variant,)*
                    other => Self::Other(::std::string::String::from(other)),
                }
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            fn from(value: ::std::string::String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl $crate::validate::Validate for $name {}

        impl ::core::hash::Hash for $name {
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                ::core::hash::Hash::hash(self.as_str(), state);
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let name = match self {
                    Self::Other(_) => "Other",
                    _ => ::core::stringify!($name),
                };
                $crate::wire::debug(name, self.as_str(), f)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::wire::serde::Serialize for $name {
            fn serialize<S: $crate::wire::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl $crate::wire::Decode for $name {
            fn decode(
                value: &$crate::wire::serde_json::Value,
            ) -> ::core::result::Result<Self, $crate::wire::DecodeError> {
                <::std::string::String as $crate::wire::Decode>::decode(value).map(Self::from)
            }
        }

        $crate::wire!(@deserialize $name);
    };
    (
        $(#[$meta:meta])*
        pub enum $name:ident: i64 {
            $($(#[$variant_meta:meta])* $variant:ident = $wire:literal),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = ::core::concat!("`", $wire, "`")]
                $(#[$variant_meta])*
                $variant,
            )*
            /// A value that the schema did not list.
            Other(i64),
        }

        impl $name {
            /// The values that the schema lists, in its order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The value on the wire.
            pub const fn as_i64(&self) -> i64 {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Other(value) => *value,
                }
            }
        }

        impl ::core::convert::From<i64> for $name {
            fn from(value: i64) -> Self {
                match value {
                    $($wire => Self::$variant,)*
                    other => Self::Other(other),
                }
            }
        }

        impl $crate::validate::Validate for $name {}

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.as_i64(), f)
            }
        }

        impl $crate::wire::serde::Serialize for $name {
            fn serialize<S: $crate::wire::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.as_i64())
            }
        }

        impl $crate::wire::Decode for $name {
            fn decode(
                value: &$crate::wire::serde_json::Value,
            ) -> ::core::result::Result<Self, $crate::wire::DecodeError> {
                <i64 as $crate::wire::Decode>::decode(value).map(Self::from)
            }
        }

        $crate::wire!(@deserialize $name);
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
