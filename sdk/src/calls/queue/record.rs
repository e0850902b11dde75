//! The form in which a job is stored outside the program: its ids and URLs, without a key.

use std::sync::Arc;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

use crate::contract::wire::{Decode, DecodeError, Fields};
use crate::transport::endpoint_id::{EndpointId, check_request_id};
use crate::transport::error::Error;

/// The data that is needed to find a job again. The URLs are as the server sent them; they are
/// checked when the job is attached to a client.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Record {
    pub(crate) endpoint: EndpointId,
    pub(crate) request_id: Arc<str>,
    pub(crate) status_url: Option<String>,
    pub(crate) response_url: Option<String>,
    pub(crate) cancel_url: Option<String>,
}

impl Record {
    pub(crate) fn of_ids(endpoint: EndpointId, request_id: Arc<str>) -> Self {
        Self {
            endpoint,
            request_id,
            status_url: None,
            response_url: None,
            cancel_url: None,
        }
    }

    /// Reads the record from the reply to a submit.
    pub(super) fn of_reply(endpoint: EndpointId, reply: &Value) -> Result<Self, DecodeError> {
        let mut fields = Fields::of(reply)?;
        let url = |name: &str| reply.get(name).and_then(Value::as_str).map(str::to_owned);
        Ok(Self {
            endpoint,
            request_id: request_id(&mut fields)?,
            status_url: url("status_url"),
            response_url: url("response_url"),
            cancel_url: url("cancel_url"),
        })
    }
}

fn request_id(fields: &mut Fields<'_>) -> Result<Arc<str>, DecodeError> {
    let id: String = fields.required("request_id")?;
    check_request_id(&id).map_err(|error| invalid("request_id", &error))
}

fn invalid(member: &str, error: &Error) -> DecodeError {
    DecodeError::new(error.message()).at(member)
}

/// The URLs may be missing, and readers ignore unknown members, so that other versions of the
/// library can read the record.
impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_map(None)?;
        record.serialize_entry("endpoint", self.endpoint.as_str())?;
        record.serialize_entry("request_id", &*self.request_id)?;
        let urls = [
            ("status_url", &self.status_url),
            ("response_url", &self.response_url),
            ("cancel_url", &self.cancel_url),
        ];
        for (name, url) in urls {
            if let Some(url) = url {
                record.serialize_entry(name, url)?;
            }
        }
        record.end()
    }
}

impl Decode for Record {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        let id: String = Fields::of(value)?.required("endpoint")?;
        let endpoint = EndpointId::parse(&id).map_err(|error| invalid("endpoint", &error))?;
        Self::of_reply(endpoint, value)
    }
}
