//! JSON Schemas of inputs and outputs, for tools that language models call.
//!
//! With the feature `schemars` every generated type implements
//! [`schemars::JsonSchema`]. The schema is the document's own, normalised: types,
//! bounds, lengths, patterns, defaults, listed values, descriptions, examples, what
//! is required and what may be `null`. Types that it contains stand in `$defs`.
//!
//! The types themselves take more than the schema says: an enum also takes values
//! that it does not list, and unknown members of objects are ignored.
//!
//! ```
//! # #[cfg(feature = "wan-22-vace-fun-a14b")]
//! # {
//! use fal_sdk::endpoints::fal_ai::wan_22_vace_fun_a14b::depth::DepthInput;
//! use fal_sdk::schema::schemars::schema_for;
//!
//! let schema = schema_for!(DepthInput);
//! assert_eq!(schema.pointer("/properties/num_frames/maximum"), Some(&241.into()));
//! # }
//! ```

mod definitions;
mod files;

pub use definitions::{Definitions, Reference};
pub use schemars;

/// Implements `schemars::JsonSchema` for types, from a file that has their schemas
/// by name.
///
/// The file is named relative to the one that the macro is used in. A schema refers
/// to another one as `{"$ref": "Name"}`; those that are not in the file stand after
/// `use`.
#[macro_export]
macro_rules! json_schema {
    ($file:literal: $($name:ident),* $(use $($used:ident),*)?) => {
        const _: () = {
            static DEFINITIONS: $crate::schema::Definitions = $crate::schema::Definitions::new(
                ::core::include_str!($file),
                &[
                    $($crate::schema::Reference::to::<$name>(::core::stringify!($name)),)*
                    $($($crate::schema::Reference::to::<$used>(::core::stringify!($used)),)*)?
                ],
            );

            $(
                impl $crate::schema::schemars::JsonSchema for $name {
                    fn schema_name() -> ::std::borrow::Cow<'static, str> {
                        ::std::borrow::Cow::Borrowed(::core::stringify!($name))
                    }

                    fn schema_id() -> ::std::borrow::Cow<'static, str> {
                        ::std::borrow::Cow::Borrowed(::core::concat!(
                            ::core::module_path!(), "::", ::core::stringify!($name)
                        ))
                    }

                    fn json_schema(
                        generator: &mut $crate::schema::schemars::SchemaGenerator,
                    ) -> $crate::schema::schemars::Schema {
                        DEFINITIONS.schema(::core::stringify!($name), generator)
                    }
                }
            )*
        };
    };
}
