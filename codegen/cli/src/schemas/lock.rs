//! The lock file `catalog.lock.json`: for each endpoint, the digest and the source of its document, and its entry in fal's catalog.
//!
//! The file is canonical JSON without times, so that a fetch without news does not change it.

use crate::{Error, files};
use fal_codegen::source::{EndpointId, canonical};
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};
use sha2::{Digest as _, Sha256};
use std::{collections::BTreeMap, path::Path};

/// The version of the file's format.
const VERSION: u32 = 1;

/// The whole lock file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// The entries, by endpoint id.
    pub endpoints: BTreeMap<EndpointId, Entry>,
}

/// The entry of one endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// SHA-256 of the document's bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// The document's length in bytes.
    pub size: u64,
    /// The route that the document was fetched from.
    pub source: Source,
    /// The endpoint's entry in fal's catalog.
    #[serde(flatten)]
    pub listing: Listing,
    /// The price of a call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
}

/// The route that a document was fetched from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The route `/v1/models` of the platform API, with expanded documents.
    Platform,
    /// The URL of single documents.
    Document,
    /// The document was not fetched, but written by hand, as `schemas/README.md` explains.
    Hand,
}

/// An endpoint's entry in fal's catalog. Everything is absent for endpoints that the catalog has no data of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The model's display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// One sentence on what the model does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The category, such as `text-to-image`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The status: `active` or `deprecated`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The kind: `inference` or `training`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// The price of a call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// The unit that is counted, such as `image`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The price of one unit, in `currency`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Number>,
    /// The currency, as three letters (ISO 4217).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The price as the model's page words it, in Markdown. It is written by hand, and a fetch keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Price {
    /// The price as a line of Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> Option<String> {
        if let Some(text) = &self.text {
            return Some(text.clone());
        }
        Some(format!("- **Price**: {}", self.amount()?))
    }

    /// The price of a unit as a text, such as `$0.025 per image`.
    #[must_use]
    pub fn amount(&self) -> Option<String> {
        let (price, unit) = (self.unit_price.as_ref()?, self.unit.as_ref()?);
        let amount = match self.currency.as_deref() {
            Some("USD") | None => format!("${price}"),
            Some(currency) => format!("{price} {currency}"),
        };
        Some(format!("{amount} per {unit}"))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    endpoints: BTreeMap<String, Entry>,
}

impl Lock {
    /// Reads the file. A missing file is read as an empty one.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or is not a lock file.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let Some(bytes) = files::read(path)? else {
            return Ok(Self::default());
        };
        Self::parse(&bytes).map_err(|problem| {
            Error::new(format!("{}: {problem}", path.display()))
                .help("take the file from version control, or remove it and fetch again")
        })
    }

    fn parse(bytes: &[u8]) -> Result<Self, String> {
        let file: File = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if file.version != VERSION {
            return Err(format!(
                "version {} of a lock file; this program writes {VERSION}",
                file.version
            ));
        }
        let parse = |(id, entry): (String, Entry)| {
            EndpointId::parse(&id)
                .map(|id| (id, entry))
                .map_err(|error| error.to_string())
        };
        let endpoints = file
            .endpoints
            .into_iter()
            .map(parse)
            .collect::<Result<_, _>>()?;
        Ok(Self { endpoints })
    }

    /// The file's canonical text.
    ///
    /// # Errors
    ///
    /// None in practice: only the type of the serialiser allows errors.
    pub fn to_text(&self) -> Result<String, Error> {
        let endpoints = self.endpoints.iter();
        let endpoints = endpoints
            .map(|(id, entry)| (id.as_str().to_owned(), entry.clone()))
            .collect();
        let value: Value = serde_json::to_value(File {
            version: VERSION,
            endpoints,
        })
        .map_err(|error| Error::new(format!("the lock file cannot be written as JSON: {error}")))?;
        Ok(canonical::to_string(&value))
    }
}

/// The SHA-256 of some bytes in lower-case hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{Lock, Price, sha256};

    const TEXT: &str = r#"{
  "endpoints": {
    "a/b": {
      "category": "text-to-image",
      "price": {
        "currency": "USD",
        "unit": "images",
        "unit_price": 0.025
      },
      "sha256": "00",
      "size": 2,
      "source": "platform",
      "status": "active"
    }
  },
  "version": 1
}
"#;

    #[test]
    fn the_file_keeps_every_byte() {
        let lock = Lock::parse(TEXT.as_bytes()).unwrap();
        assert_eq!(lock.to_text().unwrap(), TEXT);
    }

    #[test]
    fn a_foreign_file_is_refused() {
        for text in ["{}", "[]", "", r#"{"version":2,"endpoints":{}}"#] {
            assert!(Lock::parse(text.as_bytes()).is_err(), "{text}");
        }
        let climbing = TEXT.replace("a/b", "../b");
        assert!(
            Lock::parse(climbing.as_bytes())
                .unwrap_err()
                .contains("endpoint id")
        );
    }

    #[test]
    fn a_price_reads_as_on_the_pages() {
        let lock = Lock::parse(TEXT.as_bytes()).unwrap();
        let price = lock
            .endpoints
            .values()
            .next()
            .unwrap()
            .price
            .clone()
            .unwrap();
        assert_eq!(
            price.to_markdown().unwrap(),
            "- **Price**: $0.025 per images"
        );
        let text = Price {
            text: Some("Two **cents**.".to_owned()),
            ..price
        };
        assert_eq!(text.to_markdown().unwrap(), "Two **cents**.");
        assert_eq!(Price::default().to_markdown(), None);
    }

    #[test]
    fn digests_are_lower_case_hexadecimal() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256(b""), empty);
    }
}
