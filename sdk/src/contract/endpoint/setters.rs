//! The macro that generated inputs declare their setters with.

/// Declares the chaining setters of an input, a line per optional field.
///
/// The word before the type says what the setter takes:
///
/// | word | takes |
/// |---|---|
/// | `plain` | the type itself |
/// | `into` | what converts into it |
/// | `list` | anything that iterates over it |
/// | `list_into` | anything that iterates over what converts into it |
/// | `nullable` | the type itself, for a field in which `null` differs from absence |
/// | `nullable_into` | what converts into it, for such a field |
///
/// ```
/// # use fal_sdk::setters;
/// /// A sample.
/// #[derive(Debug, Default)]
/// pub struct Sample {
///     /// A number.
///     pub seed: Option<i64>,
///     /// A text.
///     pub prompt: Option<String>,
/// }
///
/// setters! {
///     Sample {
///         seed: plain i64,
///         prompt: into String,
///     }
/// }
///
/// let sample = Sample::default().seed(7).prompt("a cat");
/// assert_eq!(sample.seed, Some(7));
/// ```
///
/// The value that a setter returns must be used: otherwise the option would be missing
/// from a call that is paid for.
///
/// ```compile_fail
/// #![deny(unused_must_use)]
/// # pub struct Sample { pub seed: Option<i64> }
/// # fal_sdk::setters! { Sample { seed: plain i64 } }
/// let sample = Sample { seed: None };
/// sample.seed(7);
/// ```
#[macro_export]
macro_rules! setters {
    ($name:ident { $($field:ident : $kind:ident $ty:ty),* $(,)? }) => {
        impl $name {
            $(
                $crate::setters! { @$kind $field $ty }
            )*
        }
    };
    (@plain $field:ident $ty:ty) => {
        $crate::setters! { @method $field: ($ty) = $field }
    };
    (@into $field:ident $ty:ty) => {
        $crate::setters! { @method $field: (impl Into<$ty>) = $field.into() }
    };
    (@list $field:ident $ty:ty) => {
        $crate::setters! { @method $field: (impl IntoIterator<Item = $ty>) = $field.into_iter().collect() }
    };
    (@list_into $field:ident $ty:ty) => {
        $crate::setters! { @method $field: (impl IntoIterator<Item = impl Into<$ty>>) = $field.into_iter().map(Into::into).collect() }
    };
    (@nullable $field:ident $ty:ty) => {
        $crate::setters! { @method $field: ($ty) = $crate::wire::Nullable::Value($field) }
    };
    (@nullable_into $field:ident $ty:ty) => {
        $crate::setters! { @method $field: (impl Into<$ty>) = $crate::wire::Nullable::Value($field.into()) }
    };
    (@method $field:ident: ($parameter:ty) = $value:expr) => {
        #[doc = ::core::concat!(
            "Sets [`", ::core::stringify!($field), "`]",
            "(Self#structfield.", ::core::stringify!($field), ")."
        )]
        #[must_use]
        pub fn $field(mut self, $field: $parameter) -> Self {
            self.$field = ::core::option::Option::Some($value);
            self
        }
    };
}
