//! The parts of [`object!`](crate::object!) that depend on the word before a field's type.

/// Expands the parts of [`object!`](crate::object!) in which fields differ.
#[doc(hidden)]
#[macro_export]
macro_rules! object_field {
    (@type plain $ty:ty) => { $ty };
    (@type into $ty:ty) => { $ty };
    (@type list $ty:ty) => { Vec<$ty> };
    (@type list_into $ty:ty) => { Vec<$ty> };
    (@type nullable $ty:ty) => { $crate::wire::Nullable<$ty> };
    (@type nullable_into $ty:ty) => { $crate::wire::Nullable<$ty> };
    (@type nullable_list $ty:ty) => { $crate::wire::Nullable<Vec<$ty>> };
    (@type nullable_list_into $ty:ty) => { $crate::wire::Nullable<Vec<$ty>> };
    (@argument plain $ty:ty) => { $ty };
    (@argument into $ty:ty) => { impl Into<$ty> };
    (@argument list $ty:ty) => { impl IntoIterator<Item = $ty> };
    (@argument list_into $ty:ty) => {
        impl IntoIterator<Item = impl Into<$ty>>
    };
    (@convert plain $value:ident) => { $value };
    (@convert into $value:ident) => { $value.into() };
    (@convert list $value:ident) => { $value.into_iter().collect() };
    (@convert list_into $value:ident) => {
        $value.into_iter().map(Into::into).collect()
    };
    (@names [] []) => {};
    (@names [$([$field:ident $own:literal])*] [$($constant:literal)*]) => {
        const OWN_NAMES: &'static [(&'static str, &'static str)] =
            &[$((::core::stringify!($field), $own)),*];
        const CONSTANTS: &'static [&'static str] = &[$($constant),*];
    };
    (@setter [$($doc:tt)*] $field:ident) => {};
    (@setter [$($doc:tt)*] $field:ident plain $ty:ty) => {
        $($doc)*
        #[must_use]
        pub fn $field(mut self, $field: $ty) -> Self {
            self.$field = Some($field);
            self
        }
    };
    (@setter [$($doc:tt)*] $field:ident into $ty:ty) => {
        $($doc)*
        #[must_use]
        pub fn $field(mut self, $field: impl Into<$ty>) -> Self {
            self.$field = Some($field.into());
            self
        }
    };
    (@setter [$($doc:tt)*] $field:ident list $ty:ty) => {
        $($doc)*
        #[must_use]
        pub fn $field(mut self, $field: impl IntoIterator<Item = $ty>) -> Self {
            self.$field = Some($field.into_iter().collect());
            self
        }
    };
    (@setter [$($doc:tt)*] $field:ident list_into $ty:ty) => {
        $($doc)*
        #[must_use]
        pub fn $field(
            mut self,
            $field: impl IntoIterator<Item = impl Into<$ty>>,
        ) -> Self {
            let items = $field.into_iter().map(Into::into).collect();
            self.$field = Some(items);
            self
        }
    };
    (@setter [$($doc:tt)*] $field:ident nullable $ty:ty) => {
        $($doc)*
        #[must_use]
        pub fn $field(mut self, $field: $ty) -> Self {
            self.$field = Some($crate::wire::Nullable::Value($field));
            self
        }
    };
    (@setter [$($doc:tt)*] $field:ident nullable_into $ty:ty) => {
        $($doc)*
        #[must_use]
        pub fn $field(mut self, $field: impl Into<$ty>) -> Self {
            self.$field = Some($crate::wire::Nullable::Value($field.into()));
            self
        }
    };
    (@setter [$($doc:tt)*] $field:ident nullable_list $ty:ty) => {
        $($doc)*
        #[must_use]
        pub fn $field(mut self, $field: impl IntoIterator<Item = $ty>) -> Self {
            let items = $field.into_iter().collect();
            self.$field = Some($crate::wire::Nullable::Value(items));
            self
        }
    };
    (@setter [$($doc:tt)*] $field:ident nullable_list_into $ty:ty) => {
        $($doc)*
        #[must_use]
        pub fn $field(
            mut self,
            $field: impl IntoIterator<Item = impl Into<$ty>>,
        ) -> Self {
            let items = $field.into_iter().map(Into::into).collect();
            self.$field = Some($crate::wire::Nullable::Value(items));
            self
        }
    };
}

/// Implements [`MediaFields`](crate::endpoint::MediaFields) for a struct that contains media,
/// and [`Input`](crate::Input) for one that is the input of an endpoint.
#[doc(hidden)]
#[macro_export]
macro_rules! object_media {
    ($name:ident [] $([$endpoint:literal $output:ident])?) => {
        $(
            impl $crate::Input for $name {
                const ENDPOINT: &'static str = $endpoint;
                type Output = $output;
            }
        )?
    };
    ($name:ident [$([$visit:tt $field:ident])*] $([$endpoint:literal $output:ident])?) => {
        impl $crate::endpoint::MediaFields for $name {
            fn for_each_media<'a>(
                &'a mut self,
                visit: &mut dyn ::core::ops::FnMut(&'a mut $crate::Media),
            ) {
                $($crate::object_media!(@visit $visit self.$field, visit);)*
            }
        }

        $(
            impl $crate::Input for $name {
                const ENDPOINT: &'static str = $endpoint;
                type Output = $output;

                fn for_each_media<'a>(
                    &'a mut self,
                    visit: &mut dyn ::core::ops::FnMut(&'a mut $crate::Media),
                ) {
                    $crate::endpoint::MediaFields::for_each_media(self, visit);
                }
            }
        )?
    };
    (@visit for_each_media $value:expr, $visit:ident) => {
        $crate::endpoint::MediaFields::for_each_media(&mut $value, $visit)
    };
    (@visit ($item:expr) $value:expr, $visit:ident) => {
        $crate::endpoint::visit_tuples(&mut $value, $visit, $item)
    };
}
