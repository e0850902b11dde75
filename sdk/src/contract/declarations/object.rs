//! The macro that declares structs.

/// Declares a struct that is written to and read from JSON. A struct that is sent to a model
/// also has a constructor, setters and validation.
///
/// Each field is declared in one place: its documentation, its name, whether it is required,
/// its type, then its default and its rules.
///
/// ```
/// fal_sdk::object! {
///     /// A picture to draw.
///     pub struct Drawing: Validate {
///         /// What to draw.
///         pub prompt: required into String;
///         /// How many pictures.
///         ///
///         /// Default: `1`. Range: `1` to `4`.
///         pub count: optional plain i64, const DEFAULT_COUNT: i64 = 1, check range(1..=4);
///         /// The kind of paper.
///         pub kind: optional into String, name "type";
///     }
/// }
///
/// let drawing = Drawing::new("a cat").count(2).kind("rough");
/// assert_eq!(
///     serde_json::to_string(&drawing)?,
///     r#"{"prompt":"a cat","count":2,"type":"rough"}"#,
/// );
/// assert_eq!(Drawing::DEFAULT_COUNT, 1);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// A `required` member must be present when the struct is read, unless its type allows
/// `null`. An `optional` member is an `Option`. It is `None` if the member is absent or
/// `null`, except that a [`Nullable`](crate::wire::Nullable) keeps the `null`.
///
/// A struct that is sent has the bound `: Validate`. It has a function `new`, whose arguments
/// are the required fields, and a setter for each optional field, with the field's
/// documentation. The word before the type of a field says what `new` or the setter takes:
///
/// | Word | Argument | Type of the field |
/// |---|---|---|
/// | `plain` | `T` | `T` |
/// | `into` | `impl Into<T>` | `T` |
/// | `list` | `impl IntoIterator<Item = T>` | `Vec<T>` |
/// | `list_into` | `impl IntoIterator<Item = impl Into<T>>` | `Vec<T>` |
/// | `nullable` | `T`; only for optional fields | `Nullable<T>` |
/// | `nullable_into`, `nullable_list`, `nullable_list_into` | as without `nullable_`; only for optional fields | `Nullable` of the type above |
///
/// These forms can follow the type, in this order:
///
/// | Form | Meaning |
/// |---|---|
/// | `null null_seed` | the name of a setter that sends `null` |
/// | `const DEFAULT_SEED: i64 = 7` | the model's default |
/// | `check required()` | the member must have a value although it is not an argument of `new`, which would have too many arguments |
/// | `check range(1..=4)` | a rule: a method of [`Validator`](crate::validate::Validator) and its arguments after the value |
/// | `visit for_each_media` | the field contains media |
/// | `visit (\|item, visit\| { … })` | the field contains tuples, some of whose items contain media |
/// | `name "type"` | the name of the JSON member, if it differs from the field's; the rules follow it |
///
/// After the fields, `const "kind" = "image";` declares a member that always has the same
/// value, and `null "seed";` names a required member that is sent as `null` if it has no
/// value. At the end, `..rest: BTreeMap<String, i64>;` declares a field for members that are
/// not declared. If it is the only field, it is written with three dots and is the argument
/// of `new`.
///
/// The input of an endpoint has the bounds `Validate + Input<ENDPOINT = "acme/draw", Output =
/// Picture>`.
///
/// The value that a setter returns must be used. If it is not, the compiler warns: the option
/// would be missing from a call that costs money.
///
/// ```compile_fail
/// #![deny(unused_must_use)]
/// # fal_sdk::object! {
/// #     pub struct Drawing: Validate {
/// #         /// A number.
/// #         pub seed: optional plain i64;
/// #     }
/// # }
/// Drawing::new().seed(7);
/// ```
#[macro_export]
macro_rules! object {
    // A struct that is only received: it has no bound `Validate`.
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $(
                $(#[doc = $doc:tt])*
                pub $field:ident $(: required $r:ty)? $(: optional $o:ty)?
                $(, name $own:literal)?;
            )*
            $(const $constant:literal = $value:expr;)*
            $(null $null:literal;)*
            $(..$rest:ident: $map:ty;)?
        }
    ) => {
        $(#[$meta])*
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[doc = $doc])*
                pub $field: $($r)? $(Option<$o>)?,
            )*
            $(
                /// Members that the schema does not declare.
                pub $rest: $map,
            )?
        }

        impl $crate::wire::Decode for $name {
            const FIELDS: &'static str = ::core::stringify!($($field)*);
            $crate::object_field! { @names [$($([$field $own])?)*] [$($constant)*] }

            fn decode(
                value: &$crate::wire::serde_json::Value,
            ) -> ::core::result::Result<Self, $crate::wire::DecodeError> {
                let members = &$crate::wire::Declared::of::<Self>(value);
                $(members.constant($value);)*
                // There are more than ten thousand fields: a `match` costs the compiler half
                // of what `?` does, and less where the error is kept in `members`, which is
                // passed on as a shared reference, since borrow checking follows exclusive ones.
                let decoded = Self {
                    $($field:
                        $(match members.required::<$r>() {
                            Some(value) => value,
                            None => return members.error(),
                        })?
                        $(members.optional::<$o>())?,
                    )*
                    $($rest: members.additional_properties()?,)?
                };
                members.end(decoded)
            }
        }

        impl ::core::clone::Clone for $name {
            fn clone(&self) -> Self {
                // The method is less work for the compiler than `Clone::clone`.
                Self {
                    $($field: self.$field.clone(),)*
                    $($rest: self.$rest.clone(),)?
                }
            }
        }

        impl $crate::wire::Encode for $name {
            fn encode(&self) -> $crate::wire::Encoded<'_> {
                $crate::wire::Encoded::Object(
                    $crate::wire::Members::of(self, &[$(&$value,)* $(&self.$field,)*])
                        $(.with_constant($constant))*
                        $(.with_null($null))*
                        $(.with_additional(&self.$rest))?
                )
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::wire::debug_object(::core::stringify!($name), self, f)
            }
        }

        impl ::core::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                $crate::wire::equal_objects(self, other)
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

        impl<'de> $crate::wire::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::wire::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::wire::deserialize(deserializer)
            }
        }
    };
    // A struct that is sent.
    (
        $(#[$meta:meta])*
        pub struct $name:ident: Validate
        $(+ Input<ENDPOINT = $endpoint:literal, Output = $output:ident>)?
        {
            $(
                $(#[doc = $doc:tt])*
                pub $field:ident
                $(: required $required:ident $required_type:ty)?
                $(: optional $optional:ident $optional_type:ty)?
                $(, null $null_setter:ident)?
                $(, const $default:ident: $default_type:ty = $default_value:expr)?
                $(, check $rule:ident($($argument:tt)*))*
                $(, visit $visit:tt)?
                $(, name $own:literal $(, check $own_rule:ident($($own_argument:tt)*))*)?;
            )*
            $(const $constant:literal = $value:expr;)*
            $(null $null:literal;)*
            $(
                ..$rest:ident: $map:ty
                $(, check $rest_rule:ident($($rest_argument:tt)*))*
                $(, visit $rest_visit:tt)?;
            )?
            $(
                ...$only:ident: $only_map:ty
                $(, check $only_rule:ident($($only_argument:tt)*))*
                $(, visit $only_visit:tt)?;
            )?
        }
    ) => {
        $(#[$meta])*
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[doc = $doc])*
                pub $field:
                    $($crate::object_field!(@type $required $required_type))?
                    $(Option<$crate::object_field!(@type $optional $optional_type)>)?,
            )*
            $(
                /// Members that the schema does not declare.
                pub $rest: $map,
            )?
            $(
                /// Members that the schema does not declare.
                pub $only: $only_map,
            )?
        }

        #[allow(clippy::new_without_default, clippy::self_named_constructors)]
        impl $name {
            $($(
                #[doc = ::core::concat!("The model's default for `", ::core::stringify!($field), "`.")]
                pub const $default: $default_type = $default_value;
            )?)*

            /// Creates a value from its required fields; every other option is left to the
            /// model's default.
            pub fn new(
                $($($field: $crate::object_field!(@argument $required $required_type),)?)*
                $($only: $only_map,)?
            ) -> Self {
                Self {
                    $($field:
                        $($crate::object_field!(@convert $required $field))?
                        $($crate::wire::absent::$optional)?,
                    )*
                    $($rest: Default::default(),)?
                    $($only,)?
                }
            }

            $(
                $crate::object_field! {
                    @setter [$(#[doc = $doc])*] $field $($optional $optional_type)?
                }
                $(
                    #[doc = ::core::concat!(
                        "Sends [`", ::core::stringify!($field), "`](Self::", ::core::stringify!($field), ") as `null`."
                    )]
                    #[must_use]
                    pub fn $null_setter(mut self) -> Self {
                        self.$field = Some($crate::wire::Nullable::Null);
                        self
                    }
                )?
            )*
        }

        impl $crate::wire::Decode for $name {
            const FIELDS: &'static str = ::core::stringify!($($field)*);
            $crate::object_field! { @names [$($([$field $own])?)*] [$($constant)*] }

            fn decode(
                value: &$crate::wire::serde_json::Value,
            ) -> ::core::result::Result<Self, $crate::wire::DecodeError> {
                let members = &$crate::wire::Declared::of::<Self>(value);
                $(members.constant($value);)*
                let decoded = Self {
                    $($field:
                        $(match $crate::wire::required::$required(members) {
                            Some(value) => value,
                            None => return members.error(),
                        })?
                        $($crate::wire::optional::$optional(members))?,
                    )*
                    $($rest: members.additional_properties()?,)?
                    $($only: members.additional_properties()?,)?
                };
                members.end(decoded)
            }
        }

        impl $crate::validate::Validate for $name {
            fn check(&self, check: &mut $crate::validate::Validator) {
                let _ = &check;
                $(
                    $(check.$rule(::core::stringify!($field), &self.$field, $($argument)*);)*
                    $($(check.$own_rule($own, &self.$field, $($own_argument)*);)*)?
                )*
                $($(check.$rest_rule("", &self.$rest, $($rest_argument)*);)*)?
                $($(check.$only_rule("", &self.$only, $($only_argument)*);)*)?
            }
        }

        $crate::object_media! {
            $name
            [$($([$visit $field])?)* $($([$rest_visit $rest])?)? $($([$only_visit $only])?)?]
            $([$endpoint $output])?
        }

        impl ::core::clone::Clone for $name {
            fn clone(&self) -> Self {
                Self {
                    $($field: self.$field.clone(),)*
                    $($rest: self.$rest.clone(),)?
                    $($only: self.$only.clone(),)?
                }
            }
        }

        impl $crate::wire::Encode for $name {
            fn encode(&self) -> $crate::wire::Encoded<'_> {
                $crate::wire::Encoded::Object(
                    $crate::wire::Members::of(self, &[$(&$value,)* $(&self.$field,)*])
                        $(.with_constant($constant))*
                        $(.with_null($null))*
                        $(.with_additional(&self.$rest))?
                        $(.with_additional(&self.$only))?
                )
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::wire::debug_object(::core::stringify!($name), self, f)
            }
        }

        impl ::core::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                $crate::wire::equal_objects(self, other)
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

        impl<'de> $crate::wire::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::wire::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::wire::deserialize(deserializer)
            }
        }
    };
}
