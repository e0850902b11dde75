//! What the word before the type of a field means in [`object!`](crate::object!).

/// Writes the parts of [`object!`](crate::object!) in which fields differ.
#[doc(hidden)]
#[macro_export]
macro_rules! object_field {
    (@type plain $ty:ty) => { $ty };
    (@type into $ty:ty) => { $ty };
    (@type list $ty:ty) => { ::std::vec::Vec<$ty> };
    (@type list_into $ty:ty) => { ::std::vec::Vec<$ty> };
    (@type nullable $ty:ty) => { $crate::wire::Nullable<$ty> };
    (@type nullable_into $ty:ty) => { $crate::wire::Nullable<$ty> };
    (@type nullable_list $ty:ty) => { $crate::wire::Nullable<::std::vec::Vec<$ty>> };
    (@type nullable_list_into $ty:ty) => { $crate::wire::Nullable<::std::vec::Vec<$ty>> };
    (@argument plain $ty:ty) => { $ty };
    (@argument into $ty:ty) => { impl ::core::convert::Into<$ty> };
    (@argument list $ty:ty) => { impl ::core::iter::IntoIterator<Item = $ty> };
    (@argument list_into $ty:ty) => {
        impl ::core::iter::IntoIterator<Item = impl ::core::convert::Into<$ty>>
    };
    (@convert plain $value:ident) => { $value };
    (@convert into $value:ident) => { $value.into() };
    (@convert list $value:ident) => { $value.into_iter().collect() };
    (@convert list_into $value:ident) => {
        $value.into_iter().map(::core::convert::Into::into).collect()
    };
    (@absent $word:ident) => { ::core::option::Option::None };
    (@setter [$($doc:tt)*] $field:ident) => {};
    (@setter [$($doc:tt)*] $field:ident plain $ty:ty) => {
        $($doc)*
        #[must_use]
        pub fn $field(mut self, $field: $ty) -> Self {
            self.$field = ::core::option::Option::Some($field);
            self
        }
    };
    (@setter [$($doc:tt)*] $field:ident into $ty:ty) => {
        $($doc)*
        #[must_use]
        pub fn $field(mut self, $field: impl ::core::convert::Into<$ty>) -> Self {
            self.$field = ::core::option::Option::Some($field.into());
            self
        }
    };
    (@setter [$($doc:tt)*] $field:ident list $ty:ty) => {
        $($doc)*
        #[must_use]
        pub fn $field(mut self, $field: impl ::core::iter::IntoIterator<Item = $ty>) -> Self {
            self.$field = ::core::option::Option::Some($field.into_iter().collect());
            self
        }
    };
    (@setter [$($doc:tt)*] $field:ident list_into $ty:ty) => {
        $($doc)*
        #[must_use]
        pub fn $field(
            mut self,
            $field: impl ::core::iter::IntoIterator<Item = impl ::core::convert::Into<$ty>>,
        ) -> Self {
            let items = $field.into_iter().map(::core::convert::Into::into).collect();
            self.$field = ::core::option::Option::Some(items);
            self
        }
    };
    (@setter [$($doc:tt)*] $field:ident nullable $ty:ty) => {
        $($doc)*
        #[must_use]
        pub fn $field(mut self, $field: $ty) -> Self {
            self.$field = ::core::option::Option::Some($crate::wire::Nullable::Value($field));
            self
        }
    };
    (@setter [$($doc:tt)*] $field:ident nullable_into $ty:ty) => {
        $($doc)*
        #[must_use]
        pub fn $field(mut self, $field: impl ::core::convert::Into<$ty>) -> Self {
            self.$field = ::core::option::Option::Some($crate::wire::Nullable::Value($field.into()));
            self
        }
    };
    (@setter [$($doc:tt)*] $field:ident nullable_list $ty:ty) => {
        $($doc)*
        #[must_use]
        pub fn $field(mut self, $field: impl ::core::iter::IntoIterator<Item = $ty>) -> Self {
            let items = $field.into_iter().collect();
            self.$field = ::core::option::Option::Some($crate::wire::Nullable::Value(items));
            self
        }
    };
    (@setter [$($doc:tt)*] $field:ident nullable_list_into $ty:ty) => {
        $($doc)*
        #[must_use]
        pub fn $field(
            mut self,
            $field: impl ::core::iter::IntoIterator<Item = impl ::core::convert::Into<$ty>>,
        ) -> Self {
            let items = $field.into_iter().map(::core::convert::Into::into).collect();
            self.$field = ::core::option::Option::Some($crate::wire::Nullable::Value(items));
            self
        }
    };
    (@visit for_each_media $value:expr, $visit:ident) => {
        $crate::endpoint::MediaFields::for_each_media(&mut $value, $visit)
    };
    (@visit ($item:expr) $value:expr, $visit:ident) => {
        $crate::endpoint::visit_tuples(&mut $value, $visit, $item)
    };
}
