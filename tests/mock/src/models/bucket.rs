//! Buckets that callers name in `x-app-fal-upload-policy` (fal docs, `custom-output-storage`).

use serde_json::Value;

use super::media::CDN_PLACEHOLDER;

pub(crate) const HEADER: &str = "x-app-fal-upload-policy";

const FILE_NAME: &str = "${filename}";

/// The bucket in which the files of a call are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bucket {
    url: String,
    key: String,
}

impl Bucket {
    /// Reads the header, or says why fal refuses it.
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

    /// Points the files in a generated output, which has placeholders in their URLs, to the bucket.
    pub(crate) fn place(&self, output: &str) -> String {
        let mark = format!("{CDN_PLACEHOLDER}/files/mock/");
        let mut pieces = output.split(&mark);
        let mut placed = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (name, rest) = piece.split_at(piece.find('"').unwrap_or(piece.len()));
            let url = format!("{}/{}", self.url, self.key.replace(FILE_NAME, name));
            let quoted = Value::from(url).to_string();
            placed.push_str(quoted.trim_matches('"'));
            placed.push_str(rest);
        }
        placed
    }
}

#[cfg(test)]
mod tests {
    use super::{Bucket, CDN_PLACEHOLDER};

    const POLICY: &str =
        r#"{"url": "https://b.s3.amazonaws.com/", "fields": {"key": "r/${filename}"}}"#;

    #[test]
    fn files_are_in_the_bucket() {
        let bucket = Bucket::read(POLICY).unwrap();
        let output = format!(
            r#"{{"video":{{"url":"{CDN_PLACEHOLDER}/files/mock/a.mp4"}},"other":"{CDN_PLACEHOLDER}/files/mock/b.png"}}"#
        );
        assert_eq!(
            bucket.place(&output),
            r#"{"video":{"url":"https://b.s3.amazonaws.com/r/a.mp4"},"other":"https://b.s3.amazonaws.com/r/b.png"}"#
        );
        assert_eq!(bucket.place("{}"), "{}");
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
