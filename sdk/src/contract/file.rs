//! Files in outputs: types that all endpoints share.
//!
//! Only the URL is required. The server may leave out any other property or send `null` for
//! it. Each type converts into [`Media`](crate::Media), so that a file in the output of one
//! endpoint can be passed to the input of another.

use serde_json::Value;

use crate::contract::validate::Validate;
use crate::object;

/// Declares a type of file: the properties that every file has, and its own.
macro_rules! file_type {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[doc = $property_doc:tt])* $property:ident: $ty:ty),* $(,)? }
    ) => {
        object! {
            $(#[$meta])*
            pub struct $name {
                /// The URL of the file, which can be fetched without a key, or a `data:` URI
                /// if the call was made with `sync_mode`.
                pub url: required String;
                /// The media type, such as `image/png`.
                pub content_type: optional String;
                /// The file name that the server sent. It is untrusted: do not use it as a
                /// path without checking it.
                pub file_name: optional String;
                /// The size in bytes.
                pub file_size: optional i64;
                /// The content of the file, if the model returns it inside the output.
                pub file_data: optional String;
                $($(#[doc = $property_doc])* pub $property: optional $ty;)*
            }
        }

        impl $name {
            /// Creates a file that has only a URL; all other properties are `None`.
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
        /// The frame rate, in frames per second.
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
        /// The sample rate, in samples per second.
        sample_rate: i64,
        /// The bit rate as the server sends it: a number or a string.
        bitrate: Value,
    }
}
