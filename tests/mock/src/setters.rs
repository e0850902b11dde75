//! Setters of builders.

/// Implements setters, each of which assigns a value to one field.
macro_rules! setters {
    ($name:ident {$(
        $(#[$docs:meta])*
        $setter:ident($($argument:ident: $type:ty)?) => $($field:ident).+ = $value:expr;
    )*}) => {
        impl $name {$(
            $(#[$docs])*
            pub fn $setter(mut self $(, $argument: $type)?) -> Self {
                self.$($field).+ = $value;
                self
            }
        )*}
    };
}

pub(crate) use setters;
