//! A second of H.264 video, baseline profile: a picture of raw macroblocks (`I_PCM`), then pictures that skip all but one.

use super::bits::Bits;

/// Pictures a second, and how many there are.
pub(super) const RATE: u32 = 24;
/// Width and height in macroblocks of 16 pixels.
const SIDE: u32 = 4;
const BLOCKS: u32 = SIDE * SIDE;

/// An encoded clip.
pub(super) struct Clip {
    /// Width and height in pixels.
    pub(super) side: u16,
    /// The sequence's and the picture's parameters, each a NAL unit.
    pub(super) sequence: Vec<u8>,
    pub(super) picture: Vec<u8>,
    /// One NAL unit for each picture; only the first stands alone.
    pub(super) pictures: Vec<Vec<u8>>,
}

/// The clip that stands for every video.
pub(super) fn clip() -> Clip {
    let later = (1..RATE).map(moving);
    Clip {
        side: 16 * 4,
        sequence: sequence(),
        picture: picture(),
        pictures: std::iter::once(still()).chain(later).collect(),
    }
}

/// Baseline profile, level 1.0, output in the order of decoding.
fn sequence() -> Vec<u8> {
    let mut bits = Bits::default();
    bits.bytes(&[66, 0b1100_0000, 10]);
    // Id, frame numbers of 4 bits, order type 2, one reference picture.
    bits.golombs(&[0, 0, 2, 1]);
    bits.put(0, 1);
    bits.golombs(&[SIDE - 1, SIDE - 1]);
    // Frames only, direct inference; neither cropping nor usability information.
    bits.put(0b1100, 4);
    bits.unit(0x67)
}

fn picture() -> Vec<u8> {
    let mut bits = Bits::default();
    bits.golombs(&[0, 0]);
    // CAVLC, no field order.
    bits.put(0, 2);
    // One slice group, one reference each way.
    bits.golombs(&[0, 0, 0]);
    bits.put(0, 3);
    // Quantisers and their offset, unused by raw macroblocks.
    bits.golombs(&[0, 0, 0]);
    // Slices say whether to deblock; nothing constrained or redundant.
    bits.put(0b100, 3);
    bits.unit(0x68)
}

fn still() -> Vec<u8> {
    let mut bits = Bits::default();
    // From the first macroblock, all of them intra, first picture parameters.
    bits.golombs(&[0, 7, 0]);
    bits.put(0, 4);
    bits.golomb(0);
    // How reference pictures are marked.
    bits.put(0, 2);
    // No change of quantiser, no deblocking.
    bits.golombs(&[0, 1]);
    for block in 0..BLOCKS {
        bits.golomb(25);
        bits.bytes(&raw_block(60 + block * 8, 128));
    }
    bits.unit(0x65)
}

/// One macroblock lights up; the others stay as they were.
fn moving(number: u32) -> Vec<u8> {
    let lit = number % BLOCKS;
    let mut bits = Bits::default();
    bits.golombs(&[0, 5, 0]);
    bits.put(number % 16, 4);
    // Default references, in order, marked by age.
    bits.put(0, 3);
    bits.golombs(&[0, 1]);
    bits.golombs(&[lit, 30]);
    bits.bytes(&raw_block(220, 60 + number * 4));
    if lit + 1 < BLOCKS {
        bits.golomb(BLOCKS - lit - 1);
    }
    bits.unit(0x41)
}

/// 256 luma and 2 × 64 chroma samples.
fn raw_block(luma: u32, chroma: u32) -> Vec<u8> {
    let sample = |value: u32| u8::try_from(value).unwrap_or(u8::MAX);
    let mut samples = vec![sample(luma); 256];
    samples.resize(384, sample(chroma));
    samples
}
