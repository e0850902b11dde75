//! Outputs with details of the request.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::contract::wire::{Decode, DecodeError, Object};
use crate::services::platform::{Cost, Price};
use crate::transport::error::{Error, Result};
use crate::transport::http::{Operation, Reply};
use crate::transport::opaque::opaque;

/// An output with details of the request that produced it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Detailed<O> {
    /// The output.
    pub output: O,
    /// The id of the request; always present for jobs of the queue.
    pub request_id: Option<String>,
    /// The measurements of the platform, such as `inference_time` in seconds; empty for
    /// direct runs.
    pub metrics: Map<String, Value>,
    /// The billed units, if the platform reports them (`X-Fal-Billable-Units`).
    pub billable_units: Option<f64>,
    /// The output as received, including members that the type `O` does not have.
    pub raw: Value,
}

impl<O> Detailed<O> {
    /// Estimates what the call cost at this price; `None` if the platform did not report the
    /// billed units.
    ///
    /// ```no_run
    /// # use fal_sdk::{Client, Input, Result};
    /// # async fn example<I: Input>(fal: Client, input: I) -> Result<()> {
    /// let price = fal.platform().price(I::ENDPOINT).await?;
    /// let detailed = fal.subscribe(input).detailed().await?;
    /// if let Some(cost) = detailed.cost(&price) {
    ///     println!("{cost}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn cost(&self, price: &Price) -> Option<Cost> {
        Some(price.cost(self.billable_units?))
    }
}

/// Writes `output` and `metrics`, and `request_id` and `billable_units` if they are known.
/// `raw` is left out, since it repeats the output.
impl<O: Serialize> Serialize for Detailed<O> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = Object::begin(serializer);
        object.required("output", &self.output);
        object.optional("request_id", &self.request_id);
        object.required("metrics", &self.metrics);
        object.optional("billable_units", &self.billable_units);
        object.end()
    }
}

/// A call whose output is a [`Detailed`]: returned by the method `detailed` of each call.
#[must_use = "a call is made when it is awaited"]
pub struct WithDetails<B>(pub(crate) B);

/// A successful reply before its output is decoded.
pub(crate) struct Answer {
    pub(crate) reply: Reply,
    pub(crate) value: Value,
    pub(crate) metrics: Map<String, Value>,
}

impl Answer {
    /// Parses the body of a reply.
    ///
    /// # Errors
    /// When the body is not valid JSON; it is kept in the error.
    pub(crate) fn of(reply: Reply, operation: Operation) -> Result<Self> {
        Ok(Self {
            value: reply.json(operation)?,
            metrics: Map::new(),
            reply,
        })
    }

    /// The billed units, if the platform reported them.
    pub(crate) fn billable_units(&self) -> Option<f64> {
        self.reply.billable_units()
    }

    /// Decodes the output, and returns it with its details.
    ///
    /// # Errors
    /// When the JSON does not have the output's shape; it is kept in the error.
    pub(crate) fn decode<O: Decode>(self) -> Result<Detailed<O>> {
        match O::decode(&self.value) {
            Ok(output) => Ok(Detailed {
                output,
                request_id: self.reply.request_id().map(str::to_owned),
                billable_units: self.billable_units(),
                metrics: self.metrics,
                raw: self.value,
            }),
            Err(source) => Err(self.mismatch(source)),
        }
    }

    /// Decodes the output.
    ///
    /// # Errors
    /// When the JSON does not have the output's shape; it is kept in the error.
    pub(crate) fn into_output<O: Decode>(self) -> Result<O> {
        O::decode(&self.value).map_err(|source| self.mismatch(source))
    }

    fn mismatch(self, source: DecodeError) -> Error {
        Error::decode("the output does not match its type", source)
            .with_hint("the result is not lost: it is in `raw_body()`")
            .with_reply(&self.reply)
            .with_body(self.reply.body)
    }
}

opaque! { WithDetails<B> }

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Detailed;

    #[test]
    fn details_are_written_without_repeating_the_output() {
        let mut detailed = Detailed {
            output: json!({"seed": 1}),
            request_id: Some("0195-a".to_owned()),
            metrics: json!({"inference_time": 1.5}).as_object().unwrap().clone(),
            billable_units: Some(2.0),
            raw: json!({"seed": 1, "new": true}),
        };
        assert_eq!(
            serde_json::to_string(&detailed).unwrap(),
            r#"{"output":{"seed":1},"request_id":"0195-a","metrics":{"inference_time":1.5},"billable_units":2.0}"#
        );
        detailed.request_id = None;
        detailed.billable_units = None;
        detailed.metrics.clear();
        assert_eq!(
            serde_json::to_string(&detailed).unwrap(),
            r#"{"output":{"seed":1},"metrics":{}}"#
        );
    }
}
