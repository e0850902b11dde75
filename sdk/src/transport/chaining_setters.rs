//! The setters of settings and builders.

/// Implements a chaining setter for each of these public fields. The setter of an `option` field
/// takes the value and puts it into `Some`.
macro_rules! chaining_setters {
    ($name:ident { $($field:ident: $kind:ident $type:ty),* $(,)? }) => {
        impl $name {
            $crate::transport::chaining_setters::setters! {$(
                #[doc = ::std::concat!(
                    "Sets [`", ::std::stringify!($field), "`](Self#structfield.",
                    ::std::stringify!($field), ")."
                )]
                #[must_use]
                $field: $kind $type;
            )*}
        }
    };
}

/// Defines, in an `impl`, the chaining setters of a builder, whose fields are private and
/// described by their setters.
macro_rules! setters {
    ($($(#[$attribute:meta])* $field:ident: $kind:ident $type:ty;)*) => {$(
        $(#[$attribute])*
        pub fn $field(mut self, $field: $type) -> Self {
            self.$field = $crate::transport::chaining_setters::setters!(@$kind $field);
            self
        }
    )*};
    (@plain $value:ident) => { $value };
    (@option $value:ident) => { ::std::option::Option::Some($value) };
}

pub(crate) use {chaining_setters, setters};
