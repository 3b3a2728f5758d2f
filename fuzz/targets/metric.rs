#![no_main]

#[path = "../src/metric.rs"]
mod metric;

libfuzzer_sys::fuzz_target!(|text: &str| metric::check(text));
