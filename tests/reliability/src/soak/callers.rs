//! Callers: each makes one call after the other, of every sort and over every
//! transport.

use std::sync::Arc;
use std::time::Duration;

use fal_sdk::{Client, Error, StatusMode};
use fal_tests::sample::{ENDPOINT, SampleInput};
use serde_json::json;

use super::World;
use super::books::Entry;
use crate::setup::Transport;

const SORTS: [&str; 6] = [
    "typed subscribe",
    "typed subscribe that polls",
    "untyped subscribe",
    "typed run",
    "untyped run",
    "submit with a webhook",
];

/// Calls until the end.
pub(super) async fn call(world: Arc<World>, caller: usize) {
    let mut random = fastrand::Rng::with_seed(world.settings.seed ^ (caller as u64 + 1) << 32);
    let clients = Transport::ALL.map(|transport| world.client(transport));
    let mut number = 0_u64;
    while !world.is_over() {
        number += 1;
        let name = format!("caller {caller}, call {number}");
        let sort = SORTS[random.usize(..SORTS.len())];
        let fal = &clients[random.usize(..clients.len())];
        world.books.open(&name, sort);
        let entry = outcome(&world, fal, sort, &name).await;
        world.books.note(&name, entry);
        tokio::time::sleep(Duration::from_millis(random.u64(50..250))).await;
    }
}

async fn outcome(world: &World, fal: &Client, sort: &str, name: &str) -> Entry {
    let typed = || SampleInput::new(name);
    let untyped = || json!({ "prompt": name, "video_url": "https://example.com/walk.mp4" });
    let endpoint = || fal.endpoint(ENDPOINT).expect("a valid id");
    match sort {
        "typed subscribe" => entry(fal.subscribe(typed()).logs(true).await),
        "typed subscribe that polls" => {
            entry(fal.subscribe(typed()).status_mode(StatusMode::Poll).await)
        }
        "untyped subscribe" => entry(endpoint().subscribe(untyped()).await),
        "typed run" => entry(fal.run(typed()).await),
        "untyped run" => entry(endpoint().run(untyped()).await),
        _ => match fal.submit(typed()).webhook(world.hooks.url()).await {
            Ok(job) => Entry::Known(job.request_id().to_owned()),
            Err(error) => Entry::of(&error),
        },
    }
}

fn entry<T>(outcome: Result<T, Error>) -> Entry {
    match outcome {
        Ok(_) => Entry::Output,
        Err(error) => Entry::of(&error),
    }
}
