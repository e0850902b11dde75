//! The diff: every kind of change with its classes, no change where nothing changed in meaning, and real documents.

mod additions;
mod constants;
mod corpus;
mod endpoints;
mod enums;
mod equal;
mod fixups;
mod judge;
mod listing;
mod names;
mod naming;
mod objects;
mod rules;
mod stability;
mod support;
mod types;
mod words;
