//! The tests of the public API, as one binary.

mod architecture;
mod build;
mod determinism;
mod flips;
mod generated;
mod hostile;
mod hostile_files;
mod hostile_sizes;
mod hostile_text;
mod json_agreement;
mod json_vectors;
mod keys;
mod killed;
mod merkle_vectors;
mod poor_dump;
mod profile_layouts;
mod releases;
mod reports;
mod shared;
mod signature_vectors;
mod spec_ids;
mod ssh_keygen;
mod tool;
mod transcripts;
mod vectors;
mod verify_script;
