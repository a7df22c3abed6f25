//! Any location opened in a file of any bytes.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| dateline_fuzz::location(data));
