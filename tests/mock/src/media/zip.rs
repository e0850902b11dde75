//! A ZIP archive with its files stored as they are.

/// An archive of `files`: name and content.
pub(super) fn file(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = Vec::new();
    let mut directory = Vec::new();
    for (name, content) in files {
        let at = size(zip.len());
        let facts = facts(name, content);
        zip.extend(b"PK\x03\x04\x0a\x00");
        zip.extend(&facts);
        zip.extend(name.as_bytes());
        zip.extend(*content);
        directory.extend(b"PK\x01\x02\x0a\x00\x0a\x00");
        directory.extend(&facts);
        // No comment, first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, length) = (size(zip.len()), size(directory.len()));
    let count = u16::try_from(files.len()).unwrap_or(u16::MAX).to_le_bytes();
    zip.extend(directory);
    zip.extend(b"PK\x05\x06\x00\x00\x00\x00");
    zip.extend([count, count].concat());
    zip.extend([length.to_le_bytes(), start.to_le_bytes()].concat());
    zip.extend([0, 0]);
    zip
}

/// What the local header and the directory both say: flags, method, time, date, checksum, sizes, length of the name.
fn facts(name: &str, content: &[u8]) -> Vec<u8> {
    let length = size(content.len()).to_le_bytes();
    // Stored; midnight of 2026-01-01 in MS-DOS form.
    let mut facts = vec![0, 0, 0, 0, 0, 0, 0x21, 0x5c];
    facts.extend(crc32fast::hash(content).to_le_bytes());
    facts.extend([length, length].concat());
    facts.extend(u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes());
    facts.extend([0, 0]);
    facts
}

fn size(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
