//! The methods of files in outputs, which can be downloaded, and used as the media of other
//! calls.

use tokio::io::AsyncWrite;

use crate::contract::file::{Audio, File, Image, Video};
use crate::transport::error::{Error, ErrorKind, Result};

/// Implements downloading, and conversion into [`Media`](crate::Media), for a struct with a
/// field `url`, as the types in [`file`](crate::file) have them.
///
/// Generated code uses this macro for files in outputs that have more fields, or more
/// required fields, than [`File`](crate::file::File), [`Image`](crate::file::Image),
/// [`Video`](crate::file::Video) and [`Audio`](crate::file::Audio).
///
/// ```
/// # use fal_sdk::{file_like, wire};
/// /// A picture in an output.
/// #[derive(Debug, Clone, PartialEq)]
/// pub struct Picture {
///     /// The URL of the picture.
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
            /// Returns a download of the file, which is started by one of its methods: see
            /// `fal_sdk::Download`. It uses no client. Where the settings of a client
            /// matter (certificates, a network proxy), use `fal_sdk::Client::download`.
            pub fn download(&self) -> $crate::Download {
                $crate::Download::from_url(&self.url)
            }

            /// Downloads the file to a path and returns its size in bytes: see
            /// `fal_sdk::Download::to_path`.
            ///
            /// # Errors
            /// When the file cannot be fetched, is larger than 20 GiB or cannot be written.
            pub fn download_to(
                &self,
                path: impl ::core::convert::Into<::std::path::PathBuf>,
            ) -> $crate::BoxFuture<$crate::Result<u64>> {
                self.download().to_path(path)
            }

            /// Downloads the file into memory: see
            /// `fal_sdk::Download::bytes`.
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

/// Gives one of the runtime's own file types its methods.
macro_rules! family {
    ($($name:ident),*) => {$(
        file_like! { $name }

        impl $name {
            /// Returns the URL of the file as the type `Url` of the crate `url`.
            ///
            /// # Errors
            /// When the text in `url` is not a URL.
            pub fn to_url(&self) -> Result<reqwest::Url> {
                reqwest::Url::parse(&self.url).map_err(|source| {
                    let message = format!("{:?} is not a URL: {source}", self.url);
                    Error::new(ErrorKind::Decode, message)
                })
            }

            /// Downloads the file into a writer and returns its size in bytes: see
            /// [`Download::write_to`](crate::Download::write_to).
            ///
            /// # Errors
            /// When the file cannot be fetched or is larger than 20 GiB, and when the
            /// writer fails.
            pub async fn write_to(
                &self,
                writer: &mut (impl AsyncWrite + Send + Unpin),
            ) -> Result<u64> {
                self.download().write_to(writer).await
            }
        }
    )*};
}

family! { File, Image, Video, Audio }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_come_out_parsed() {
        let url = "https://example.com/a.png";
        assert_eq!(Image::new(url).to_url().unwrap().as_str(), url);
        let error = File::new("a.png").to_url().unwrap_err();
        assert!(
            error.to_string().contains("\"a.png\" is not a URL"),
            "{error}"
        );
    }
}
