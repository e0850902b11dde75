//! A short WAV: one tone.

const RATE: u32 = 16_000;

/// A sine of `frequency` hertz for `seconds`, 16-bit mono at 16 kHz.
pub(super) fn file(frequency: f64, seconds: f64) -> Vec<u8> {
    let samples = tone(frequency, seconds);
    let size = u32::try_from(samples.len()).unwrap_or(u32::MAX);
    let mut wav = b"RIFF".to_vec();
    wav.extend((36 + size).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    // PCM, one channel.
    wav.extend([1, 0, 1, 0]);
    wav.extend(RATE.to_le_bytes());
    wav.extend((RATE * 2).to_le_bytes());
    // Bytes a frame, bits a sample.
    wav.extend([2, 0, 16, 0]);
    wav.extend(b"data");
    wav.extend(size.to_le_bytes());
    wav.extend(samples);
    wav
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "a third of the range of i16"
)]
fn tone(frequency: f64, seconds: f64) -> Vec<u8> {
    let turn = std::f64::consts::TAU * frequency / f64::from(RATE);
    let count = (seconds * f64::from(RATE)) as i32;
    let sample = |at: i32| ((f64::from(at) * turn).sin() * 10_000.0) as i16;
    (0..count).flat_map(|at| sample(at).to_le_bytes()).collect()
}
