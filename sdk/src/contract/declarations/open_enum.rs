//! The macro that generated code declares enums with.

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
