//! Runtimes: several of them, none, and threads that may wait.

use std::task::{Context, Poll, Waker};
use std::time::Duration;

use fal_sdk::{Error, ErrorKind, blocking};
use fal_tests::sample::{SampleInput, script};
use tokio::runtime::Builder;

use super::Section;
use crate::row::{Expected, Observation, Row};
use crate::setup::{Setup, Transport};

pub(super) fn rows(transport: Transport) -> Vec<Row> {
    let section = Section("Runtimes");
    let usage = |words| Expected::error(ErrorKind::Usage, words).counts(0, 0);
    vec![
        section.row(
            "one client on two `current_thread` runtimes in turn",
            "6 × run and subscribe",
            Expected::output().counts(12, 12),
            two_runtimes(transport),
        ),
        section.row(
            "on a thread of `spawn_blocking`",
            "blocking subscribe",
            Expected::output(),
            spawn_blocking(transport),
        ),
        section.row(
            "on a thread that drives a runtime",
            "blocking subscribe",
            usage(""),
            blocking_inside(transport),
        ),
        section.row(
            "outside of any runtime",
            "run",
            usage("outside a tokio runtime"),
            outside(transport),
        ),
    ]
}

fn input() -> SampleInput {
    SampleInput::new("a")
}

async fn two_runtimes(transport: Transport) -> Observation {
    let setup = Setup::new(transport, script()).await;
    let fal = setup.client();
    let calls = std::thread::spawn(move || {
        let runtime = || Builder::new_current_thread().enable_all().build();
        let runtimes = [runtime(), runtime()].map(|runtime| runtime.expect("a runtime"));
        let mut outcomes = Vec::new();
        for turn in 0..6 {
            let (run, subscribe) = runtimes[turn % 2]
                .block_on(async { (fal.run(input()).await, fal.subscribe(input()).await) });
            outcomes.push(run.map(drop));
            outcomes.push(subscribe.map(drop));
        }
        outcomes
    });
    let outcomes = join(calls).await;
    setup.observe_all(12, &outcomes)
}

/// The threads of the row's own runtime must not wait for another thread.
async fn join<T: Send + 'static>(thread: std::thread::JoinHandle<T>) -> T {
    while !thread.is_finished() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    thread.join().expect("it does not panic")
}

async fn spawn_blocking(transport: Transport) -> Observation {
    let setup = Setup::new(transport, script()).await;
    let fal = setup.client();
    let call = move || {
        let fal = blocking::Client::new(fal)?;
        fal.subscribe(input()).send()
    };
    let outcome = tokio::task::spawn_blocking(call).await;
    setup.observe(&outcome.expect("it does not panic"))
}

async fn blocking_inside(transport: Transport) -> Observation {
    let setup = Setup::new(transport, script()).await;
    let fal = setup.client();
    // A client of the blocking kind is made and dropped where it may wait.
    let made = tokio::task::spawn_blocking(move || blocking::Client::new(fal));
    let outcome = match made.await.expect("it does not panic") {
        Ok(fal) => {
            let outcome = fal.subscribe(input()).send();
            drop(tokio::task::spawn_blocking(move || drop(fal)).await);
            outcome
        }
        Err(error) => Err(error),
    };
    setup.observe(&outcome)
}

async fn outside(transport: Transport) -> Observation {
    let setup = Setup::new(transport, script()).await;
    let fal = setup.client();
    let call = std::thread::spawn(move || -> Result<(), Error> {
        let mut call = fal.run(input()).into_future();
        let mut context = Context::from_waker(Waker::noop());
        match call.as_mut().poll(&mut context) {
            Poll::Ready(outcome) => outcome.map(drop),
            Poll::Pending => Ok(()),
        }
    });
    setup.observe(&join(call).await)
}
