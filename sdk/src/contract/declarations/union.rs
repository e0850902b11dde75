//! The macro with which generated code declares unions.

/// Declares an enum whose variants are different shapes of one JSON value.
///
/// When a value is read, the variant that fits it best is chosen: see
/// [`decode_union`](crate::wire::decode_union). The enum implements `From` for the type of
/// each variant, and for further types that are listed after `from`. In a union that is sent
/// (`: Validate`), the rules of each variant's type are checked, and a rule of the variant
/// itself can follow it after `if`.
///
/// ```
/// fal_sdk::union! {
///     /// A count, or a name for one.
///     pub enum Count {
///         /// The count itself.
///         Number(i64),
///         /// Its name.
///         Name(String) from (&str),
///     }
/// }
///
/// assert_eq!(serde_json::from_str::<Count>("3")?, Count::Number(3));
/// assert_eq!(Count::from("many"), Count::Name("many".to_owned()));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! union {
    (
        $(#[$meta:meta])*
        pub enum $name:ident: Validate {
            $(
                $(#[$variant_meta:meta])*
                $variant:ident($ty:ty) $(from ($($source:ty),*))? $(if $rule:expr)?
            ),* $(,)?
        }
    ) => {
        $crate::union!(@define $(#[$meta])* $name {
            $($(#[$variant_meta])* $variant($ty) ($($($source),*)?)),*
        });

        impl $crate::wire::Decode for $name {
            fn decode(
                value: &$crate::wire::serde_json::Value,
            ) -> ::core::result::Result<Self, $crate::wire::DecodeError> {
                $crate::wire::decode_union(::core::stringify!($name), value, &[$(
                    (::core::stringify!($variant), |value| {
                        let (payload, _) = $crate::wire::attempt::<$ty>(value)?;
                        let variant = Self::$variant(payload);
                        let obeys_rules = $crate::wire::Decode::obeys_rules(&variant);
                        Ok((variant, obeys_rules))
                    })
                ),*])
            }

            fn obeys_rules(&self) -> bool {
                $crate::validate::obeys_schema(self)
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
            $(
                $(#[$variant_meta:meta])*
                $variant:ident($ty:ty) $(from ($($source:ty),*))?
            ),* $(,)?
        }
    ) => {
        $crate::union!(@define $(#[$meta])* $name {
            $($(#[$variant_meta])* $variant($ty) ($($($source),*)?)),*
        });

        impl $crate::wire::Decode for $name {
            fn decode(
                value: &$crate::wire::serde_json::Value,
            ) -> ::core::result::Result<Self, $crate::wire::DecodeError> {
                $crate::wire::decode_union(::core::stringify!($name), value, &[$(
                    (::core::stringify!($variant), |value| {
                        let (payload, obeys_rules) = $crate::wire::attempt::<$ty>(value)?;
                        Ok((Self::$variant(payload), obeys_rules))
                    })
                ),*])
            }
        }
    };
    (@define $(#[$meta:meta])* $name:ident {
        $($(#[$variant_meta:meta])* $variant:ident($ty:ty) ($($source:ty),*)),*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant($ty),)*
        }

        impl $crate::wire::Encode for $name {
            fn encode(&self) -> $crate::wire::Encoded<'_> {
                match self {
                    $(Self::$variant(value) => $crate::wire::Encode::encode(value),)*
                }
            }
        }

        impl $crate::wire::serde::Serialize for $name {
            fn serialize<S: $crate::wire::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::wire::serialize(self, serializer)
            }
        }

        $(
            impl From<$ty> for $name {
                fn from(value: $ty) -> Self {
                    Self::$variant(value)
                }
            }

            $(
                impl From<$source> for $name {
                    fn from(value: $source) -> Self {
                        Self::$variant(<$ty as From<$source>>::from(value))
                    }
                }
            )*
        )*

        $crate::wire!(@deserialize $name);
    };
}
