//! A small PNG: a colour gradient.

use std::io::Write;

use crc32fast::Hasher;
use flate2::{Compression, write::ZlibEncoder};

/// An RGB picture of `width` by `height` pixels.
pub(super) fn file(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    // Eight bits a channel, RGB, the only compression and filter method, not interlaced.
    header.extend([8, 2, 0, 0, 0]);
    chunk(&mut png, *b"IHDR", &header);
    chunk(&mut png, *b"IDAT", &compress(&pixels(width, height)));
    chunk(&mut png, *b"IEND", &[]);
    png
}

/// Every line starts with its filter, here none.
fn pixels(width: u32, height: u32) -> Vec<u8> {
    let shade = |at: u32, of: u32| u8::try_from(at * 255 / of.max(1)).unwrap_or(u8::MAX);
    let line = |y: u32| {
        let dots = (0..width).flat_map(move |x| [shade(x, width), shade(y, height), 160]);
        std::iter::once(0).chain(dots)
    };
    (0..height).flat_map(line).collect()
}

fn compress(raw: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // A `Vec` takes every byte.
    let written = encoder.write_all(raw).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}

fn chunk(png: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    let mut sum = Hasher::new();
    sum.update(&name);
    sum.update(data);
    png.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    png.extend(name);
    png.extend(data);
    png.extend(sum.finalize().to_be_bytes());
}
