//! Documents as they are kept and read.

pub mod canonical;
mod endpoint_id;
pub mod text;

pub use endpoint_id::{EndpointId, InvalidEndpointId};
