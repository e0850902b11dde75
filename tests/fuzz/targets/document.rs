//! A document: whatever it says, what is generated from it is Rust.
#![no_main]

use fal_codegen::{Code, Options, Source, generate};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let outcome = generate(&[Source::new("fuzz.json", text)], &Options::default());
    let bug = outcome
        .diagnostics
        .iter()
        .find(|said| said.code == Code::Unprintable);
    assert!(
        bug.is_none(),
        "{}",
        bug.map(ToString::to_string).unwrap_or_default()
    );
});
