//! One call of a tool: checks the input, holds the expected cost, uploads files, submits the job, waits for its result, and
//! records the real cost.

use super::{
    budget::{Budget, Held},
    files::Folders,
    offer::Offer,
};
use crate::run::{
    outputs,
    upload::{PENDING, upload},
};
use fal_sdk::{Client, Detailed, Error, ErrorKind, Job};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{RwLock, mpsc::UnboundedSender};

/// The running jobs, which are cancelled when the session ends.
#[derive(Debug, Clone, Default)]
pub(super) struct Calls(Arc<Running>);

#[derive(Debug, Default)]
struct Running {
    jobs: Mutex<BTreeMap<String, Job<Value>>>,
    /// Whether the session has ended. The lock is held for reading while a job is submitted, so that ending the session waits for
    /// the job's id.
    ended: RwLock<bool>,
}

impl Calls {
    fn jobs(&self) -> MutexGuard<'_, BTreeMap<String, Job<Value>>> {
        self.0.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Submits a job. Returns `None` if the session has ended.
    async fn submit(
        &self,
        submit: impl Future<Output = fal_sdk::Result<Job<Value>>>,
    ) -> Option<fal_sdk::Result<Job<Value>>> {
        let ended = self.0.ended.read().await;
        if *ended {
            return None;
        }
        let job = submit.await;
        if let Ok(job) = &job {
            self.jobs().insert(job.request_id().to_owned(), job.clone());
        }
        Some(job)
    }

    fn forget(&self, request_id: &str) {
        self.jobs().remove(request_id);
    }

    /// Ends the session: nothing more is submitted, and every running job is cancelled.
    pub(super) async fn cancel_all(&self) {
        *self.0.ended.write().await = true;
        let jobs = std::mem::take(&mut *self.jobs());
        for (id, job) in jobs {
            eprintln!("the session has ended: {}", cancel(&job, &id).await);
        }
    }
}

/// Cancels a job, and returns the outcome as text.
async fn cancel(job: &Job<Value>, id: &str) -> String {
    match job.cancel().await {
        Ok(outcome) => format!("request {id}: {outcome}"),
        Err(error) => format!("request {id} could not be cancelled, and may be charged: {error}"),
    }
}

/// What the calls of a session share.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) client: Client,
    pub(super) budget: Budget,
    pub(super) folders: Folders,
    /// The folder that files of outputs are downloaded into.
    pub(super) output: Option<PathBuf>,
    pub(super) calls: Calls,
}

/// Calls the model of an offer. Each update is sent to `progress` as one line.
///
/// # Errors
///
/// The error is a text for the language model: what is wrong, and whether anything was sent.
pub(super) async fn call(
    session: &Session,
    offer: &Offer,
    mut input: Value,
    progress: UnboundedSender<String>,
    cancelled: impl Future<Output = ()>,
) -> Result<Value, String> {
    let files = session.folders.find(&input)?;
    for file in &files {
        file.set_url(&mut input, PENDING);
    }
    let violations = offer.options.violations(&input);
    if !violations.is_empty() {
        let lines = violations.join("\n");
        return Err(format!(
            "nothing was sent, because the model does not accept this input:\n{lines}"
        ));
    }
    let held = session
        .budget
        .hold(offer.expected())
        .map_err(|refused| refused.to_string())?;
    let announce = |line| {
        // Sending fails if nobody receives progress.
        let _ = progress.send(line);
    };
    let mut cancelled = std::pin::pin!(cancelled);
    let uploaded = tokio::select! {
        uploaded = upload(&session.client, input, &files, announce) => uploaded,
        () = &mut cancelled => {
            held.release();
            return Err("cancelled; nothing was submitted".to_owned());
        }
    };
    let input = match uploaded {
        Ok(input) => input,
        Err(error) => {
            held.release();
            return Err(format!("{error}; nothing was submitted"));
        }
    };
    // A submit request that is interrupted may have created a job, so its reply is always awaited.
    let submit = submit(&session.client, offer, input);
    let job = match session.calls.submit(submit).await {
        Some(Ok(job)) => job,
        Some(Err(error)) => return Err(refused(held, &error)),
        None => {
            held.release();
            return Err("the session has ended; nothing was submitted".to_owned());
        }
    };
    let id = job.request_id().to_owned();
    let waiting = job.result().logs(true).on_update(move |update| {
        // Sending fails if nobody receives progress.
        let _ = progress.send(printable(&update.to_string()));
    });
    let ended = tokio::select! {
        ended = async { waiting.detailed().await } => ended,
        () = cancelled => {
            let outcome = cancel(&job, &id).await;
            session.calls.forget(&id);
            return Err(format!("cancelled: {outcome}"));
        }
    };
    session.calls.forget(&id);
    match ended {
        Ok(detailed) => Ok(report(session, offer, held, detailed).await),
        // The amount stays held: fal decides whether a failed job is charged.
        Err(error) => Err(error.to_string()),
    }
}

async fn submit(client: &Client, offer: &Offer, input: Value) -> fal_sdk::Result<Job<Value>> {
    client.endpoint(offer.id.as_str())?.submit(input).await
}

/// The text about a submit that failed. If the server refused it, the held amount is returned.
fn refused(held: Held, error: &Error) -> String {
    match error.kind() {
        ErrorKind::OutcomeUnknown => {}
        _ => held.release(),
    }
    error.to_string()
}

async fn report(session: &Session, offer: &Offer, held: Held, detailed: Detailed<Value>) -> Value {
    let cost = offer.cost(detailed.billable_units);
    if let Some(cost) = cost {
        held.settle(cost);
    }
    let mut report = json!({"output": detailed.raw, "request_id": detailed.request_id});
    if let Some(folder) = &session.output {
        match outputs::download(&session.client, &detailed.raw, folder).await {
            Ok(files) => {
                let files: Vec<_> = files
                    .iter()
                    .map(|file| file.display().to_string())
                    .collect();
                report["files"] = files.into();
            }
            Err(error) => report["download_error"] = error.to_string().into(),
        }
    }
    let currency = offer.price.as_ref().map(|price| price.currency.clone());
    report["cost"] = json!({
        "billed": cost, "estimated": offer.estimate, "currency": currency, "left": session.budget.left(),
    });
    report
}

fn printable(text: &str) -> String {
    let is_shown = |letter: &char| fal_codegen::text::is_printable(*letter);
    text.chars().filter(is_shown).collect()
}
