//! The macro with which generated code declares the JSON Schemas of its types.

/// Implements `schemars::JsonSchema` for the listed types, from a JSON file that maps the
/// name of each type to its schema.
///
/// The path of the file is relative to the source file that uses the macro. A schema refers
/// to another type as `{"$ref": "Name"}`. Types that schemas refer to and that are not in
/// the file are listed after `use`.
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
