//! The replacement for TLS without the feature `tls`, which cannot be configured.

use std::{convert::Infallible, io};

use tokio::net::TcpStream;

use crate::error::Error;

/// A TLS configuration that cannot be created.
#[derive(Debug, Clone)]
pub(crate) struct Tls(Infallible);

impl Tls {
    pub(crate) fn new() -> Result<Self, Error> {
        Err(Error::tls("fal-mock was built without its feature `tls`"))
    }

    pub(crate) fn ca_pem(&self) -> &str {
        match self.0 {}
    }

    #[expect(clippy::unused_async, reason = "it stands for what does wait")]
    pub(crate) async fn accept(&self, _: TcpStream) -> io::Result<TcpStream> {
        match self.0 {}
    }
}
