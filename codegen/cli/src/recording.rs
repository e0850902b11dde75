//! Runs the local server that records what a program exchanges with fal, and the one that replays a recording.

use crate::{
    Error, Outcome,
    mock::{addresses, interrupted},
    output::{counted, print},
    runtime,
};
use fal_mock::{Recorder, Replay, Urls};
use std::path::{Path, PathBuf};

/// The options that select recording or replaying.
#[derive(Debug, clap::Args)]
pub struct RecordingArgs {
    /// Pass requests on to fal, and record them with their replies in DIR; the key and other secrets are left out
    #[arg(long, value_name = "DIR", conflicts_with_all = ["replay", "ca", "any_app"])]
    record: Option<PathBuf>,
    /// Answer from the recording in DIR, without fal and without a key
    #[arg(long, value_name = "DIR", conflicts_with_all = ["ca", "any_app"])]
    replay: Option<PathBuf>,
    /// Pass requests on to this server instead of fal, such as another `cargo fal mock`
    #[arg(long, value_name = "URL", requires = "record")]
    upstream: Option<String>,
}

impl RecordingArgs {
    /// Records or replays until Ctrl-C. Returns `None` if neither option was given.
    ///
    /// # Errors
    ///
    /// If the port is taken, or the folder cannot be used.
    pub fn serve(&self, port: u16) -> Option<Result<Outcome, Error>> {
        match (&self.record, &self.replay) {
            (Some(folder), _) => Some(record(folder, self.upstream.as_deref(), port)),
            (None, Some(folder)) => Some(replay(folder, port)),
            (None, None) => None,
        }
    }
}

fn record(folder: &Path, upstream: Option<&str>, port: u16) -> Result<Outcome, Error> {
    let recorder = Recorder::builder(folder).port(port);
    let recorder = match upstream {
        Some(url) => recorder.upstream(url),
        None => recorder,
    };
    runtime()?.block_on(async {
        let recorder = recorder.start().await.map_err(refused)?;
        let doing = format!(
            "fal-mock records in {}, on {}",
            folder.display(),
            recorder.url()
        );
        greet(&doing, "FAL_KEY=YOUR_KEY", &recorder.url(), recorder.urls())?;
        interrupted().await?;
        let problems = recorder.problems();
        problems
            .iter()
            .for_each(|it| eprintln!("not recorded: {it}"));
        Ok(Outcome::of(problems.is_empty()))
    })
}

fn replay(folder: &Path, port: u16) -> Result<Outcome, Error> {
    let replay = Replay::builder(folder).port(port).repeat();
    runtime()?.block_on(async {
        let replay = replay.start().await.map_err(refused)?;
        let doing = format!("fal-mock replays {}, on {}", folder.display(), replay.url());
        greet(&doing, "FAL_KEY=id:secret", &replay.url(), replay.urls())?;
        interrupted().await?;
        let mismatches = replay.mismatches();
        mismatches.iter().for_each(|it| eprintln!("mismatch: {it}"));
        let unused = replay.unused().len();
        if unused > 0 {
            eprintln!(
                "note: {} of the recording not made",
                counted(unused, "request")
            );
        }
        Ok(Outcome::of(mismatches.is_empty()))
    })
}

fn greet(doing: &str, key: &str, url: &str, urls: &Urls) -> Result<(), Error> {
    print(&format!(
        "{doing}\n\nTo point a program at it:\n\n  FAL_BASE_URL={url} {key}\n\n{}",
        addresses(urls)
    ))
}

fn refused(error: fal_mock::Error) -> Error {
    Error::new(error.to_string())
        .help("see --record, --replay and --port in `cargo fal mock --help`")
}
