//! What this process has used, as Linux tells it; zero elsewhere.

use std::fs;
use std::time::Duration;

/// The processor time of all threads.
pub fn cpu() -> Duration {
    ticks(11)
}

/// The processor time of child processes that were waited for.
pub fn cpu_of_children() -> Duration {
    ticks(13)
}

/// A field of `/proc/self/stat` behind the name, and the one after it: time in user
/// mode and in the kernel.
fn ticks(at: usize) -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let both = after.split_whitespace().skip(at).take(2);
    let ticks = both.filter_map(|ticks| ticks.parse::<u64>().ok());
    // 100 ticks a second on Linux.
    Duration::from_millis(10 * ticks.sum::<u64>())
}

/// The most memory that was in use at any time, in MiB.
pub fn peak_mib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}
