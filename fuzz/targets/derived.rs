#![no_main]

#[path = "../src/derived.rs"]
mod derived;

libfuzzer_sys::fuzz_target!(|text: &str| derived::check(text));
