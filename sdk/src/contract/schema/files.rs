//! The JSON Schemas of the runtime's own types.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::contract::file::{Audio, File, Image, Video};
use crate::contract::media::Media;

/// Describes the string that is sent for media: a URL or a `data:` URI.
impl JsonSchema for Media {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Media".into()
    }

    fn schema_id() -> Cow<'static, str> {
        "fal_sdk::Media".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "uri" })
    }
}

const TEXT: &[&str] = &["string", "null"];
const INTEGER: &[&str] = &["integer", "null"];
const NUMBER: &[&str] = &["number", "null"];

macro_rules! file_schema {
    ($($name:ident { $($property:ident: $types:expr),* $(,)? }),* $(,)?) => {
        $(impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn schema_id() -> Cow<'static, str> {
                concat!("fal_sdk::", stringify!($name)).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                file(&[$((stringify!($property), $types)),*])
            }
        })*
    };
}

file_schema! {
    File {},
    Image { width: INTEGER, height: INTEGER },
    Video {
        width: INTEGER,
        height: INTEGER,
        fps: NUMBER,
        duration: NUMBER,
        num_frames: INTEGER,
    },
    Audio {
        duration: NUMBER,
        channels: INTEGER,
        sample_rate: INTEGER,
        bitrate: &["number", "string", "null"],
    },
}

/// The properties of every file, and further ones. All but the URL may be absent or
/// `null`.
fn file(own: &[(&str, &[&str])]) -> Schema {
    let common = [
        ("content_type", TEXT),
        ("file_name", TEXT),
        ("file_size", INTEGER),
        ("file_data", TEXT),
    ];
    let mut properties = Map::new();
    properties.insert(
        "url".to_owned(),
        json!({ "type": "string", "format": "uri" }),
    );
    for (name, types) in common.iter().chain(own) {
        let property = json!({ "type": types });
        properties.insert((*name).to_owned(), property);
    }
    json_schema!({
        "type": "object",
        "properties": Value::Object(properties),
        "required": ["url"],
    })
}

#[cfg(test)]
mod tests {
    use schemars::{JsonSchema, schema_for};
    use serde::Serialize;
    use serde_json::Value;

    use crate::contract::file::{Audio, File, Image, Video};

    fn properties<T: JsonSchema>() -> Vec<String> {
        let schema = schema_for!(T).to_value();
        let known = schema["properties"].as_object().expect("properties");
        known.keys().cloned().collect()
    }

    fn members(file: &impl Serialize) -> Vec<String> {
        let debug = serde_json::to_value(file).expect("JSON");
        let Value::Object(members) = debug else {
            panic!("a file is an object")
        };
        members.keys().cloned().collect()
    }

    #[test]
    fn every_property_has_a_schema() {
        let mut image = Image::new("https://a/b");
        (image.width, image.height) = (Some(1), Some(2));
        let known = properties::<Image>();
        assert!(members(&image).iter().all(|name| known.contains(name)));
        assert_eq!(properties::<File>().len(), 5);
        assert_eq!(properties::<Image>().len(), 7);
        assert_eq!(properties::<Video>().len(), 10);
        assert_eq!(properties::<Audio>().len(), 9);
    }
}
