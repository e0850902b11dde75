//! What this process has used, as Linux tells it; zero elsewhere.

use std::fs;
use std::time::Duration;

/// The processor time of all threads.
pub fn cpu() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks = |at: usize| {
        let ticks = after.split_whitespace().nth(at);
        ticks.and_then(|ticks| ticks.parse::<u64>().ok())
    };
    // 100 ticks a second on Linux.
    Duration::from_millis(10 * (ticks(11).unwrap_or(0) + ticks(12).unwrap_or(0)))
}

/// The most memory that was in use at any time, in MiB.
pub fn peak_mib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}
