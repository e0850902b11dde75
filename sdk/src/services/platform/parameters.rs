//! Macros that declare setters, each of which sets a parameter of a request.

/// Defines a setter for each parameter: `set` replaces an earlier value, `add` adds a value.
///
/// ```text
/// search(words) => set "q";               // takes any text
/// status(status: ModelStatus) => set "status";
/// with_all_tags() => set "tag_mode" = "all";
/// ```
macro_rules! parameters {
    ($(
        $(#[$attribute:meta])*
        $name:ident $argument:tt => $how:ident $parameter:literal $(= $value:literal)?;
    )*) => {$(
        $crate::services::platform::parameters::parameter! {
            [$(#[$attribute])*] $name $argument $how $parameter $($value)?
        }
    )*};
}

macro_rules! parameter {
    ([$(#[$attribute:meta])*] $name:ident () $how:ident $parameter:literal $value:literal) => {
        $(#[$attribute])*
        pub fn $name(self) -> Self {
            self.$how($parameter, $value)
        }
    };
    ([$(#[$attribute:meta])*] $name:ident ($text:ident) $how:ident $parameter:literal) => {
        $(#[$attribute])*
        pub fn $name(self, $text: impl Into<String>) -> Self {
            self.$how($parameter, $text)
        }
    };
    ([$(#[$attribute:meta])*] $name:ident ($value:ident: $type:ty) $how:ident $parameter:literal) => {
        $(#[$attribute])*
        pub fn $name(self, $value: $type) -> Self {
            self.$how($parameter, $value.to_string())
        }
    };
}

/// Declares the fields of something that is created or changed: a JSON object with a setter for
/// each text in it. Other values are set with `insert`.
macro_rules! fields {
    (
        $(#[$meta:meta])*
        $fields:ident {$(
            $(#[$doc:meta])*
            $name:ident $argument:tt => $how:ident $member:literal;
        )*}
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $fields(::serde_json::Map<String, ::serde_json::Value>);

        impl $fields {
            /// Creates an empty set of fields.
            pub fn new() -> Self {
                Self::default()
            }

            $crate::services::platform::parameters::parameters! {$(
                $(#[$doc])*
                #[must_use]
                $name $argument => $how $member;
            )*}

            fn set(self, member: &str, text: impl Into<String>) -> Self {
                self.insert(member, text.into())
            }

            fn insert(mut self, member: &str, value: impl Into<::serde_json::Value>) -> Self {
                self.0.insert(member.to_owned(), value.into());
                self
            }

            fn into_json(self) -> ::serde_json::Value {
                self.0.into()
            }
        }
    };
}

pub(super) use {fields, parameter, parameters};
