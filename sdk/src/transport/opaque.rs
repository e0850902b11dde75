//! `Debug` for calls, streams and connections: their names alone. What is in them
//! can be long, private, or nothing that could be read.

/// Implements `Debug` for types so that it shows their names and nothing else.
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
