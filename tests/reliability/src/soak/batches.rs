//! Batches in child processes that are killed and started again until they are done.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::Command;

use super::World;
use super::books::Entry;
use super::worker::Task;
use crate::setup::Transport;

const SORT: &str = "batch with a journal";

/// Runs one batch after the other until the end.
pub(super) async fn supervise(world: Arc<World>, supervisor: usize) {
    let folder = tempfile::tempdir().expect("a folder for journals");
    let mut random = fastrand::Rng::with_seed(world.settings.seed ^ (supervisor as u64 + 1) << 48);
    let mut number = 0_u64;
    while !world.is_over() {
        number += 1;
        let count = random.usize(5..25);
        let name = |input| format!("batch {supervisor}.{number}, input {input}");
        let task = Task {
            address: world.server.address(),
            ca: world.server.ca_pem().expect("a server with TLS").to_owned(),
            transport: Transport::ALL[random.usize(..3)],
            journal: folder.path().join(format!("{number}.jsonl")),
            prompts: (0..count).map(name).collect(),
        };
        for name in &task.prompts {
            world.books.open(name, SORT);
        }
        run_to_its_end(&world, &task, &mut random).await;
    }
}

/// A batch ends at the latest after so many starts: the last ones are not killed.
const STARTS: usize = 12;

async fn run_to_its_end(world: &World, task: &Task, random: &mut fastrand::Rng) {
    for start in 1..=2 * STARTS {
        let life = match start < STARTS && random.f64() < 0.8 {
            true => Duration::from_millis(random.u64(30..1_200)),
            false => Duration::from_secs(120),
        };
        let Some(entries) = run_once(world, task, life).await else {
            continue;
        };
        for (name, entry) in task.prompts.iter().zip(entries) {
            world.books.note(name, entry);
        }
        return;
    }
    for name in &task.prompts {
        world
            .books
            .note(name, Entry::Gone("the batch never ended".to_owned()));
    }
}

/// Starts the process and kills it after its life, unless it has ended.
async fn run_once(world: &World, task: &Task, life: Duration) -> Option<Vec<Entry>> {
    let task = serde_json::to_string(task).expect("a task is JSON");
    let mut child = Command::new(&world.settings.program)
        .args(["batch", &task])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("this program starts");
    world.books.count("processes started for batches", 1);
    let mut output = child.stdout.take().expect("a pipe");
    let mut text = String::new();
    let read = output.read_to_string(&mut text);
    if tokio::time::timeout(life, read).await.is_err() {
        // The same as `kill -9`.
        child.kill().await.expect("it can be killed");
        world.books.count("processes killed", 1);
        return None;
    }
    let status = child.wait().await.expect("it ends");
    if !status.success() {
        world.books.count("processes that ended with an error", 1);
        return None;
    }
    serde_json::from_str(&text).ok()
}
