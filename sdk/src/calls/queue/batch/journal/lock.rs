//! Locks a journal, so that no second batch uses it at the same time.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::transport::error::{Error, ErrorKind, Result};

/// How long to wait for the lock: the last write of a batch that was just dropped may still
/// be under way.
const PATIENCE: Duration = Duration::from_secs(3);

/// A file beside a locked journal that names the process that uses it. It is only information
/// for people: the lock itself is one of the operating system, and ends with the process.
#[derive(Debug)]
pub(super) struct HolderNote(PathBuf);

/// Locks the open journal for this batch, until the file is closed.
///
/// # Errors
/// When another batch uses the journal, and when the file system does not support locks.
pub(super) fn lock_file(file: &File, journal: &Path) -> Result<HolderNote> {
    let started = Instant::now();
    let note = note_path(journal);
    loop {
        match file.try_lock() {
            Ok(()) => {
                let holder = json!({"pid": std::process::id(), "host": host_name()});
                // Without the note, the error of a refused batch does not name the process.
                let _ = fs::write(&note, holder.to_string());
                return Ok(HolderNote(note));
            }
            Err(TryLockError::WouldBlock) if started.elapsed() < PATIENCE => {
                thread::sleep(Duration::from_millis(20));
            }
            Err(TryLockError::WouldBlock) => return Err(in_use(journal, &note)),
            Err(TryLockError::Error(source)) => {
                let shown = journal.display();
                let message = format!("the journal {shown} cannot be locked: {source}");
                return Err(Error::new(ErrorKind::Io, message)
                    .with_source(source)
                    .with_hint("keep the journal on a file system that supports locks"));
            }
        }
    }
}

impl Drop for HolderNote {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn note_path(journal: &Path) -> PathBuf {
    let mut path = journal.as_os_str().to_owned();
    path.push(".lock");
    path.into()
}

fn in_use(journal: &Path, note: &Path) -> Error {
    let holder = fs::read(note)
        .ok()
        .and_then(|note| describe(&serde_json::from_slice(&note).ok()?));
    let holder = holder.unwrap_or_else(|| "another process".to_owned());
    let message = format!("the journal {} is in use by {holder}", journal.display());
    Error::new(ErrorKind::Usage, message).with_hint(
        "nothing was submitted; wait until that batch has ended or end its process, or give each \
         batch a journal of its own",
    )
}

fn describe(holder: &Value) -> Option<String> {
    let pid = holder.get("pid")?.as_u64()?;
    let host = holder.get("host").and_then(Value::as_str);
    let here = host_name();
    Some(match host {
        host if pid == u64::from(std::process::id()) && host == here.as_deref() => {
            format!("another batch of this process ({pid})")
        }
        Some(host) if Some(host) != here.as_deref() => {
            format!("the process {pid} on {}", host.escape_debug())
        }
        _ => format!("the process {pid}"),
    })
}

/// The name of this machine, if it can be found without the network.
fn host_name() -> Option<String> {
    let of_file = fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = of_file
        .or_else(|| std::env::var("HOSTNAME").ok())
        .or_else(|| std::env::var("COMPUTERNAME").ok())?;
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_batch_is_refused_until_the_first_one_ends() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let first = File::create(&path).unwrap();
        let note = lock_file(&first, &path).unwrap();
        let second = File::open(&path).unwrap();
        let error = lock_file(&second, &path).map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        let words = error.to_string();
        let pid = std::process::id().to_string();
        assert!(
            words.contains("this process") && words.contains(&pid),
            "{words}"
        );
        drop((note, first));
        assert!(!note_path(&path).exists());
        let _note = lock_file(&second, &path).unwrap();
    }

    #[test]
    fn the_holder_is_named_as_far_as_it_is_known() {
        let elsewhere = json!({"pid": 7, "host": "far\u{1b}away"});
        let words = describe(&elsewhere).unwrap();
        assert_eq!(words, "the process 7 on far\\u{1b}away");
        let here = json!({"pid": 7, "host": host_name()});
        assert_eq!(describe(&here).unwrap(), "the process 7");
        assert_eq!(describe(&json!({"pid": "x"})), None);
    }
}
