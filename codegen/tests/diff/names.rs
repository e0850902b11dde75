//! Rust names: types, fields, arguments, shared types.

use crate::support::{
    ID, catalog, compare, document, inputs, lines, object, output, prompt, with_components,
};
use fal_codegen::Options;
use fal_codegen::diff::{Kind, diff};
use serde_json::{Value, json};

fn part(name: &str) -> (Value, Value) {
    let reference = json!({"$ref": format!("#/components/schemas/{name}")});
    let mut others = json!({});
    others[name] = object(json!({"y": {"type": "integer"}}), &[]);
    (object(json!({"x": reference}), &[]), others)
}

#[test]
fn a_component_under_another_name_renames_its_type() {
    let ((old, old_others), (new, new_others)) = (part("Part"), part("Piece"));
    let diff = with_components(old, new, old_others, new_others);
    assert_eq!(lines(&diff), ["input /x type-renamed breaking/none"]);
    assert_eq!(diff.changes[0].before.as_deref(), Some("Part"));
    assert_eq!(diff.changes[0].pointer, "/components/schemas/Piece");
}

#[test]
fn a_component_written_in_place_keeps_everything_if_it_keeps_its_name() {
    let (old, others) = part("X");
    let new = object(json!({"x": others["X"]}), &[]);
    assert_eq!(
        lines(&with_components(old, new.clone(), others, json!({}))),
        [""; 0]
    );
    let (old, others) = part("Part");
    assert_eq!(
        lines(&with_components(old, new, others, json!({}))),
        ["input /x type-renamed breaking/none"]
    );
}

#[test]
fn arguments_of_new_in_another_order_break_programs() {
    let whole = |order: [&str; 2]| {
        let text = json!({"type": "string"});
        let mut schema = object(json!({"a": text, "b": text}), &["a", "b"]);
        schema["x-fal-order-properties"] = json!(order);
        schema
    };
    let diff = inputs(whole(["a", "b"]), whole(["b", "a"]));
    assert_eq!(lines(&diff), ["input - parameters-reordered breaking/none"]);
    assert!(
        diff.changes[0]
            .before
            .as_deref()
            .unwrap()
            .starts_with("new(a: ")
    );
    let optional = |order: [&str; 2]| {
        let mut schema = whole(order);
        schema["required"] = json!([]);
        schema
    };
    assert_eq!(
        lines(&inputs(optional(["a", "b"]), optional(["b", "a"]))),
        [""; 0]
    );
}

#[test]
fn a_property_that_takes_anothers_name_renames_its_field() {
    let text = json!({"type": "string"});
    let old = object(json!({"a_b": text}), &[]);
    let new = object(json!({"a-b": text, "a_b": text}), &[]);
    let expected = [
        "input /a_b field-renamed breaking/none",
        "input /a-b property-added additive/additive",
    ];
    assert_eq!(lines(&inputs(old, new)), expected);
}

#[test]
fn a_free_form_input_that_declares_itself_has_another_constructor() {
    let diff = inputs(json!({}), object(json!({"x": {"type": "integer"}}), &[]));
    let expected = [
        "input /x property-added additive/additive",
        "input /* extra-members-removed breaking/documentation",
    ];
    assert_eq!(lines(&diff), expected);
    let mut open = object(json!({"x": {"type": "integer"}}), &[]);
    open["additionalProperties"] = json!(true);
    let expected = [
        "input /x property-added additive/additive",
        "input - signature-changed breaking/none",
    ];
    assert_eq!(lines(&inputs(json!({}), open)), expected);
}

/// Endpoints of one family, of which the last has a part of its own making.
fn family(last: Value) -> Vec<Value> {
    let (input, others) = part("Part");
    let mut documents: Vec<Value> = ["acme/model/a", "acme/model/b", "acme/model/c"]
        .into_iter()
        .map(|id| document(id, input.clone(), output(), &others))
        .collect();
    documents.push(document(
        "acme/model/d",
        input,
        output(),
        &json!({ "Part": last }),
    ));
    documents
}

#[test]
fn a_type_that_leaves_its_family_no_longer_fits_there() {
    let same = object(json!({"y": {"type": "integer"}}), &[]);
    let other = object(
        json!({"y": {"type": "integer"}, "z": {"type": "integer"}}),
        &[],
    );
    let diff = compare(&family(same.clone()), &family(other));
    let expected = [
        "input /x/z property-added additive/additive",
        "input /x type-unshared breaking/none",
    ];
    assert_eq!(lines(&diff), expected);
    assert_eq!(diff.changes[0].endpoint.as_str(), "acme/model/d");
    let mut more = family(same.clone());
    let fifth = document("acme/model/e", part("Part").0, output(), &part("Part").1);
    more.push(fifth);
    assert_eq!(
        lines(&compare(&family(same), &more)),
        ["endpoint - endpoint-added additive/additive"]
    );
}

#[test]
fn a_module_that_has_to_give_way_is_renamed() {
    let run = |id: &str| document(id, prompt(), output(), &json!({}));
    let (old, new) = ([run("acme/a_b")], [run("acme/a-b"), run("acme/a_b")]);
    let added = compare(&old, &new);
    assert_eq!(
        lines(&added),
        ["endpoint - endpoint-added additive/additive"],
        "who had the name keeps it"
    );
    // Without the ledger, the first in order has it.
    let read = |documents: &[Value]| catalog(documents, &Options::default());
    let diff = diff(&read(&old), &read(&new));
    let kinds: Vec<Kind> = diff.changes.iter().map(|change| change.kind).collect();
    assert_eq!(
        kinds,
        [Kind::EndpointAdded, Kind::ModuleRenamed],
        "{:?} {ID}",
        lines(&diff)
    );
}
