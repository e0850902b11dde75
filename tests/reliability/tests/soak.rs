//! A short soak: the same as `cargo xtask reliability --soak` for half a minute.

use std::path::PathBuf;
use std::time::Duration;

use fal_reliability::soak::{self, Settings};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_and_nothing_paid_twice() {
    let seed = fastrand::u64(..1_000_000);
    println!("the seed is {seed}");
    let soak = soak::run(Settings {
        seed,
        time: Duration::from_secs(20),
        callers: 4,
        program: PathBuf::from(env!("CARGO_BIN_EXE_fal-reliability")),
    })
    .await;
    println!("{:#?}", soak.figures);
    assert!(soak.wrong.is_empty(), "{:#?}", soak.wrong);
    assert_eq!((soak.duplicated, soak.lost), (0, 0));
    let figure = |name: &str| {
        let found = soak.figures.iter().find(|(figure, _)| figure == name);
        found.map_or(0, |(_, count)| *count)
    };
    for name in [
        "batch with a journal: output read",
        "processes killed",
        "restarts of the server",
        "typed subscribe: output read",
        "webhooks: outputs read",
    ] {
        assert!(figure(name) > 0, "{name}");
    }
}
