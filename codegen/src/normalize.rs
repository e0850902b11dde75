//! Passes that bring equivalent schemas to one form.
//!
//! Each pass handles one equivalence, and keeps the pointers of schemas as they were read. After the passes, `null` is a
//! flag, a combination of one schema is that schema, `allOf` is merged, and an alternative of `anyOf` is never itself a
//! choice.

mod all_of;
mod malformed;
mod merge;
mod nullable;
mod single;
mod union;

pub(crate) use merge::{add_notes, combine};

use crate::diagnostic::Diagnostic;
use crate::source::{Document, Schema};

/// Runs all passes over every schema of a document. Malformed keywords are reported and removed.
pub fn normalize(document: &mut Document) -> Vec<Diagnostic> {
    let diagnostics = malformed::take(document);
    let passes: [fn(&mut Schema); 2] = [nullable::pass, single::pass];
    for pass in passes {
        for_each_root(document, |schema| bottom_up(schema, &mut |node| pass(node)));
    }
    all_of::pass(document);
    for_each_root(document, |schema| bottom_up(schema, &mut union::pass));
    diagnostics
}

/// Brings a schema that was merged after the passes to the form that the passes produce.
fn settle(schema: &mut Schema) {
    bottom_up(schema, &mut union::pass);
}

fn for_each_root(document: &mut Document, mut run: impl FnMut(&mut Schema)) {
    run(&mut document.input);
    run(&mut document.output);
    document.components.values_mut().for_each(run);
}

/// Runs a pass on the schemas inside a schema, then on the schema itself.
fn bottom_up(schema: &mut Schema, pass: &mut dyn FnMut(&mut Schema)) {
    schema.for_each_child(&mut |child| bottom_up(child, pass));
    pass(schema);
}
