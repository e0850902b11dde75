//! Buckets that callers name in the header `x-app-fal-upload-policy` (fal docs, `custom-output-storage`).

use serde_json::Value;

pub(crate) const HEADER: &str = "x-app-fal-upload-policy";

const FILE_NAME: &str = "${filename}";

/// The bucket in which the files of a call are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bucket {
    url: String,
    key: String,
}

impl Bucket {
    /// Reads the header. The error is fal's message for an invalid one.
    pub(crate) fn read(header: &str) -> Result<Self, String> {
        let invalid = |why: &str| format!("Invalid {HEADER} header: {why}");
        let policy: Value =
            serde_json::from_str(header).map_err(|_| invalid("must be a JSON object"))?;
        let url = policy["url"].as_str().unwrap_or_default();
        if !url.starts_with("https://") || url.contains(['?', '#', '@']) {
            return Err(invalid("'url' must be an HTTPS S3 upload URL"));
        }
        match policy["fields"]["key"].as_str() {
            Some(key) if !key.is_empty() => Ok(Self {
                url: url.trim_end_matches('/').to_owned(),
                key: key.to_owned(),
            }),
            _ => Err(invalid("'fields' must have a 'key'")),
        }
    }

    /// The URL of a file in the bucket.
    pub(crate) fn file_url(&self, name: &str) -> String {
        format!("{}/{}", self.url, self.key.replace(FILE_NAME, name))
    }
}

#[cfg(test)]
mod tests {
    use super::Bucket;

    #[test]
    fn files_are_in_the_bucket() {
        let policy =
            r#"{"url": "https://b.s3.amazonaws.com/", "fields": {"key": "r/${filename}"}}"#;
        let bucket = Bucket::read(policy).unwrap();
        assert_eq!(
            bucket.file_url("a.mp4"),
            "https://b.s3.amazonaws.com/r/a.mp4"
        );
    }

    #[test]
    fn what_fal_refuses_is_refused() {
        for bad in [
            "",
            "[]",
            r#"{"url": "http://b.s3.amazonaws.com", "fields": {"key": "k"}}"#,
            r#"{"url": "https://b.s3.amazonaws.com", "fields": {}}"#,
        ] {
            assert!(Bucket::read(bad).is_err(), "{bad}");
        }
    }
}
