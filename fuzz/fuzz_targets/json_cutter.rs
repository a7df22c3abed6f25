//! Any bytes cut as JSON.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| dateline_fuzz::json_cutter(data));
