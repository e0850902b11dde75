//! Files in outputs: one family of types for every endpoint.
//!
//! A server may leave out or null every fact but the URL, so all others are
//! optional. Each type converts into [`Media`](crate::Media), so that one endpoint's output
//! feeds the next one's input.

use serde_json::Value;
use tokio::io::AsyncWrite;

use crate::error::Result;
use crate::validate::Validate;
use crate::wire;

/// Makes a struct with a `url` a file like those of [this module](crate::file):
/// it downloads, and is the media of a next call.
///
/// Generated code says it of outputs that know more about a file, or know it more
/// firmly, than [`File`](crate::file::File) and its kin do.
///
/// ```
/// # use fal_sdk::{file_like, wire};
/// /// A sample.
/// #[derive(Debug, Clone, PartialEq)]
/// pub struct Picture {
///     /// Where it is.
///     pub url: String,
///     /// The width in pixels.
///     pub width: i64,
/// }
///
/// wire! {
///     Picture {
///         url: required,
///         width: required,
///     }
/// }
///
/// file_like! { Picture }
///
/// let picture = Picture { url: "https://example.com/cat.png".to_owned(), width: 512 };
/// let input = fal_sdk::Media::from(&picture);
/// assert_eq!(input, fal_sdk::Media::url("https://example.com/cat.png"));
/// ```
#[macro_export]
macro_rules! file_like {
    ($name:ident) => {
        impl $name {
            /// Downloads the file, with options and ends of its own: see
            /// [`Download`]($crate::Download). It needs no client; one with settings
            /// of its own (certificates, a network proxy) has
            /// [`Client::download`]($crate::Client::download).
            pub fn download(&self) -> $crate::Download {
                $crate::Download::from_url(&self.url)
            }

            /// Downloads the file to a path and returns its size in bytes: see
            /// [`Download::to_path`]($crate::Download::to_path).
            ///
            /// # Errors
            /// When the file cannot be fetched or written.
            pub fn download_to(
                &self,
                path: impl ::core::convert::Into<::std::path::PathBuf>,
            ) -> $crate::BoxFuture<$crate::Result<u64>> {
                self.download().to_path(path)
            }

            /// Downloads the file into memory: see
            /// [`Download::bytes`]($crate::Download::bytes).
            ///
            /// # Errors
            /// When the file cannot be fetched or is larger than 256 MiB.
            pub fn bytes(&self) -> $crate::BoxFuture<$crate::Result<$crate::download::Bytes>> {
                self.download().bytes()
            }
        }

        impl ::core::convert::From<$name> for ::std::string::String {
            fn from(file: $name) -> Self {
                file.url
            }
        }

        impl ::core::convert::From<$name> for $crate::Media {
            fn from(file: $name) -> Self {
                Self::url(file.url)
            }
        }

        impl ::core::convert::From<&$name> for $crate::Media {
            fn from(file: &$name) -> Self {
                Self::url(&file.url)
            }
        }
    };
}

/// Declares a member of the family: the facts of every file, and its own.
macro_rules! file_type {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[$fact_meta:meta])* $fact:ident: $ty:ty),* $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            /// Where it is: a URL that needs no key, or a `data:` URI for calls
            /// in `sync_mode`.
            pub url: String,
            /// The MIME type.
            pub content_type: Option<String>,
            /// The name that the server gave the file. It is text from outside:
            /// never use it as a path unchecked.
            pub file_name: Option<String>,
            /// The size in bytes.
            pub file_size: Option<i64>,
            /// The content, where a model returns it inline.
            pub file_data: Option<String>,
            $($(#[$fact_meta])* pub $fact: Option<$ty>,)*
        }

        wire! {
            $name {
                url: required,
                content_type: optional,
                file_name: optional,
                file_size: optional,
                file_data: optional,
                $($fact: optional,)*
            }
        }

        impl $name {
            /// A file at a URL, without any facts about it.
            pub fn new(url: impl Into<String>) -> Self {
                Self {
                    url: url.into(),
                    content_type: None,
                    file_name: None,
                    file_size: None,
                    file_data: None,
                    $($fact: None,)*
                }
            }

            /// Downloads the file into a writer and returns its size in bytes: see
            /// [`Download::write_to`](crate::Download::write_to).
            ///
            /// # Errors
            /// When the file cannot be fetched, or the writer fails.
            pub async fn write_to(
                &self,
                writer: &mut (impl AsyncWrite + Send + Unpin),
            ) -> Result<u64> {
                self.download().write_to(writer).await
            }
        }

        file_like! { $name }

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
    /// A sound.
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
