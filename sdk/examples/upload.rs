//! Uploads files, and prints their URLs; large ones in parts, several at once. Stopped and
//! started again, it sends no part again that is stored: the list of them is kept beside
//! the file.
//!
//! ```text
//! FAL_BASE_URL=http://127.0.0.1:4010 FAL_KEY=id:secret \
//!     cargo run --example upload -- FILE…
//! ```

use std::io::{IsTerminal, Write};
use std::time::Duration;

use fal_sdk::lifecycle::Lifecycle;
use fal_sdk::{Client, Progress};

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    if paths.is_empty() {
        eprintln!("usage: upload FILE…");
        std::process::exit(2);
    }
    let storage = Client::from_env()?.storage();
    for path in paths {
        let mut upload = storage
            .upload_file(&path)
            .lifecycle(Lifecycle::expires_in(Duration::from_secs(24 * 3_600)))
            .on_progress(show)
            .resumable()
            .keep_parts_in(format!("{path}.parts"));
        let file = match upload.send().await {
            // What got through is not sent again.
            Err(error) if error.is_retryable() => upload.send().await?,
            sent => sent?,
        };
        println!("{path}: {}", file.url);
    }
    Ok(())
}

/// One line that is written over, for terminals.
fn show(progress: Progress) {
    let mut terminal = std::io::stderr();
    if !terminal.is_terminal() {
        return;
    }
    let done = progress.fraction().is_some_and(|share| share >= 1.0);
    let end = if done { "\n" } else { "" };
    // Progress that cannot be shown is no reason to stop.
    let _ = write!(terminal, "\r{progress}{end}");
}
