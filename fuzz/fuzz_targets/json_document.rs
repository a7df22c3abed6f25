//! Any bytes read as a document of JSON.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| dateline_fuzz::json_document(data));
