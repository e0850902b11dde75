//! Time, processor time and memory of this process.

use std::{fs, time::Instant};

use serde_json::{Value, json};

/// A measurement that has begun.
pub struct Meter {
    started: Instant,
    cpu: Option<f64>,
}

impl Meter {
    pub fn start() -> Self {
        Self {
            started: Instant::now(),
            cpu: cpu_seconds(),
        }
    }

    pub fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    /// What `calls` calls took.
    pub fn of_calls(&self, calls: usize, failures: usize) -> Value {
        let (seconds, cpu) = (self.seconds(), self.cpu_seconds());
        let each = calls as f64;
        json!({
            "seconds": seconds,
            "calls_per_second": each / seconds,
            "cpu_us": cpu.map(|cpu| cpu * 1e6 / each),
            "cpu_seconds": cpu,
            "peak_mib": peak_mib(),
            "failures": failures,
        })
    }

    /// What moving `bytes` took.
    pub fn of_bytes(&self, bytes: u64) -> Value {
        let seconds = self.seconds();
        json!({
            "seconds": seconds,
            "mib_per_second": bytes as f64 / f64::from(1 << 20) / seconds,
            "cpu_seconds": self.cpu_seconds(),
            "peak_mib": peak_mib(),
        })
    }

    pub fn cpu_seconds(&self) -> Option<f64> {
        Some(cpu_seconds()? - self.cpu?)
    }
}

/// Processor time of all threads that are alive, to the nanosecond; `None` where the system does not tell.
fn cpu_seconds() -> Option<f64> {
    let mut nanoseconds = 0_u64;
    for thread in fs::read_dir("/proc/self/task").ok()?.flatten() {
        // A thread may end meanwhile.
        if let Ok(text) = fs::read_to_string(thread.path().join("schedstat")) {
            nanoseconds += text.split(' ').next()?.parse::<u64>().ok()?;
        }
    }
    Some(nanoseconds as f64 / 1e9)
}

/// The most memory that this process ever held; `None` where the system does not tell.
pub fn peak_mib() -> Option<f64> {
    memory_mib("self", "VmHWM:")
}

/// The amount of memory that a line of a process' status names; `None` where the system does not tell.
pub fn memory_mib(process: &str, name: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib / 1024.0)
}
