//! Files in outputs: one family of types for every endpoint.
//!
//! A server may leave out every property but the URL, or send `null`, so all others
//! are optional. Each type converts into [`Media`](crate::Media), so that one endpoint's output
//! feeds the next one's input.

use serde_json::Value;

use crate::contract::validate::Validate;
use crate::object;

/// Declares a type of the family: the properties of every file, and its own.
macro_rules! file_type {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[doc = $property_doc:tt])* $property:ident: $ty:ty),* $(,)? }
    ) => {
        object! {
            $(#[$meta])*
            pub struct $name {
                /// The URL of the file, which needs no key; a `data:` URI for calls in
                /// `sync_mode`.
                pub url: required String;
                /// The media type, such as `image/png`.
                pub content_type: optional String;
                /// The name that the server gave the file. It is text from outside:
                /// never use it as a path unchecked.
                pub file_name: optional String;
                /// The size in bytes.
                pub file_size: optional i64;
                /// The content, where a model returns it inline.
                pub file_data: optional String;
                $($(#[doc = $property_doc])* pub $property: optional $ty;)*
            }
        }

        impl $name {
            /// Creates a file at a URL, of which nothing else is known.
            pub fn new(url: impl Into<String>) -> Self {
                Self {
                    url: url.into(),
                    content_type: None,
                    file_name: None,
                    file_size: None,
                    file_data: None,
                    $($property: None,)*
                }
            }
        }

        impl Validate for $name {}
    };
}

file_type! {
    /// A file of any kind.
    File {}
}

file_type! {
    /// An image.
    Image {
        /// The width in pixels.
        width: i64,
        /// The height in pixels.
        height: i64,
    }
}

file_type! {
    /// A video.
    Video {
        /// The width in pixels.
        width: i64,
        /// The height in pixels.
        height: i64,
        /// Frames per second.
        fps: f64,
        /// The duration in seconds.
        duration: f64,
        /// The number of frames.
        num_frames: i64,
    }
}

file_type! {
    /// An audio file.
    Audio {
        /// The duration in seconds.
        duration: f64,
        /// The number of channels.
        channels: i64,
        /// Samples per second.
        sample_rate: i64,
        /// The bit rate as the server writes it, a number or a text.
        bitrate: Value,
    }
}
