//! Where a document keeps what its page shows: the id, the category, the schemas of input and output.

use super::schema;
use serde_json::{Map, Value};

/// The one operation that a fal document describes.
pub(super) struct Operation<'a> {
    pub root: &'a Value,
    pub id: &'a str,
    pub category: Option<&'a str>,
    pub input: Option<&'a Map<String, Value>>,
    pub output: Option<&'a Map<String, Value>>,
}

impl<'a> Operation<'a> {
    /// `None` if the document does not name its endpoint.
    pub fn find(root: &'a Value) -> Option<Self> {
        let metadata = &root["info"]["x-fal-metadata"];
        let submit = root["paths"].as_object().and_then(submit_path);
        let id = match (metadata["endpointId"].as_str(), submit) {
            (Some(id), _) => id,
            (None, Some((path, _))) => path.trim_start_matches('/'),
            (None, None) => return None,
        };
        let input = submit.map(|(_, item)| &item["post"]["requestBody"]["content"]);
        let result = format!("/{id}/requests/{{request_id}}");
        let output = root["paths"][result]
            .get("get")
            .map(|get| &get["responses"]["200"]["content"]);
        let object = |content: Option<&'a Value>| {
            let schema = content?["application/json"].get("schema")?;
            let resolved = schema::resolve(root, schema).as_object()?;
            resolved.contains_key("properties").then_some(resolved)
        };
        Some(Self {
            root,
            id,
            category: metadata["category"].as_str(),
            input: object(input),
            output: object(output),
        })
    }
}

fn submit_path(paths: &Map<String, Value>) -> Option<(&str, &Value)> {
    let mut posts = paths.iter().filter(|(_, item)| item.get("post").is_some());
    posts.next().map(|(path, item)| (path.as_str(), item))
}
