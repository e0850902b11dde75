//! The size of a file before it is sent.

use std::ops::{Bound, RangeBounds};

use super::Rule;
use crate::contract::media::{Media, Source};

/// Returns a description of the file and the rule that its size breaks; `None` if it breaks
/// none or if its size is not known.
pub(super) fn violation(media: &Media, range: &impl RangeBounds<u64>) -> Option<(String, Rule)> {
    let size = size(media)?;
    if range.contains(&size) {
        return None;
    }
    let rule = match (range.start_bound(), range.end_bound()) {
        (Bound::Included(least), _) if size < *least => Rule::MinFileSize(*least),
        (_, Bound::Included(most)) => Rule::MaxFileSize(*most),
        (_, Bound::Excluded(bound)) => Rule::MaxFileSize(bound.saturating_sub(1)),
        _ => return None,
    };
    let file = match &media.0 {
        Source::Path(path) => format!("{} ({size} bytes)", path.display()),
        _ => format!("{size} bytes"),
    };
    Some((file, rule))
}

fn size(media: &Media) -> Option<u64> {
    match &media.0 {
        Source::Bytes { bytes, .. } => u64::try_from(bytes.len()).ok(),
        Source::Path(path) => {
            let metadata = std::fs::metadata(path).ok()?;
            metadata.is_file().then_some(metadata.len())
        }
        Source::Reader(reader) => reader.length,
        Source::Url(url) => data_size(url),
    }
}

/// The decoded size of a data URI in base64.
fn data_size(url: &str) -> Option<u64> {
    let (head, data) = url.split_once(',')?;
    let is_base64 = head.starts_with("data:") && head.ends_with(";base64");
    let digits = data.trim_end_matches('=').len();
    is_base64.then(|| u64::try_from(digits / 4 * 3 + digits % 4 * 3 / 4).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::validate::Validator;

    fn violations(media: &impl super::super::Contains<Media>) -> Vec<String> {
        let mut check = Validator::default();
        check.file_size("image_url", media, 2..=4);
        let error = check.finish().err();
        let violations = error.map(|error| error.violations).unwrap_or_default();
        violations.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn bytes_files_and_data_uris_are_measured() {
        let bytes = |count: usize| Media::bytes(vec![0; count], "image/png");
        assert!(violations(&bytes(2)).is_empty() && violations(&bytes(4)).is_empty());
        assert_eq!(
            violations(&vec![bytes(1), bytes(3), bytes(5)]),
            [
                r#"/image_url/0: "1 bytes" is smaller than the minimum of 2 bytes"#,
                r#"/image_url/2: "5 bytes" is larger than the maximum of 4 bytes"#,
            ]
        );
        for count in 2..=4 {
            assert!(violations(&Media::data_uri(vec![0; count], "image/png")).is_empty());
        }
        assert_eq!(violations(&Media::data_uri([0; 5], "image/png")).len(), 1);
        let reader = || Media::reader(tokio::io::empty(), "image/png");
        assert_eq!(violations(&reader().length(5)).len(), 1);
        assert!(violations(&reader()).is_empty());
        let folder = std::env::temp_dir();
        let path = folder.join(format!("fal-file-size-{}.png", std::process::id()));
        std::fs::write(&path, [0; 5]).expect("a file");
        let expected = format!("/image_url: {:?}", format!("{} (5 bytes)", path.display()));
        let found = violations(&Media::path(&path));
        std::fs::remove_file(&path).expect("the file");
        assert_eq!(
            found,
            [format!("{expected} is larger than the maximum of 4 bytes")]
        );
    }

    #[test]
    fn what_is_elsewhere_has_no_size_here() {
        assert!(violations(&Media::url("https://fal.example/large.png")).is_empty());
        assert!(violations(&Media::url("data:,a%20text")).is_empty());
        assert!(violations(&Media::path("no/such/file.png")).is_empty());
        assert!(violations(&Media::path(std::env::temp_dir())).is_empty());
    }
}
