//! The etags with which the server identifies the stored parts of an upload.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::{Operation, Reply};

/// The etags of the stored parts, by the part's number, which starts at 1.
pub(super) type Etags = BTreeMap<u32, String>;

/// Returns the etag of a part, from the body or a header of the server's reply. It is sent
/// back unchanged.
pub(super) fn etag(reply: &Reply, number: u32) -> Result<String> {
    if !reply.status.is_success() {
        return Err(reply.error(Operation::Upload));
    }
    let of_body = || {
        let value: Value = serde_json::from_slice(&reply.body).ok()?;
        value.get("etag")?.as_str().map(str::to_owned)
    };
    of_body()
        .or_else(|| reply.header("etag").map(str::to_owned))
        .ok_or_else(|| {
            let message = format!("the reply to part {number} of the upload has no etag");
            Error::new(ErrorKind::Decode, message).with_reply(reply)
        })
}

pub(super) fn listed(etags: &Etags) -> Value {
    let part = |(number, etag): (&u32, &String)| json!({"partNumber": number, "etag": etag});
    json!({"parts": etags.iter().map(part).collect::<Vec<_>>()})
}

/// The etags in the form that the bucket expects.
pub(super) fn listed_for_bucket(etags: &Etags) -> Value {
    let part = |(number, etag): (&u32, &String)| json!({"part_number": number, "etag": etag.trim_matches('"')});
    json!({"parts": etags.iter().map(part).collect::<Vec<_>>()})
}
