//! Downloads the files of an output.

use crate::Error;
use fal_sdk::Client;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The longest name of a downloaded file.
const LONGEST: usize = 100;

/// A file in an output.
#[derive(Debug, PartialEq, Eq)]
struct Named<'a> {
    url: &'a str,
    name: Option<&'a str>,
}

/// Downloads every file of an output into a folder. An existing file is never replaced.
///
/// # Errors
///
/// If a file cannot be downloaded or written.
pub(crate) async fn download(
    client: &Client,
    output: &Value,
    folder: &Path,
) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    collect(output, "", &mut found);
    let mut saved: Vec<PathBuf> = Vec::new();
    for file in found {
        let path = free(folder, &file_name(&file), &saved);
        client
            .download(file.url)
            .to_path(&path)
            .await
            .map_err(|error| {
                Error::new(format!("cannot download {} to {}: {error}", file.url, path.display())).help(
                    "the output above names the file; it can be fetched again for as long as fal keeps it",
                )
            })?;
        saved.push(path);
    }
    Ok(saved)
}

/// Collects the URLs of files: members `url` of objects, and strings whose key says that they are URLs.
fn collect<'a>(value: &'a Value, key: &str, found: &mut Vec<Named<'a>>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, key, found)),
        Value::Object(members) => {
            for (key, member) in members {
                match (key.as_str(), member) {
                    ("url", Value::String(url)) if is_file(url) => found.push(Named {
                        url,
                        name: members.get("file_name").and_then(Value::as_str),
                    }),
                    _ => collect(member, key, found),
                }
            }
        }
        Value::String(url) => {
            let names_urls = key.ends_with("_url") || key.ends_with("_urls") || key == "urls";
            if names_urls && is_file(url) && !found.iter().any(|known| known.url == url) {
                found.push(Named { url, name: None });
            }
        }
        _ => {}
    }
}

fn is_file(url: &str) -> bool {
    ["https://", "http://", "data:"]
        .iter()
        .any(|start| url.starts_with(start))
}

/// The name under which a file is stored, without a path: the name that the server gave, else the end of the URL.
fn file_name(file: &Named<'_>) -> String {
    let of_url = || {
        let path = file.url.split(['?', '#']).next().unwrap_or_default();
        match path.starts_with("data:") {
            true => "",
            false => path.rsplit('/').next().unwrap_or_default(),
        }
    };
    let name = file.name.unwrap_or_else(of_url);
    let is_plain = |letter: &char| letter.is_ascii_alphanumeric() || "._-".contains(*letter);
    let name: String = name.chars().filter(is_plain).collect();
    let name = name.trim_start_matches('.');
    let start = name.len().saturating_sub(LONGEST);
    match &name[start..] {
        "" => "file".to_owned(),
        name => name.to_owned(),
    }
}

/// The path of a new file with this name, to which a number is added if the name is taken, so that no file is replaced.
fn free(folder: &Path, name: &str, saved: &[PathBuf]) -> PathBuf {
    let (stem, end) = match name.rsplit_once('.') {
        Some((stem, end)) if !stem.is_empty() => (stem, format!(".{end}")),
        _ => (name, String::new()),
    };
    let mut path = folder.join(name);
    let mut number = 1;
    while path.exists() || saved.contains(&path) {
        number += 1;
        path = folder.join(format!("{stem}-{number}{end}"));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::{Named, collect, file_name, free};
    use serde_json::json;

    #[test]
    fn files_are_found_wherever_the_output_names_them() {
        let output = json!({
            "images": [{"url": "https://a/1.png", "file_name": "one.png"}, {"url": "https://a/2.png"}],
            "mask_url": "https://a/3.png",
            "page": {"url": "not a url"},
            "prompt": "https://a/no.png",
            "sources": {"urls": ["data:text/plain,x"]},
        });
        let mut found = Vec::new();
        collect(&output, "", &mut found);
        let mut urls: Vec<_> = found.iter().map(|file| file.url).collect();
        urls.sort_unstable();
        let expected = [
            "data:text/plain,x",
            "https://a/1.png",
            "https://a/2.png",
            "https://a/3.png",
        ];
        assert_eq!(urls, expected);
    }

    #[test]
    fn a_servers_name_is_never_a_path() {
        for (url, name, expected) in [
            ("https://a/b/c.png?x=1", None, "c.png"),
            ("https://a/b", Some("../../etc/passwd"), "etcpasswd"),
            ("https://a/b", Some(".bashrc"), "bashrc"),
            ("https://a/", None, "file"),
            ("data:image/png;base64,AA/BB", None, "file"),
        ] {
            assert_eq!(file_name(&Named { url, name }), expected, "{url} {name:?}");
        }
    }

    #[test]
    fn nothing_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.png"), "").unwrap();
        let second = free(folder.path(), "a.png", &[]);
        assert_eq!(second, folder.path().join("a-2.png"));
        assert_eq!(
            free(folder.path(), "a.png", &[second]),
            folder.path().join("a-3.png")
        );
    }
}
