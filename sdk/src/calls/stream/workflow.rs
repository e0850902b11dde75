//! The events of a workflow's stream.
//!
//! Source: fal's documentation of workflows.

use serde_json::Value;

use crate::contract::wire::{Decode, DecodeError, Fields};

/// An event of a workflow's stream.
///
/// The failure of a node is not an event: the stream ends with an error, which has the field
/// errors of the node's model.
///
/// ```no_run
/// # async fn example(fal: fal_sdk::Client) -> fal_sdk::Result<()> {
/// use fal_sdk::stream::WorkflowEvent;
/// use serde_json::json;
///
/// let workflow = fal.endpoint("workflows/acme/poster")?.with_output::<WorkflowEvent>();
/// let mut events = workflow.stream(json!({"prompt": "a cat"})).await?;
/// while let Some(event) = events.next().await {
///     match event? {
///         WorkflowEvent::Completion { node_id, .. } => println!("{node_id} is done"),
///         WorkflowEvent::Output { output, .. } => println!("{output}"),
///         _ => {}
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum WorkflowEvent {
    /// A node's model was called.
    #[non_exhaustive]
    Submit {
        /// The id of the node.
        node_id: String,
        /// The id of the endpoint that the node calls.
        app_id: Option<String>,
        /// The id of the request to that model.
        request_id: Option<String>,
    },
    /// A node has finished.
    #[non_exhaustive]
    Completion {
        /// The id of the node.
        node_id: String,
        /// The output of the node; `null` if the event has none.
        output: Value,
    },
    /// The workflow has produced an output.
    #[non_exhaustive]
    Output {
        /// The output of the workflow.
        output: Value,
    },
    /// An event of another type, as received.
    Other(Value),
}

impl Decode for WorkflowEvent {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        let mut fields = Fields::of(value)?;
        let kind: Option<String> = fields.optional("type");
        let event = match kind.as_deref() {
            Some("submit") => Self::Submit {
                node_id: fields.required("node_id")?,
                app_id: fields.optional("app_id"),
                request_id: fields.optional("request_id"),
            },
            Some("completion") => Self::Completion {
                node_id: fields.required("node_id")?,
                output: fields.optional("output").unwrap_or_default(),
            },
            Some("output") => Self::Output {
                output: fields.required("output")?,
            },
            _ => Self::Other(value.clone()),
        };
        fields.end(event)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn events_are_told_apart_by_their_type() {
        let read = |value: Value| WorkflowEvent::decode(&value).unwrap();
        let submit = json!({"type": "submit", "node_id": "a", "app_id": "fal-ai/flux"});
        assert_eq!(
            read(submit),
            WorkflowEvent::Submit {
                node_id: "a".to_owned(),
                app_id: Some("fal-ai/flux".to_owned()),
                request_id: None,
            }
        );
        let completion = json!({"type": "completion", "node_id": "a"});
        assert_eq!(
            read(completion),
            WorkflowEvent::Completion {
                node_id: "a".to_owned(),
                output: Value::Null,
            }
        );
        let output = json!({"type": "output", "node_id": "a", "output": {"url": "u"}});
        assert_eq!(
            read(output),
            WorkflowEvent::Output {
                output: json!({"url": "u"}),
            }
        );
        let other = json!({"type": "progress", "step": 1});
        assert_eq!(read(other.clone()), WorkflowEvent::Other(other));
        let error = WorkflowEvent::decode(&json!({"type": "submit"})).unwrap_err();
        assert_eq!(error.pointer(), "/node_id");
    }
}
