//! Enums whose variants have names in texts.

/// Declares an enum, with the name of each variant behind it: in JSON, or in messages. After
/// `: Display`, the name is also what `Display` writes.
macro_rules! named_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident $(: $display:ident)? {
            $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
        }

        impl $name {
            /// The name of the variant in texts.
            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        $($crate::transport::named_enum::named_enum! { @$display $name })?
    };
    (@Display $name:ident) => {
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

pub(crate) use named_enum;
