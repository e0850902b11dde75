//! What files in outputs can do: they are downloaded, and used as media of further calls.

use tokio::io::AsyncWrite;

use crate::contract::file::{Audio, File, Image, Video};
use crate::transport::error::{Error, ErrorKind, Result};

/// Gives a struct with a field `url` the methods of the types in
/// [this module](crate::file): it can be downloaded, and be used as media of another call.
///
/// Generated code uses it for files in outputs that have more fields, or more required
/// fields, than [`File`](crate::file::File), [`Image`](crate::file::Image),
/// [`Video`](crate::file::Video) and [`Audio`](crate::file::Audio).
///
/// ```
/// # use fal_sdk::{file_like, wire};
/// /// A sample.
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
            /// Returns a download of the file, which has options: see
            /// `fal_sdk::Download`. It needs no client. A client has settings
            /// of its own (certificates, a network proxy): see
            /// `fal_sdk::Client::download`.
            pub fn download(&self) -> $crate::Download {
                $crate::Download::from_url(&self.url)
            }

            /// Downloads the file to a path and returns its size in bytes: see
            /// `fal_sdk::Download::to_path`.
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
            /// Returns the URL as the type of the crate `url`.
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
            /// When the file cannot be fetched, or the writer fails.
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
