//! The MP4 container (ISO/IEC 14496-12, -14, -15) around one video track.

use super::avc::{Clip, RATE};

/// A playable file whose index comes before its media.
pub(super) fn file(clip: &Clip) -> Vec<u8> {
    let kind = atom(b"ftyp", &[b"isom", &word(0x200)[..], b"isomiso2avc1mp41"]);
    let media: Vec<u8> = clip.pictures.iter().flat_map(|unit| sample(unit)).collect();
    // The index holds the place of the media, which depends on the index's length, which does not depend on the place.
    let length = kind.len() + movie(clip, 0).len() + 8;
    [kind, movie(clip, size(length)), atom(b"mdat", &[&media])].concat()
}

/// A unit after its length, as tracks store them.
fn sample(unit: &[u8]) -> Vec<u8> {
    [&word(size(unit.len()))[..], unit].concat()
}

fn movie(clip: &Clip, media_at: u32) -> Vec<u8> {
    let side = word(u32::from(clip.side) << 16);
    let duration = word(RATE);
    // Times, scale and duration; normal speed and volume; the matrix; the next track.
    let header = full(
        b"mvhd",
        0,
        &[
            &word(0),
            &word(0),
            &word(RATE),
            &duration,
            &word(0x1_0000),
            &[1, 0],
            &[0; 10],
            &matrix(),
            &[0; 24],
            &word(2),
        ],
    );
    let track = full(
        b"tkhd",
        3,
        &[
            &word(0),
            &word(0),
            &word(1),
            &word(0),
            &duration,
            &[0; 16],
            &matrix(),
            &side,
            &side,
        ],
    );
    atom(
        b"moov",
        &[&header, &atom(b"trak", &[&track, &media(clip, media_at)])],
    )
}

fn media(clip: &Clip, media_at: u32) -> Vec<u8> {
    // Scale and duration, undetermined language.
    let header = full(
        b"mdhd",
        0,
        &[
            &word(0),
            &word(0),
            &word(RATE),
            &word(RATE),
            &[0x55, 0xc4, 0, 0],
        ],
    );
    let handler = full(b"hdlr", 0, &[&word(0), b"vide", &[0; 12], b"fal-mock\0"]);
    let here = full(b"url ", 1, &[]);
    let information = atom(
        b"minf",
        &[
            &full(b"vmhd", 1, &[&[0; 8]]),
            &atom(b"dinf", &[&full(b"dref", 0, &[&word(1), &here])]),
            &table(clip, media_at),
        ],
    );
    atom(b"mdia", &[&header, &handler, &information])
}

/// Where each picture is and how long it lasts.
fn table(clip: &Clip, media_at: u32) -> Vec<u8> {
    let count = word(size(clip.pictures.len()));
    let sizes: Vec<u8> = clip
        .pictures
        .iter()
        .flat_map(|unit| word(size(unit.len() + 4)))
        .collect();
    let description = full(b"stsd", 0, &[&word(1), &codec(clip)]);
    let times = full(b"stts", 0, &[&word(1), &count, &word(1)]);
    let keys = full(b"stss", 0, &[&word(1), &word(1)]);
    let chunks = full(b"stsc", 0, &[&word(1), &word(1), &count, &word(1)]);
    let lengths = full(b"stsz", 0, &[&word(0), &count, &sizes]);
    let places = full(b"stco", 0, &[&word(1), &word(media_at)]);
    atom(
        b"stbl",
        &[&description, &times, &keys, &chunks, &lengths, &places],
    )
}

fn codec(clip: &Clip) -> Vec<u8> {
    let side = clip.side.to_be_bytes();
    // Profile, compatibility and level as in the sequence's parameters; lengths of four bytes; one of each parameters.
    let setup = atom(
        b"avcC",
        &[
            &[1],
            &clip.sequence[1..4],
            &[0xff, 0xe1],
            &half(clip.sequence.len()),
            &clip.sequence,
            &[1],
            &half(clip.picture.len()),
            &clip.picture,
        ],
    );
    let resolution = word(0x48_0000);
    atom(
        b"avc1",
        &[
            &[0; 6],
            &half(1),
            &[0; 16],
            &side,
            &side,
            &resolution,
            &resolution,
            &word(0),
            &half(1),
            &[0; 32],
            &[0, 24, 0xff, 0xff],
            &setup,
        ],
    )
}

fn matrix() -> Vec<u8> {
    [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000]
        .into_iter()
        .flat_map(word)
        .collect()
}

/// A box: length, name, content.
fn atom(name: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    [&word(size(content.len() + 8))[..], name, &content].concat()
}

/// A box with a version (0) and flags.
fn full(name: &[u8; 4], flags: u32, parts: &[&[u8]]) -> Vec<u8> {
    atom(name, &[&word(flags), &parts.concat()])
}

fn word(value: u32) -> [u8; 4] {
    value.to_be_bytes()
}

fn half(value: usize) -> [u8; 2] {
    u16::try_from(value).unwrap_or(u16::MAX).to_be_bytes()
}

fn size(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_fill_the_file_and_the_index_points_at_the_media() {
        let file = file(&super::super::avc::clip());
        let mut at = 0;
        let mut names = Vec::new();
        while at < file.len() {
            let length = u32::from_be_bytes(file[at..at + 4].try_into().unwrap()) as usize;
            names.push(String::from_utf8(file[at + 4..at + 8].to_vec()).unwrap());
            at += length;
        }
        assert_eq!(
            (at, names.as_slice()),
            (
                file.len(),
                ["ftyp", "moov", "mdat"].map(str::to_owned).as_slice()
            )
        );
        let place = file.windows(4).position(|name| name == b"stco").unwrap() + 12;
        let place = u32::from_be_bytes(file[place..place + 4].try_into().unwrap()) as usize;
        assert_eq!(&file[place - 4..place], b"mdat");
        assert_eq!(file[place + 4], 0x65, "the first picture stands alone");
    }
}
