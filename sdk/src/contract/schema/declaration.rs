//! The macro that generated code declares the JSON Schemas of its types with.

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
