//! The macro with which generated code declares enums.

/// Declares an enum with a variant for each listed value, and a variant `Other` for all other
/// values. A value that was added to the server later can thus be received and sent.
///
/// The values are strings, or integers for `: i64`. Equality, order and hash are those of the
/// value that is sent, so `Other` with a listed value equals the variant of that value.
///
/// ```
/// fal_sdk::open_enum! {
///     /// The resolution of a video.
///     pub enum Resolution: String {
///         Auto = "auto",
///         P720 = "720p",
///     }
/// }
///
/// assert_eq!(Resolution::from("720p"), Resolution::P720);
/// assert_eq!(Resolution::Other("720p".to_owned()), Resolution::P720);
/// assert_eq!(Resolution::from("8k").as_str(), "8k");
/// assert_eq!("auto".parse(), Ok(Resolution::Auto));
/// assert_eq!(format!("{:?}", Resolution::P720), r#"Resolution("720p")"#);
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
        #[non_exhaustive]
        pub enum $name {
            $(
                // As a literal: a value with a line feed or ticks must not begin a code block.
                #[doc = ::core::concat!("`", ::core::stringify!($wire), "`")]
                $(#[$variant_meta])*
                $variant,
            )*
            /// A value that the schema does not list.
            Other(String),
        }

        impl $name {
            /// The values that the schema lists, in the schema's order.
            pub const ALL: &'static [Self] = &[$($name::$variant),*];

            /// Returns the value as it is sent.
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $wire,)*
                    Self::Other(value) => value,
                }
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($wire => $name::$variant,)*
                    other => Self::Other(String::from(other)),
                }
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self::from(value.as_str())
            }
        }

        // This and the comparisons go through the value on the wire: a call is less work for
        // the compiler than another `match` over all variants.
        impl ::core::clone::Clone for $name {
            fn clone(&self) -> Self {
                Self::from(self.as_str())
            }
        }

        impl $crate::validate::Validate for $name {}

        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;

            // The error is written out: a variant can have the name `Err`.
            fn from_str(
                value: &str,
            ) -> ::core::result::Result<Self, ::core::convert::Infallible> {
                Ok(Self::from(value))
            }
        }

        $crate::open_enum!(@by () as_str $name);

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
                f.pad(self.as_str())
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

        impl $crate::wire::Encode for $name {
            fn encode(&self) -> $crate::wire::Encoded<'_> {
                $crate::wire::Encoded::Text(self.as_str())
            }
        }

        impl $crate::wire::Decode for $name {
            fn decode(
                value: &$crate::wire::serde_json::Value,
            ) -> ::core::result::Result<Self, $crate::wire::DecodeError> {
                $crate::wire::decode_string(value)
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
        #[derive(Debug, Clone, Copy)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = ::core::concat!("`", $wire, "`")]
                $(#[$variant_meta])*
                $variant,
            )*
            /// A value that the schema does not list.
            Other(i64),
        }

        impl $name {
            /// The values that the schema lists, in the schema's order.
            pub const ALL: &'static [Self] = &[$($name::$variant),*];

            /// Returns the value as it is sent.
            pub const fn as_i64(&self) -> i64 {
                match self {
                    $($name::$variant => $wire,)*
                    Self::Other(value) => *value,
                }
            }
        }

        impl From<i64> for $name {
            fn from(value: i64) -> Self {
                match value {
                    $($wire => $name::$variant,)*
                    other => Self::Other(other),
                }
            }
        }

        impl $crate::validate::Validate for $name {}

        impl ::core::str::FromStr for $name {
            type Err = ::core::num::ParseIntError;

            fn from_str(
                value: &str,
            ) -> ::core::result::Result<Self, ::core::num::ParseIntError> {
                <i64 as ::core::str::FromStr>::from_str(value).map(Self::from)
            }
        }

        $crate::open_enum!(@by (&) as_i64 $name);

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

        impl $crate::wire::Encode for $name {
            fn encode(&self) -> $crate::wire::Encoded<'_> {
                $crate::wire::Encoded::Signed(self.as_i64())
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
    // The parentheses hold what makes a reference of the value, if it is not one yet.
    (@by ($($reference:tt)?) $value:ident $name:ident) => {
        impl ::core::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.cmp(other).is_eq()
            }
        }

        impl ::core::cmp::Eq for $name {}

        impl ::core::cmp::PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<::core::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl ::core::cmp::Ord for $name {
            fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {
                self.$value().cmp($($reference)? other.$value())
            }
        }

        impl ::core::hash::Hash for $name {
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                ::core::hash::Hash::hash($($reference)? self.$value(), state);
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    open_enum! {
        /// A size.
        pub enum Size: String {
            Auto = "auto",
            Large = "large",
        }
    }

    open_enum! {
        /// A number of seconds.
        pub enum Duration: i64 {
            Short = 5,
            Long = 10,
        }
    }

    #[test]
    fn a_listed_value_is_the_same_however_it_was_made() {
        let by_hand = Size::Other("auto".to_owned());
        assert_eq!(by_hand, Size::Auto);
        assert_eq!(by_hand.cmp(&Size::Auto), std::cmp::Ordering::Equal);
        assert_ne!(Size::Other("huge".to_owned()), Size::Auto);
        let set = HashSet::from([by_hand, Size::Auto, Size::from("auto")]);
        assert_eq!(set.len(), 1);
        assert_eq!(Duration::Other(5), Duration::Short);
        let set = HashSet::from([Duration::Other(5), Duration::Short, Duration::Long]);
        assert_eq!(set.len(), 2);
    }

    #[test]
    fn values_are_read_ordered_and_aligned() {
        assert_eq!(Size::ALL, ["auto", "large"].map(Size::from));
        assert_eq!(Duration::ALL, [5, 10].map(Duration::from));
        assert_eq!("large".parse(), Ok(Size::Large));
        assert_eq!("10".parse(), Ok(Duration::Long));
        assert!("ten".parse::<Duration>().is_err());
        assert!(Size::Auto < Size::Large && Duration::Short < Duration::Long);
        assert_eq!(
            format!("{:<8}|{:>3}", Size::Auto, Duration::Short),
            "auto    |  5"
        );
    }
}
