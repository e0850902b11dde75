//! Statuses and updates as JSON, for programs that pass them on to a browser or a log.

use serde::{Serialize, Serializer};

use super::status::{Log, Status, Update};
use crate::contract::wire::Object;

/// Writes `message`, and `timestamp`, `level` and `source` if they are known.
impl Serialize for Log {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = Object::begin(serializer);
        object.required("message", &self.message);
        object.optional("timestamp", &self.timestamp);
        object.optional("level", &self.level);
        object.optional("source", &self.source);
        object.end()
    }
}

/// Writes the status as fal's queue does: `status`, `logs` and `metrics`, and
/// `queue_position`, `error` and `error_type` if they are known.
impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = Object::begin(serializer);
        write(self, &mut object);
        object.end()
    }
}

/// Writes the `request_id` and the members of the status in one object.
impl Serialize for Update {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = Object::begin(serializer);
        object.required("request_id", &self.request_id);
        write(&self.status, &mut object);
        object.end()
    }
}

fn write<M: serde::ser::SerializeMap>(status: &Status, object: &mut Object<M>) {
    object.required("status", &status.state);
    object.optional("queue_position", &status.queue_position);
    object.required("logs", &status.logs);
    object.required("metrics", &status.metrics);
    object.optional("error", &status.error);
    object.optional("error_type", &status.error_type);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::wire::Decode;

    #[test]
    fn updates_are_written_as_the_queue_writes_them() {
        let value = json!({
            "request_id": "0195-a",
            "status": "IN_PROGRESS",
            "queue_position": 2,
            "logs": [
                {"message": "loading", "timestamp": "2026-01-01T00:00:00Z", "level": "INFO", "source": "USER"},
                {"message": "loaded"},
            ],
            "metrics": {"inference_time": 1.5},
            "error": "no memory",
            "error_type": "runner_error",
        });
        let update = Update {
            request_id: "0195-a".to_owned(),
            status: Status::decode(&value).unwrap(),
        };
        assert_eq!(serde_json::to_value(&update).unwrap(), value);
        let queued = Status::decode(&json!({"status": "IN_QUEUE"})).unwrap();
        assert_eq!(
            serde_json::to_string(&queued).unwrap(),
            r#"{"status":"IN_QUEUE","logs":[],"metrics":{}}"#
        );
    }
}
