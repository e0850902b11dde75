//! The type of the futures of all calls.

use std::pin::Pin;

/// A boxed future that is `Send` and `'static`. Every call of this crate turns into one
/// when it is awaited.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Implements [`IntoFuture`] for a call: awaiting it runs the future in the last place.
macro_rules! into_future {
    (<$param:ident: $bound:ident> $call:ty => $output:ty, |$this:ident| $future:expr) => {
        impl<$param: $bound> ::std::future::IntoFuture for $call {
            type Output = $crate::transport::error::Result<$output>;
            type IntoFuture = $crate::transport::box_future::BoxFuture<Self::Output>;

            fn into_future(self) -> Self::IntoFuture {
                let $this = self;
                ::std::boxed::Box::pin($future)
            }
        }
    };
}

pub(crate) use into_future;
