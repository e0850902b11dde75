//! The role `batch`: a process that runs one batch with a journal, and may be killed at
//! any moment.

use std::net::SocketAddr;
use std::path::PathBuf;

use fal_tests::sample::SampleInput;
use serde::{Deserialize, Serialize};

use super::books::Entry;
use super::client;
use crate::setup::Transport;

/// What the process is told, as JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Task {
    pub(crate) address: SocketAddr,
    pub(crate) ca: String,
    pub(crate) transport: Transport,
    pub(crate) journal: PathBuf,
    /// The prompts of the inputs.
    pub(crate) prompts: Vec<String>,
}

/// Runs the batch, and returns the line to print: what came of each input.
///
/// # Errors
///
/// If the task is not JSON, or the batch as a whole fails, as it does while another
/// process has the journal.
pub async fn run(task: &str) -> Result<String, Box<dyn std::error::Error>> {
    let task: Task = serde_json::from_str(task)?;
    let fal = client(task.transport, task.address, Some(&task.ca));
    let inputs = task.prompts.into_iter().map(SampleInput::new);
    let batch = fal.batch(inputs).journal(task.journal).concurrency(4);
    let outcomes = batch.await?;
    let outcomes = outcomes.iter().map(|outcome| match outcome {
        Ok(_) => Entry::Output,
        Err(error) => Entry::of(error),
    });
    Ok(serde_json::to_string(&outcomes.collect::<Vec<_>>())?)
}
