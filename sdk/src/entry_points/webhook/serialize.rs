//! Webhook events as JSON, for programs that pass them on to a browser, a queue or a log.

use serde::{Serialize, Serializer};

use super::event::{Outcome, WebhookEvent};
use crate::calls::call::Payload;
use crate::contract::wire::Object;

/// Writes `request_id`, `gateway_request_id` and `user_id` where they are known, and how the
/// job ended as `outcome`:
///
/// | `outcome` | Also written |
/// |---|---|
/// | `output` | `payload`: the output as it was received |
/// | `failed` | `error`: the [error](crate::Error); `payload`: what the model sent, if it sent anything |
/// | `not_sent` | `reason`: why the delivery does not contain the output |
impl<P: Payload> Serialize for WebhookEvent<P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (outcome, error, reason) = match &self.outcome {
            Outcome::Output(_) => ("output", None, None),
            Outcome::Failed(error) => ("failed", Some(error), None),
            Outcome::NotSent(reason) => ("not_sent", None, Some(reason)),
        };
        let is_sent = !self.payload.is_null() || outcome == "output";
        let mut object = Object::begin(serializer);
        object.required("request_id", &self.request_id);
        object.optional("gateway_request_id", &self.gateway_request_id);
        object.optional("user_id", &self.user_id);
        object.required("outcome", &outcome);
        object.optional("error", &error);
        object.optional("reason", &reason);
        object.optional("payload", &is_sent.then_some(&self.payload));
        object.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn written(body: &Value) -> String {
        let event = WebhookEvent::<Value>::read(body.to_string().as_bytes()).unwrap();
        serde_json::to_string(&event).unwrap()
    }

    /// Programs read this form, so it must stay.
    #[test]
    fn events_are_written_with_their_outcome() {
        let output = json!({
            "request_id": "0195-a", "gateway_request_id": "0195-b", "status": "OK",
            "payload": {"seed": 1},
        });
        assert_eq!(
            written(&output),
            r#"{"request_id":"0195-a","gateway_request_id":"0195-b","outcome":"output","payload":{"seed":1}}"#
        );
        let failed = json!({
            "request_id": "0195-a", "status": "ERROR", "error": "Invalid status code: 422",
            "payload": {"detail": "no face"},
        });
        assert_eq!(
            written(&failed),
            r#"{"request_id":"0195-a","outcome":"failed","error":{"kind":"job_failed","message":"no face","is_retryable":false,"request_id":"0195-a","status":422},"payload":{"detail":"no face"}}"#
        );
        let not_sent = json!({
            "request_id": "0195-a", "status": "OK", "payload": null,
            "payload_error": "too large",
        });
        assert_eq!(
            written(&not_sent),
            r#"{"request_id":"0195-a","outcome":"not_sent","reason":"too large"}"#
        );
    }

    #[test]
    fn the_account_is_written_if_the_delivery_was_verified() {
        let body = json!({"request_id": "0195-a", "status": "OK", "payload": null});
        let mut event = WebhookEvent::<Value>::read(body.to_string().as_bytes()).unwrap();
        event.user_id = Some("acme".to_owned());
        assert_eq!(
            serde_json::to_string(&event).unwrap(),
            r#"{"request_id":"0195-a","user_id":"acme","outcome":"output","payload":null}"#
        );
    }
}
