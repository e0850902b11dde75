//! Encodes and decodes messages as MessagePack and JSON.
//!
//! JSON has no byte strings. Those of MessagePack become strings in base64, and the original
//! bytes are also kept beside the value, without a copy, by their JSON pointers.
//! Source: <https://github.com/msgpack/msgpack/blob/master/spec.md>.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::{Buf, Bytes};
use rmp::Marker;
use rmp::encode;
use serde_json::{Map, Number, Value};

use super::Encoding;
use super::message::Frame;
use crate::contract::wire::{DecodeError, pointer_segment};

/// How deep arrays and objects may be nested.
const DEEPEST: usize = 128;

/// A message as a JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Decoded {
    pub(super) value: Value,
    /// The byte strings of the message, by their JSON pointers.
    pub(super) bytes: Vec<(String, Bytes)>,
}

/// Writes a value in an encoding.
pub(super) fn encode(value: &Value, encoding: Encoding) -> Frame {
    match encoding {
        Encoding::Json => Frame::Text(value.to_string()),
        Encoding::MessagePack => {
            let mut packed = Vec::new();
            // Writing into memory does not fail.
            let _ = pack(&mut packed, value);
            Frame::Binary(packed.into())
        }
    }
}

fn pack(out: &mut Vec<u8>, value: &Value) -> std::io::Result<()> {
    match value {
        Value::Null => encode::write_nil(out)?,
        Value::Bool(flag) => encode::write_bool(out, *flag)?,
        Value::Number(number) => pack_number(out, number)?,
        Value::String(text) => encode::write_str(out, text)?,
        Value::Array(items) => {
            encode::write_array_len(out, length(items.len()))?;
            items.iter().try_for_each(|item| pack(out, item))?;
        }
        Value::Object(members) => {
            encode::write_map_len(out, length(members.len()))?;
            for (name, member) in members {
                encode::write_str(out, name)?;
                pack(out, member)?;
            }
        }
    }
    Ok(())
}

fn pack_number(out: &mut Vec<u8>, number: &Number) -> std::io::Result<()> {
    match (number.as_u64(), number.as_i64(), number.as_f64()) {
        (Some(number), ..) => encode::write_uint(out, number).map(|_| ())?,
        (_, Some(number), _) => encode::write_sint(out, number).map(|_| ())?,
        (.., Some(number)) => encode::write_f64(out, number)?,
        _ => encode::write_nil(out)?,
    }
    Ok(())
}

