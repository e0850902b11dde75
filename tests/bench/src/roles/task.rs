//! What a caller is asked to do.

use std::{fs, io, time::Duration};

use serde_json::{Value, json};

use crate::Outcome;

/// The endpoint that is called.
pub const ENDPOINT: &str = "fal-ai/wan-22-vace-fun-a14b/depth";

/// A key of the right form.
pub const KEY: &str = "bench:0123456789abcdef";

/// What a caller is asked to do, and against which server.
pub struct Task {
    /// `run`, `notice`, `many`, `upload`, `download`, `streams`.
    pub name: String,
    /// The root URL of the server.
    pub base: String,
    /// The certificate of the server's CA.
    pub ca: Option<Vec<u8>>,
    options: Value,
}

impl Task {
    pub fn of(options: &Value) -> Outcome<Self> {
        let text = |name: &str| options[name].as_str().map(str::to_owned);
        Ok(Self {
            name: text("task").ok_or("no task")?,
            base: text("base").ok_or("no base")?,
            ca: text("ca").map(fs::read).transpose()?,
            options: options.clone(),
        })
    }

    pub fn count(&self, name: &str) -> usize {
        let count = self.options[name].as_u64().unwrap_or(1);
        usize::try_from(count).unwrap_or(usize::MAX)
    }

    pub fn text(&self, name: &str) -> Outcome<&str> {
        Ok(self.options[name]
            .as_str()
            .ok_or_else(|| format!("no {name}"))?)
    }

    /// The path that a file is downloaded to, without the file of an earlier download: one
    /// caller would begin by removing it, and another would keep it until its own is complete.
    pub fn target(&self) -> Outcome<&str> {
        let path = self.text("to")?;
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(path),
        }
    }

    /// How long each job runs.
    pub fn run_times(&self) -> Vec<Duration> {
        let times = self.options["run_ms"].as_array().into_iter().flatten();
        let times = times.filter_map(Value::as_u64);
        times.map(Duration::from_millis).collect()
    }

    pub fn unknown(&self) -> Outcome {
        Err(format!("this caller has no task {}", self.name).into())
    }
}

/// Runs a lane of calls on each of many tasks, and waits for all of them.
pub async fn on_lanes<L>(lanes: usize, lane: impl Fn() -> L) -> Outcome<()>
where
    L: Future<Output = Outcome<()>> + Send + 'static,
{
    let running: Vec<_> = (0..lanes).map(|_| tokio::spawn(lane())).collect();
    for lane in running {
        lane.await??;
    }
    Ok(())
}

/// The input of a job that runs for a known time.
pub fn timed_input(run: Duration) -> Value {
    json!({
        "prompt": "a walk",
        "video_url": "https://example.com/walk.mp4",
        "__mock": { "run_ms": u64::try_from(run.as_millis()).unwrap_or(u64::MAX) },
    })
}

/// What was left of each delay when the job's own time is taken off, as milliseconds.
pub fn delays(delays: Vec<Duration>) -> Value {
    let mut delays: Vec<f64> = delays
        .iter()
        .map(|delay| delay.as_secs_f64() * 1e3)
        .collect();
    delays.sort_by(f64::total_cmp);
    let at = |share: usize| delays.get((delays.len().saturating_sub(1)) * share / 100);
    json!({ "notice_ms": at(50), "notice_p90_ms": at(90), "jobs": delays.len() })
}
