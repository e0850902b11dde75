#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fal_sdk::fuzzing::timestamp(bytes));
