//! The inputs that were sent before the server's first reply. Until then the server may refuse
//! the token, and has then read none of the inputs.

use std::collections::VecDeque;

use super::message::Frame;
use crate::transport::error::{Error, ErrorKind};

/// How many inputs are kept. Each can be as large as the largest message.
const MOST: usize = 16;

/// The last inputs, which are sent again over another connection if the token is refused.
#[derive(Debug, Default)]
pub(super) struct Unproven {
    frames: VecDeque<Frame>,
    /// How many earlier inputs are no longer kept.
    lost: usize,
}

impl Unproven {
    pub(super) fn keep(&mut self, frame: Frame) {
        if self.frames.len() == MOST {
            self.frames.pop_front();
            self.lost += 1;
        }
        self.frames.push_back(frame);
    }

    /// Forgets the inputs, which the server has read.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The inputs that are kept, in reverse order.
    pub(super) fn into_newest_first(self) -> impl Iterator<Item = Frame> {
        self.frames.into_iter().rev()
    }

    /// The error that tells the program about the inputs that are no longer kept.
    pub(super) fn loss(&self) -> Option<Error> {
        let (lost, kept) = (self.lost, self.frames.len());
        let message = format!(
            "the server refused the token after {} inputs were sent: the first {lost} are lost, \
             the last {kept} are sent again",
            lost + kept
        );
        (lost > 0).then(|| {
            Error::new(ErrorKind::Closed, message)
                .with_hint("send the lost ones again if they still matter")
        })
    }
}
