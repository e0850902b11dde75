//! The upload policy: lets a model store the files that it makes in the caller's bucket.

use reqwest::Url;
use serde_json::{Map, Value, json};

use crate::transport::error::{Error, Result};
use crate::transport::opaque::opaque;
use crate::wire;

/// A presigned POST, with which a model stores the files that it makes in a bucket of your
/// own at Amazon S3, instead of fal's storage.
///
/// A program that has the bucket's credentials makes the policy. In Python,
/// `boto3.client("s3").generate_presigned_post(bucket, "results/${filename}")` returns it as
/// JSON, which this type reads. `${filename}` is replaced by the name of each file; without
/// it, the files of one output replace each other.
///
/// ```
/// use fal_sdk::UploadPolicy;
///
/// let policy: UploadPolicy = serde_json::from_str(
///     r#"{
///         "url": "https://results.s3.eu-central-1.amazonaws.com/",
///         "fields": {"key": "results/${filename}", "policy": "eyJ…", "x-amz-signature": "…"}
///     }"#,
/// )?;
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// The files appear in the bucket a little later than the output arrives: see
/// [`Download::wait_until_available`](crate::Download::wait_until_available). A file that
/// could not be stored in the bucket is not stored at fal either. Models that do not support
/// this option ignore it, and their URLs then lead to fal's storage. Calls over a websocket
/// do not have this option.
///
/// The fields hold a signature, so they are secret: `Debug` leaves them out. Serialising
/// writes them.
///
/// Source: <https://fal.ai/docs/documentation/model-apis/custom-output-storage>.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct UploadPolicy {
    /// The address of the bucket, such as
    /// `https://results.s3.eu-central-1.amazonaws.com/`.
    pub url: String,
    /// The fields of the form that each file is sent with, such as `key`, `policy` and
    /// `x-amz-signature`.
    pub fields: Map<String, Value>,
}

wire! {
    UploadPolicy {
        url: required,
        fields: required,
    }
}

impl UploadPolicy {
    /// Creates a policy from the address of the bucket and the fields of the form, such as
    /// `key`, `policy` and `x-amz-signature`.
    pub fn new<K: Into<String>, V: Into<String>>(
        url: impl Into<String>,
        fields: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let fields = fields
            .into_iter()
            .map(|(name, value)| (name.into(), Value::String(value.into())));
        Self {
            url: url.into(),
            fields: fields.collect(),
        }
    }

    /// Returns the value of the header, in ASCII.
    ///
    /// # Errors
    /// When fal could not use the policy. The error does not show the fields.
    pub(crate) fn header(&self) -> Result<String> {
        self.check()
            .map_err(|why| Error::configuration(format!("the upload policy: {why}")))?;
        let text = json!({"url": self.url, "fields": self.fields}).to_string();
        Ok(in_ascii(&text))
    }

    fn check(&self) -> std::result::Result<(), &'static str> {
        let url = Url::parse(&self.url).map_err(|_| "its `url` is not a URL")?;
        if url.scheme() != "https" {
            return Err("its `url` must begin with `https://`");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("its `url` must be the address of the bucket, without a query");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("its `url` must not contain a user or a password");
        }
        match self.fields.get("key").and_then(Value::as_str) {
            Some(key) if !key.is_empty() => Ok(()),
            _ => Err("its `fields` must have a `key`, such as `results/${filename}`"),
        }
    }
}

/// JSON text in which all characters that a header cannot contain are escaped.
fn in_ascii(json: &str) -> String {
    let mut ascii = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter.is_ascii() {
            true => ascii.push(letter),
            false => {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    ascii.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    ascii
}

opaque! { UploadPolicy { url } }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_header_cannot_hold_is_escaped() {
        let policy = UploadPolicy::new("https://b.s3.amazonaws.com", [("key", "fotos/ä/🎞")]);
        let header = policy.header().unwrap();
        assert!(header.is_ascii(), "{header}");
        assert_eq!(
            serde_json::from_str::<UploadPolicy>(&header).unwrap(),
            policy
        );
        assert_eq!(
            format!("{policy:?}"),
            r#"UploadPolicy { url: "https://b.s3.amazonaws.com", .. }"#
        );
    }

    #[test]
    fn a_policy_that_fal_refuses_is_an_error() {
        let key = ("key", "a/${filename}");
        for (url, fields, why) in [
            ("bucket", vec![key], "not a URL"),
            ("http://b.s3.amazonaws.com", vec![key], "https://"),
            ("https://b.s3.amazonaws.com/?a=1", vec![key], "query"),
            (
                "https://me:secret@b.s3.amazonaws.com",
                vec![key],
                "password",
            ),
            (
                "https://b.s3.amazonaws.com",
                vec![("policy", "sesame")],
                "`key`",
            ),
            ("https://b.s3.amazonaws.com", vec![("key", "")], "`key`"),
        ] {
            let error = UploadPolicy::new(url, fields).header().unwrap_err();
            let text = error.to_string();
            assert!(text.contains(why), "{text}");
            assert!(
                !text.contains("secret") && !text.contains("sesame"),
                "{text}"
            );
        }
    }
}
