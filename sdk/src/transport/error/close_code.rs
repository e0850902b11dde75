//! Why a realtime connection ended.

use super::Error;
#[cfg(feature = "realtime")]
use super::ErrorKind;

impl Error {
    /// The error for a websocket that the server closed.
    #[cfg(feature = "realtime")]
    pub(crate) fn closed(code: u16, reason: &str) -> Self {
        let message = match (code, reason) {
            (1006, _) => "the connection was lost".to_owned(),
            (code, "") => format!("the server closed the connection with code {code}"),
            (code, reason) => {
                format!("the server closed the connection with code {code}: {reason}")
            }
        };
        Self::new(ErrorKind::Closed, message).with_close_code(code)
    }

    #[cfg(feature = "realtime")]
    pub(crate) fn with_close_code(mut self, code: u16) -> Self {
        self.0.close_code = Some(code);
        self
    }

    /// Returns the close code of a realtime connection (RFC 6455, section 7.4), or 1006 if
    /// the connection was lost without one; `None` for every other error.
    pub fn close_code(&self) -> Option<u16> {
        self.0.close_code
    }
}
