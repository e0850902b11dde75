//! Fingerprints of inputs, which show whether a journal was started with the same inputs.

use std::mem;

use crate::calls::call::{Call, Payload, unwritable};
use crate::contract::media::{Media, Source};
use crate::transport::endpoint_id::EndpointId;
use crate::transport::error::{Error, ErrorKind, Result};

/// A short string that depends on the input, the values that `extra` adds to it, and the
/// endpoint. A local file is represented by its path, bytes by their type and size, and a
/// reader by its name, type and size, because their URLs differ from upload to upload.
///
/// # Errors
/// When a reader has no name, since nothing else distinguishes it from another one, and when
/// the input cannot be written as JSON.
pub(super) fn of<P: Payload>(call: &mut Call<P>) -> Result<String> {
    let endpoint = call.endpoint.as_ref().map_or("", EndpointId::as_str);
    let mut encoded = endpoint.as_bytes().to_vec();
    let mut kept = Vec::new();
    let mut unnamed = None;
    call.payload.for_each_media(&mut |media| {
        if matches!(&media.0, Source::Reader(reader) if reader.file_name.is_none()) {
            unnamed.get_or_insert_with(|| unnamed_reader(media));
        }
        let stand_in = match media.as_url() {
            Some(_) => None,
            None => Some(Media::url(format!("{media:?}"))),
        };
        kept.push(stand_in.map(|stand_in| mem::replace(media, stand_in)));
    });
    let mut written = serde_json::to_writer(&mut encoded, &call.payload);
    let extras = &call.options.extras;
    // Without extras, the fingerprint stays the same as in versions that ignored them.
    if !extras.is_empty() {
        written = written.and_then(|()| serde_json::to_writer(&mut encoded, extras));
    }
    let mut kept = kept.into_iter();
    call.payload.for_each_media(&mut |media| {
        if let Some(Some(original)) = kept.next() {
            *media = original;
        }
    });
    if let Some(error) = unnamed {
        return Err(error);
    }
    written.map_err(unwritable)?;
    Ok(format!("{:016x}", fnv1a(&encoded)))
}

fn unnamed_reader(media: &Media) -> Error {
    let message = format!("{media:?} has no name by which a journal could recognise it");
    Error::new(ErrorKind::Usage, message).with_hint("give the reader a `file_name`")
}

/// FNV-1a, which is the same in all versions and on all machines, unlike the hashes of the
/// standard library. Source: RFC 9923.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
