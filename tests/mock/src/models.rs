//! Models: their documents and their answers.

pub(crate) mod catalog;
pub(crate) mod endpoint;
pub(crate) mod folder;
mod media;
mod model;
pub(crate) mod outcome;
pub(crate) mod price;
mod schema;
pub(crate) mod served;

pub(crate) use media::Kind;
