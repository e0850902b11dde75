//! Random mutations of inputs, for tests of the parsers of untrusted data.
//!
//! Each parser has a short test `mutated…`. `FAL_MUTATIONS=10000000 cargo test --release -p fal-sdk --all-features mutated` tries
//! more mutations, and `FAL_MUTATION_SEED` changes which ones. If `FAL_SEEDS` names a folder, the inputs that the tests start with
//! are written there for the fuzz targets in `tests/fuzz`, which make the same checks.

use std::path::Path;
use std::{env, fs, thread};

use fastrand::Rng;

/// How many mutations a test tries, unless `FAL_MUTATIONS` is set.
const DEFAULT: usize = 3_000;
/// Bytes that have a meaning in one of the formats.
const TELLING: &[u8] =
    b"\0\n\r\t \"%+,-.:;=[]\\{}\x7f\x80\xc0\xc1\xdb\xdc\xdd\xde\xdf\xef\xbb\xbf\xff09TZaz";

/// Calls `check` with mutations of `seeds`. A panic shows the mutation that led to it.
pub(crate) fn each_mutation(target: &str, seeds: &[&[u8]], check: fn(&[u8])) {
    if let Some(folder) = env::var_os("FAL_SEEDS") {
        write_seeds(&Path::new(&folder).join(target), seeds);
    }
    let mut random = Rng::with_seed(setting("FAL_MUTATION_SEED").unwrap_or(1));
    let count = setting("FAL_MUTATIONS").map_or(DEFAULT, |count| count as usize);
    for _ in 0..count {
        let bytes = mutation(seeds, &mut random);
        let shown = ShownOnPanic(&bytes);
        check(&bytes);
        drop(shown);
    }
}

fn setting(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}

fn write_seeds(folder: &Path, seeds: &[&[u8]]) {
    fs::create_dir_all(folder).unwrap();
    for (number, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("seed-{number}")), seed).unwrap();
    }
}

struct ShownOnPanic<'b>(&'b [u8]);

impl Drop for ShownOnPanic<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("after the mutation {}", self.0.escape_ascii());
        }
    }
}

/// One of the seeds with one to six changes.
fn mutation(seeds: &[&[u8]], random: &mut Rng) -> Vec<u8> {
    let pick = |random: &mut Rng| seeds[random.usize(..seeds.len())];
    let mut bytes = pick(random).to_vec();
    for _ in 0..random.usize(1..=6) {
        let at = random.usize(..=bytes.len());
        let end = random.usize(at..=bytes.len().min(at + 16));
        match random.u8(..7) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.insert(at, TELLING[random.usize(..TELLING.len())]),
            3 => bytes.insert(at, random.u8(..)),
            4 => {
                let part = bytes[at..end].repeat(random.usize(1..40));
                drop(bytes.splice(at..at, part));
            }
            5 => {
                let other = pick(random);
                let from = random.usize(..=other.len());
                drop(bytes.splice(at..end, other[from..].iter().copied()));
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.u8(..8);
                }
            }
        }
    }
    bytes
}
