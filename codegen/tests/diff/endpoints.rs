//! Endpoints as a whole.

use crate::support::{ID, catalog, compare, document, lines, output, prompt};
use fal_codegen::{
    Listing, Options,
    diff::{Class, Kind, diff},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn plain(id: &str) -> Value {
    document(id, prompt(), output(), &json!({}))
}

#[test]
fn endpoints_come_and_go() {
    let diff = compare(
        &[plain("a/b/c"), plain("a/b/d")],
        &[plain("a/b/d"), plain("a/b/e")],
    );
    assert_eq!(
        lines(&diff),
        [
            "endpoint - endpoint-removed breaking/breaking",
            "endpoint - endpoint-added additive/additive"
        ]
    );
    assert_eq!((diff.compared, diff.changed), (1, 0));
    assert_eq!(
        (diff.rust(), diff.wire()),
        (Class::Breaking, Class::Breaking)
    );
}

#[test]
fn facts_about_an_endpoint_are_documentation() {
    let with = |about: &str, category: &str, page: &str| {
        let mut document = plain(ID);
        let metadata = &mut document["info"]["x-fal-metadata"];
        metadata["about"] = json!(about);
        metadata["category"] = json!(category);
        metadata["playgroundUrl"] = json!(page);
        document
    };
    let diff = compare(
        &[with("a", "x", "https://p")],
        &[with("b", "y", "https://q")],
    );
    let expected = [
        "endpoint - category-changed documentation/none",
        "endpoint - about-changed documentation/none",
        "endpoint - links-changed documentation/none",
    ];
    assert_eq!(lines(&diff), expected, "the feature is kept by the ledger");
    assert_eq!(diff.changes[0].pointer, "/info/x-fal-metadata/category");
}

#[test]
fn another_feature_is_a_break() {
    let read = |pinned: &[&str]| {
        let mut options = Options::default();
        options.ledger.pinned = pinned.iter().map(|family| (*family).to_owned()).collect();
        catalog(&[plain(ID)], &options)
    };
    let diff = diff(&read(&[]), &read(&["acme/model"]));
    assert_eq!(lines(&diff), ["endpoint - feature-changed breaking/none"]);
}

#[test]
fn the_description_of_a_document_is_documentation() {
    let described = |text: &str| {
        let mut document = document(ID, prompt(), output(), &json!({}));
        document["info"]["description"] = json!(text);
        document
    };
    let diff = compare(&[described("Draws.")], &[described("Draws and paints.")]);
    assert_eq!(
        lines(&diff),
        ["endpoint - about-changed documentation/none"]
    );
    assert_eq!(diff.changes[0].pointer, "/info/description");
}

#[test]
fn prices_are_news_for_people() {
    let read = |price: &str| {
        let listing = Listing {
            price: Some(price.to_owned()),
            ..Listing::default()
        };
        let listings = BTreeMap::from([(ID.to_owned(), listing)]);
        let options = Options {
            listings,
            ..Options::default()
        };
        catalog(&[plain(ID)], &options)
    };
    let found = diff(&read("$1"), &read("$2"));
    assert_eq!(
        lines(&found),
        ["endpoint - price-changed documentation/none"]
    );
    assert_eq!(found.changes[0].after.as_deref(), Some("$2"));
}

#[test]
fn every_kind_has_a_text_of_its_own() {
    let mut texts: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), Kind::ALL.len());
}

#[test]
fn a_change_reads_as_json() {
    let diff = compare(&[plain("a/b/c")], &[plain("a/b/d")]);
    let json = diff.changes[0].to_json();
    assert_eq!(json["endpoint"], "a/b/c");
    assert_eq!(json["kind"], "endpoint-removed");
    assert_eq!(json["class"], "breaking");
    assert_eq!(json["direction"], Value::Null);
    assert!(
        json["reason"]
            .as_str()
            .is_some_and(|reason| !reason.is_empty())
    );
}
