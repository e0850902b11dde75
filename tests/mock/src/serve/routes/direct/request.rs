//! Reads requests to models, for direct runs, streams and submits.

use std::sync::Arc;

use bytes::Bytes;
use hyper::StatusCode;
use serde_json::{Value, json};

use crate::{
    http::reply::{Reply, refusal},
    models::endpoint::Endpoint,
    protocol::{
        app_id::{self, AppId},
        bucket::{self, Bucket},
    },
    script::{Failure, Script},
    serve::{call::Call, context::Context},
};

/// A request to a model.
pub(crate) struct ModelRequest {
    /// The application, `[namespace/]owner/alias`.
    pub(crate) app: String,
    pub(crate) endpoint: Arc<Endpoint>,
    pub(crate) input: Bytes,
    pub(crate) script: Script,
}

/// Reads the request to the endpoint in the call's path.
pub(crate) fn read(context: &Context, call: &Call) -> Result<ModelRequest, Box<Reply>> {
    read_with(context, call, call.param("app"), call.bytes())
}

/// Reads the request to `id`, with its script from the header or from the input field `__mock`.
pub(crate) fn read_with(
    context: &Context,
    call: &Call,
    id: &str,
    input: Bytes,
) -> Result<ModelRequest, Box<Reply>> {
    let unknown = |name| unknown_application(name).request_id(&context.seed.uuid());
    let app = app_id::parse(id).ok_or_else(|| unknown(id))?;
    let Some(endpoint) = context.models.endpoint(id) else {
        return unknown_path(context, app, input)
            .ok_or_else(|| unknown(app_id::alias(app.app)).into());
    };
    let header = call
        .header("x-mock-script")
        .map(serde_json::from_str::<Script>);
    let header = header
        .transpose()
        .map_err(|error| bad_script("header x-mock-script", &error))?;
    let (field, input) =
        take_mock_field(input).map_err(|error| bad_script("input field __mock", &error))?;
    let mut asked = header.unwrap_or_default().over(field.unwrap_or_default());
    let bucket = call.header(bucket::HEADER).map(Bucket::read).transpose();
    asked.bucket = bucket.map_err(|words| {
        let reply = Reply::detail(StatusCode::UNPROCESSABLE_ENTITY, &words);
        reply.request_id(&context.seed.uuid())
    })?;
    Ok(ModelRequest {
        app: app.app.to_owned(),
        script: context.models.script(id, asked),
        endpoint,
        input,
    })
}

/// The refusal of a request to an application that does not exist.
pub(super) fn unknown_application(name: &str) -> Reply {
    let detail = format!("Application \"{name}\" not found");
    Reply::detail(StatusCode::NOT_FOUND, &detail)
}

/// The request to an unknown path of a known application. It is accepted, and fails when it runs.
fn unknown_path(context: &Context, id: AppId<'_>, input: Bytes) -> Option<ModelRequest> {
    let failure = Failure::new(
        404,
        json!({ "detail": format!("Path /{} not found", id.path) }),
    );
    (!id.path.is_empty() && context.models.has_app(id.app)).then(|| ModelRequest {
        app: id.app.to_owned(),
        endpoint: Arc::new(Endpoint::bare(&format!("{}/{}", id.app, id.path))),
        input,
        script: Script::new().fail(failure),
    })
}

/// The refusal of a script that cannot be read. It names this server, because fal has no such error.
fn bad_script(place: &str, error: &serde_json::Error) -> Box<Reply> {
    let words = format!("fal-mock: {place}: {error}");
    refusal(StatusCode::BAD_REQUEST, &words)
}

const FIELD: &[u8] = b"\"__mock\"";

/// Removes the field `__mock` from an input. An input without it is not parsed.
fn take_mock_field(input: Bytes) -> Result<(Option<Script>, Bytes), serde_json::Error> {
    if !input.windows(FIELD.len()).any(|window| window == FIELD) {
        return Ok((None, input));
    }
    let Ok(Value::Object(mut object)) = serde_json::from_slice(&input) else {
        return Ok((None, input));
    };
    match object.remove("__mock") {
        Some(script) => Ok((
            Some(serde_json::from_value(script)?),
            Value::Object(object).to_string().into(),
        )),
        None => Ok((None, input)),
    }
}
