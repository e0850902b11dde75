//! `Debug` for calls, streams and connections, which shows the name of the type and little else.
//! The contents can be long, private or unreadable.

/// Implements `Debug` for types so that it shows the name of the type and these fields, if any,
/// and nothing else.
macro_rules! opaque {
    ($(
        $name:ident $(<$param:ident $(: $bound:ident)?>)? $({ $($field:ident),* })?
    ),* $(,)?) => {$(
        impl $(<$param $(: $bound)?>)? ::std::fmt::Debug for $name $(<$param>)? {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(::std::stringify!($name))
                    $($(.field(::std::stringify!($field), &self.$field))*)?
                    .finish_non_exhaustive()
            }
        }
    )*};
}

pub(crate) use opaque;
