//! The setters of settings whose fields are public.

/// Implements a chaining setter for each of these fields. The setter of an `option` field
/// takes the value and puts it into `Some`.
macro_rules! chaining_setters {
    ($name:ident { $($field:ident: $kind:ident $type:ty),* $(,)? }) => {
        impl $name {$(
            #[doc = ::std::concat!(
                "Sets [`", ::std::stringify!($field), "`](Self#structfield.",
                ::std::stringify!($field), ")."
            )]
            #[must_use]
            pub fn $field(mut self, $field: $type) -> Self {
                self.$field = $crate::transport::chaining_setters::chaining_setters!(@$kind $field);
                self
            }
        )*}
    };
    (@plain $value:ident) => { $value };
    (@option $value:ident) => { ::std::option::Option::Some($value) };
}

pub(crate) use chaining_setters;
