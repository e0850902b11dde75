//! The tokio runtime that a call runs in. Timers and sockets panic outside a runtime, so this
//! is checked first.

use tokio::runtime::{Handle, Id};

use crate::transport::error::{Error, ErrorKind, Result};

/// The id of the runtime that this is called in.
///
/// # Errors
/// When it is called outside any tokio runtime.
pub(crate) fn current() -> Result<Id> {
    Handle::try_current()
        .map(|runtime| runtime.id())
        .map_err(|source| {
            Error::new(
                ErrorKind::Usage,
                "the call was awaited outside a tokio runtime",
            )
            .with_hint("nothing was sent; await it inside tokio, or use `fal_sdk::blocking`")
            .with_source(source)
        })
}
