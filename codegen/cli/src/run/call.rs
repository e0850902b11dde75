//! Calls a model: uploads, submit, progress, result, and cancellation by Ctrl-C.

use super::{input::Input, upload::upload};
use crate::{Error, interruptible};
use fal_codegen::source::EndpointId;
use fal_sdk::{Client, Detailed, Job, Update};
use futures_util::future::{Either, select};
use serde_json::Value;
use std::pin::pin;
use tokio::signal::ctrl_c;

/// How a call ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// The call ended with an output.
    Output(Box<Detailed<Value>>),
    /// The call was refused, or failed.
    Failed(fal_sdk::Error),
    /// The call was interrupted.
    Interrupted,
}

/// Uploads the files, submits the job and waits for its output.
///
/// # Errors
///
/// If a file no longer exists.
pub(super) async fn call(client: &Client, id: &EndpointId, input: Input) -> Result<Ended, Error> {
    let uploading = upload(client, input.value, &input.uploads, |line| {
        eprintln!("{line}");
    });
    let value = match interruptible(uploading).await {
        Some(Ok(value)) => value,
        Some(Err(error)) => return Ok(Ended::Failed(error)),
        None => {
            eprintln!("interrupted: nothing was submitted");
            return Ok(Ended::Interrupted);
        }
    };
    let job = match submit(client, id, value).await {
        Ok(Submitted {
            job,
            is_wanted: true,
        }) => job,
        Ok(Submitted { job, .. }) => return Ok(cancel(&job).await),
        Err(error) => return Ok(Ended::Failed(error)),
    };
    eprintln!("request {}", job.request_id());
    let result = job.result().logs(true).on_update(tell).detailed();
    match interruptible(async { result.await }).await {
        Some(Ok(detailed)) => Ok(Ended::Output(Box::new(detailed))),
        Some(Err(error)) => Ok(Ended::Failed(error)),
        None => Ok(cancel(&job).await),
    }
}

struct Submitted {
    job: Job<Value>,
    /// Whether the output is still wanted: false if Ctrl-C was pressed meanwhile.
    is_wanted: bool,
}

/// Submits the job. After Ctrl-C, the reply is still awaited, because an interrupted submit request may have created a job.
async fn submit(client: &Client, id: &EndpointId, value: Value) -> fal_sdk::Result<Submitted> {
    let endpoint = client.endpoint(id.as_str())?;
    let submit = pin!(async { endpoint.submit(value).await });
    match select(submit, pin!(ctrl_c())).await {
        Either::Left((job, _)) => Ok(Submitted {
            job: job?,
            is_wanted: true,
        }),
        Either::Right((_, submit)) => {
            eprintln!("interrupted: cancelling the job as soon as its id is known");
            Ok(Submitted {
                job: submit.await?,
                is_wanted: false,
            })
        }
    }
}

async fn cancel(job: &Job<Value>) -> Ended {
    match job.cancel().await {
        Ok(outcome) => eprintln!("interrupted: request {}: {outcome}", job.request_id()),
        Err(error) => eprintln!(
            "interrupted: request {} could not be cancelled, and may be charged: {error}",
            job.request_id()
        ),
    }
    Ended::Interrupted
}

/// Prints an update: the position in the queue, and the model's logs.
fn tell(update: &Update) {
    let text = update.to_string();
    let is_shown =
        |character: &char| *character == '\n' || fal_codegen::text::is_printable(*character);
    eprintln!("{}", text.chars().filter(is_shown).collect::<String>());
}
