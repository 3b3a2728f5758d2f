#![no_main]

#[path = "../src/period.rs"]
mod period;

libfuzzer_sys::fuzz_target!(|text: &str| period::check(text));