/// The number of items or members as MessagePack writes it. No value in memory has more than
/// fit in a `u32`.
fn length(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Reads a message in either encoding.
///
/// # Errors
/// When a text message is not valid JSON, or a binary one not valid MessagePack.
pub(super) fn decode(frame: &Frame) -> Result<Decoded, DecodeError> {
    match frame {
        Frame::Text(text) => {
            let value = serde_json::from_str(text)
                .map_err(|source| DecodeError::new(format!("not valid JSON: {source}")))?;
            Ok(Decoded {
                value,
                bytes: Vec::new(),
            })
        }
        Frame::Binary(bytes) => unpack(bytes),
    }
}

fn unpack(message: &Bytes) -> Result<Decoded, DecodeError> {
    let mut reader = Unpacker {
        left: message.clone(),
        bytes: Vec::new(),
        pointer: String::new(),
    };
    let value = reader.value(0).map_err(|why| reader.error(message, why))?;
    if reader.left.has_remaining() {
        return Err(reader.error(message, "there are bytes after the value"));
    }
    Ok(Decoded {
        value,
        bytes: reader.bytes,
    })
}

/// Reads MessagePack without trusting it: a length is compared with what is left of the
/// message before memory is allocated for it.
struct Unpacker {
    left: Bytes,
    bytes: Vec<(String, Bytes)>,
    /// The JSON pointer of the value that is being read.
    pointer: String,
}

const CUT: &str = "it ends in the middle of a value";

impl Unpacker {
    fn error(&self, message: &Bytes, why: &str) -> DecodeError {
        let at = message.len() - self.left.len();
        DecodeError::new(format!("not valid MessagePack: {why} (byte {at})"))
    }

    fn value(&mut self, depth: usize) -> Result<Value, &'static str> {
        if depth > DEEPEST {
            return Err("its values are nested too deeply");
        }
        let marker = Marker::from_u8(self.number(1)? as u8);
        Ok(match marker {
            Marker::Null => Value::Null,
            Marker::False => Value::Bool(false),
            Marker::True => Value::Bool(true),
            Marker::FixPos(number) => number.into(),
            Marker::FixNeg(number) => number.into(),
            Marker::U8 => self.number(1)?.into(),
            Marker::U16 => self.number(2)?.into(),
            Marker::U32 => self.number(4)?.into(),
            Marker::U64 => self.number(8)?.into(),
            Marker::I8 => (self.number(1)? as i8).into(),
            Marker::I16 => (self.number(2)? as i16).into(),
            Marker::I32 => (self.number(4)? as i32).into(),
            Marker::I64 => (self.number(8)? as i64).into(),
            Marker::F32 => f32::from_bits(self.number(4)? as u32).into(),
            Marker::F64 => f64::from_bits(self.number(8)?).into(),
            Marker::FixStr(length) => self.text(length.into())?.into(),
            Marker::Str8 => self.text_of(1)?.into(),
            Marker::Str16 => self.text_of(2)?.into(),
            Marker::Str32 => self.text_of(4)?.into(),
            Marker::Bin8 => self.binary_of(1)?,
            Marker::Bin16 => self.binary_of(2)?,
            Marker::Bin32 => self.binary_of(4)?,
            Marker::FixArray(count) => self.list(count.into(), depth)?,
            Marker::Array16 => self.list_of(2, depth)?,
            Marker::Array32 => self.list_of(4, depth)?,
            Marker::FixMap(count) => self.object(count.into(), depth)?,
            Marker::Map16 => self.object_of(2, depth)?,
            Marker::Map32 => self.object_of(4, depth)?,
            Marker::FixExt1 => self.extension(1)?,
            Marker::FixExt2 => self.extension(2)?,
            Marker::FixExt4 => self.extension(4)?,
            Marker::FixExt8 => self.extension(8)?,
            Marker::FixExt16 => self.extension(16)?,
            Marker::Ext8 => self.extension_of(1)?,
            Marker::Ext16 => self.extension_of(2)?,
            Marker::Ext32 => self.extension_of(4)?,
            Marker::Reserved => return Err("it has a reserved type"),
        })
    }

    /// Reads a big-endian number of `size` bytes.
    fn number(&mut self, size: usize) -> Result<u64, &'static str> {
        match self.left.len() >= size {
            true => Ok(self.left.get_uint(size)),
            false => Err(CUT),
        }
    }

    fn length(&mut self, size: usize) -> Result<usize, &'static str> {
        usize::try_from(self.number(size)?).map_err(|_| CUT)
    }

    fn take(&mut self, length: usize) -> Result<Bytes, &'static str> {
        match self.left.len() >= length {
            true => Ok(self.left.split_to(length)),
            false => Err(CUT),
        }
    }

    fn text_of(&mut self, size: usize) -> Result<String, &'static str> {
        let length = self.length(size)?;
        self.text(length)
    }

    fn text(&mut self, length: usize) -> Result<String, &'static str> {
        let bytes = self.take(length)?;
        match std::str::from_utf8(&bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err("a string is not valid UTF-8"),
        }
    }

    fn binary_of(&mut self, size: usize) -> Result<Value, &'static str> {
        let length = self.length(size)?;
        self.binary(length)
    }

    /// Reads a value of an extension type, as a byte string.
    fn extension(&mut self, length: usize) -> Result<Value, &'static str> {
        self.number(1)?;
        self.binary(length)
    }

    fn binary(&mut self, length: usize) -> Result<Value, &'static str> {
        let bytes = self.take(length)?;
        let text = BASE64_STANDARD.encode(&bytes);
        self.bytes.push((self.pointer.clone(), bytes));
        Ok(text.into())
    }

    fn extension_of(&mut self, size: usize) -> Result<Value, &'static str> {
        let length = self.length(size)?;
        self.extension(length)
    }

    fn list_of(&mut self, size: usize, depth: usize) -> Result<Value, &'static str> {
        let count = self.length(size)?;
        self.list(count, depth)
    }

    fn list(&mut self, count: usize, depth: usize) -> Result<Value, &'static str> {
        // Each item has at least one byte.
        if count > self.left.len() {
            return Err(CUT);
        }
        let above = self.pointer.len();
        // An item in memory is much larger than the one byte that it needs in the message.
        let mut items = Vec::with_capacity(count.min(1024));
        for index in 0..count {
            self.pointer.push_str(&format!("/{index}"));
            items.push(self.value(depth + 1)?);
            self.pointer.truncate(above);
        }
        Ok(items.into())
    }

    fn object_of(&mut self, size: usize, depth: usize) -> Result<Value, &'static str> {
        let count = self.length(size)?;
        self.object(count, depth)
    }

    fn object(&mut self, count: usize, depth: usize) -> Result<Value, &'static str> {
        if count > self.left.len() / 2 {
            return Err(CUT);
        }
        let above = self.pointer.len();
        let mut members = Map::new();
        for _ in 0..count {
            let name = match self.value(depth + 1)? {
                Value::String(name) => name,
                Value::Number(number) => number.to_string(),
                Value::Bool(flag) => flag.to_string(),
                _ => return Err("a key is neither a string, a number nor a boolean"),
            };
            self.pointer.push_str(&pointer_segment(&name));
            let member = self.value(depth + 1)?;
            self.pointer.truncate(above);
            members.insert(name, member);
        }
        Ok(Value::Object(members))
    }
}

