//! `Debug` for calls, streams and connections, which shows only the name of the type. The
//! contents can be long, private or unreadable.

/// Implements `Debug` for types so that it shows the name of the type and nothing else.
macro_rules! opaque {
    ($($name:ident $(<$param:ident $(: $bound:ident)?>)?),* $(,)?) => {$(
        impl $(<$param $(: $bound)?>)? ::std::fmt::Debug for $name $(<$param>)? {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(::std::stringify!($name)).finish_non_exhaustive()
            }
        }
    )*};
}

pub(crate) use opaque;
