//! Processes that are killed at any moment: no job is paid for twice, and no outcome is lost.

use std::collections::HashSet;
use std::process::Child;
use std::time::{Duration, Instant};

use fal_batch_postgres::{Limits, Progress};
use fal_mock::{Fault, Route, Script};
use fal_test_postgres::free_address;

use crate::process::{Part, Setting, start};
use crate::world::{ENDPOINT, World, jobs_by_key, until, until_settled, until_true};

/// How often, with how many items; the whole is `FAL_KILLS=100 FAL_ITEMS=1000`.
fn number(name: &str, otherwise: usize) -> usize {
    let value = std::env::var(name).ok();
    value.map_or(otherwise, |value| value.parse().expect(name))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_at_any_moment_cost_nothing() {
    let (kills, items) = (number("FAL_KILLS", 12), number("FAL_ITEMS", 150));
    let seed = number("FAL_SEED", 7);
    let limits = Limits::none().concurrency(64).budget(1e6, 0.25);
    let script = Script::new().run(Duration::from_millis(50));
    let Some(world) = World::new(script, limits, items).await else {
        return;
    };
    let (server, batch) = (&world.server, &world.batch);
    // The reply comes late, so that many kills fall between a submit and its reply.
    server.inject(Fault::Delay { ms: 60 }.on(Route::Submit).always().handled());

    let setting = Setting {
        database: world.cluster.url(),
        schema: "fal_batch".to_owned(),
        fal: server.url(),
        receiver: free_address(),
    };
    let parts = [Part::Worker, Part::Worker, Part::Worker, Part::Receiver];
    let mut processes: Vec<Child> = parts.iter().map(|part| start(*part, &setting)).collect();
    let mut random = fastrand::Rng::with_seed(seed as u64);
    let mut during = 0;
    for kill in 0..kills {
        // However fast the machine is, the kills are spread over the whole of the work.
        let share = (kill * items / (kills + 1)) as u64;
        until(batch, |progress| begun(progress) >= share).await;
        tokio::time::sleep(Duration::from_millis(random.u64(0..60))).await;
        let which = random.usize(0..parts.len());
        let is_at_work = batch.progress().await.expect("progress").remaining() > 0;
        during += usize::from(is_at_work);
        processes[which].kill().expect("a process");
        processes[which].wait().expect("a process");
        processes[which] = start(parts[which], &setting);
    }
    let started = Instant::now();
    until_settled(batch).await;
    until_delivered(&world).await;
    println!(
        "{during} of {kills} kills at work; settled {:?} later",
        started.elapsed()
    );
    for mut process in processes {
        process.kill().expect("a process");
        process.wait().expect("a process");
    }
    // A killed worker may have left items with a lease.
    check_books(&world, items).await;
    assert!(
        during * 2 >= kills,
        "{during} of {kills} kills were at work"
    );
}

/// How many items are with fal, or were, or may have been.
fn begun(progress: &Progress) -> u64 {
    let states = ["submitted", "done", "failed", "unknown"];
    states.iter().map(|state| progress.count(state)).sum()
}

/// Waits until fal has posted every outcome.
async fn until_delivered(world: &World) {
    until_true("the deliveries", || {
        let delivered = world.server.deliveries();
        let accepted = delivered.iter();
        let accepted = accepted.filter(|delivery| delivery.status == Some(200));
        let accepted: HashSet<&str> = accepted.map(|each| each.request_id.as_str()).collect();
        let jobs = world.server.jobs();
        let mut jobs = jobs.iter();
        jobs.all(|job| accepted.contains(job.request_id.as_str()))
    })
    .await;
}

/// What fal counted is what the database says.
async fn check_books(world: &World, items: usize) {
    let jobs = jobs_by_key(&world.server);
    let paid_twice = jobs.values().filter(|count| **count > 1).count();
    assert_eq!(paid_twice, 0, "jobs paid twice: {jobs:?}");
    let sql = world.cluster.sql().await;
    let rows = sql
        .query(
            "SELECT key, state, request_id, output IS NOT NULL, endpoint FROM fal_batch.items",
            &[],
        )
        .await
        .expect("items");
    assert_eq!(rows.len(), items);
    let (mut lost, mut unknown) = (Vec::new(), 0);
    for row in &rows {
        let (key, state): (String, String) = (row.get(0), row.get(1));
        assert_eq!(row.get::<_, String>(4), ENDPOINT);
        match (jobs.contains_key(&key), state.as_str()) {
            (true, "done") => {
                let has_both = row.get::<_, Option<String>>(2).is_some() && row.get::<_, bool>(3);
                assert!(has_both, "{key}");
            }
            // There is no job, though nobody here can know that.
            (false, "unknown") => unknown += 1,
            _ => lost.push((key, state)),
        }
    }
    println!("{items} items, {} jobs, {unknown} unknown", jobs.len());
    assert!(lost.is_empty(), "outcomes lost: {lost:?}");
    let row = sql
        .query_one(
            "SELECT in_flight, spent::float8, reserved::float8 FROM fal_batch.batches",
            &[],
        )
        .await
        .expect("the batch");
    let (in_flight, spent, reserved): (i64, f64, f64) = (row.get(0), row.get(1), row.get(2));
    assert_eq!(in_flight, 0);
    assert_eq!(spent, 0.25 * jobs.len() as f64);
    assert_eq!(reserved, 0.25 * f64::from(unknown));
}