/// Checks that any bytes can be decoded or refused without a panic, and that a decoded value
/// stays the same when it is encoded and decoded again.
#[cfg(any(test, fuzzing))]
pub(crate) fn check_any(bytes: &[u8]) {
    let frame = Frame::Binary(Bytes::copy_from_slice(bytes));
    let Ok(decoded) = decode(&frame) else { return };
    let again = decode(&encode(&decoded.value, Encoding::MessagePack)).map(|it| it.value);
    assert_eq!(again.ok(), Some(decoded.value));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::conformance::{cases, unhex, vectors};
    use crate::mutation::each_mutation;

    fn packed(value: &Value) -> Bytes {
        match encode(value, Encoding::MessagePack) {
            Frame::Binary(bytes) => bytes,
            Frame::Text(text) => panic!("{text}"),
        }
    }

    #[test]
    fn values_survive() {
        for value in [
            json!(null),
            json!([true, false, 0, 1, 127, 128, 300, 70_000, u64::MAX]),
            json!([-1, -32, -33, -200, -40_000, i64::MIN]),
            json!([0.5, -1.25e300]),
            json!("x".repeat(70_000)),
            json!({"a": {"b": [1, {"c": "d"}]}, "": null}),
            Value::Array((0..70_000).map(Value::from).collect()),
        ] {
            let decoded = decode(&Frame::Binary(packed(&value))).unwrap();
            assert_eq!(decoded.value, value);
        }
    }

    /// The expected bytes are those of other clients. Byte strings are only decoded, since this
    /// client sends none.
    #[test]
    fn values_are_packed_as_elsewhere() {
        for case in cases(&vectors("realtime.json"), "msgpack") {
            let bytes = Bytes::from(unhex(case["hex"].as_str().unwrap()));
            let decoded = decode(&Frame::Binary(bytes.clone())).unwrap();
            if let Some(hex) = case["value"]["image"]["$bytes_hex"].as_str() {
                let (at, image) = &decoded.bytes[0];
                assert_eq!((at.as_str(), image.to_vec()), ("/image", unhex(hex)));
                continue;
            }
            assert_eq!(decoded.value, case["value"]);
            assert_eq!(packed(&case["value"]), bytes, "{case}");
        }
    }

    #[test]
    fn bytes_are_text_and_kept_as_they_are() {
        let message = Bytes::from_static(b"\x81\xa6images\x91\x81\xa7content\xc4\x03\xff\xd8\xff");
        let decoded = decode(&Frame::Binary(message)).unwrap();
        assert_eq!(decoded.value, json!({"images": [{"content": "/9j/"}]}));
        let kept = (
            "/images/0/content".to_owned(),
            Bytes::from_static(b"\xff\xd8\xff"),
        );
        assert_eq!(decoded.bytes, [kept]);
    }

    #[test]
    fn what_is_malformed_is_an_error_and_no_more() {
        let whole = packed(&json!({"a": [1, 300, "text", 0.5, {"b": null}]}));
        for length in 0..whole.len() {
            let cut = Frame::Binary(whole.slice(..length));
            assert!(
                decode(&cut)
                    .unwrap_err()
                    .message()
                    .contains("ends in the middle")
            );
        }
        let deep = [0x91; 100_000];
        let bombs: [&'static [u8]; 8] = [
            b"\xc1",
            b"\xdd\xff\xff\xff\xff",
            b"\xdf\xff\xff\xff\xff",
            b"\xdb\xff\xff\xff\xff",
            b"\xc6\xff\xff\xff\xff",
            b"\xa2\xff\xff",
            b"\x81\xc0\xc0",
            b"\xc0\xc0",
        ];
        for bomb in bombs {
            assert!(
                decode(&Frame::Binary(Bytes::from_static(bomb))).is_err(),
                "{bomb:x?}"
            );
        }
        assert!(decode(&Frame::Binary(Bytes::copy_from_slice(&deep))).is_err());
        assert!(decode(&Frame::Text("{".to_owned())).is_err());
    }

    #[test]
    fn mutated_messages() {
        let seeds = [
            packed(
                &json!({ "image": "a", "steps": [1, -1, 300, -70_000, 5_000_000_000_u64, 1.5], "on": true, "no": null }),
            ),
            packed(&json!([{ "deep": [[[{}]]] }, "x".repeat(300)])),
            Bytes::from_static(b"\x82\xa1a\xc4\x03abc\xa1b\xd6\xff\x00\x00\x00\x01"),
            Bytes::from_static(b"\x93\xca\x3f\xc0\x00\x00\xc7\x02\x01ab\xd9\x02hi"),
        ];
        let seeds = seeds.each_ref().map(|seed| &**seed);
        each_mutation("messagepack", &seeds, check_any);
    }
}
