#![no_main]

#[path = "../src/mapping.rs"]
mod mapping;

libfuzzer_sys::fuzz_target!(|text: &str| mapping::check(text));
