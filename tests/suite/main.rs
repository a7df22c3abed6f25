//! The tests of the public API, as one binary.

mod adding;
mod architecture;
mod asked;
mod build;
mod ci_examples;
mod determinism;
mod flips;
mod generated;
mod hints;
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
mod repository;
mod shared;
mod signature_vectors;
mod signers_alike;
mod spec_examples;
mod spec_ids;
mod ssh_keygen;
<<<<<<< HEAD
mod telling;
=======
mod takedown;
>>>>>>> 4a2e51d (Withdraw by URL and domain, hold what may be a withdrawn article until a person decides, and hand out a receipt)
mod tool;
mod transcripts;
mod vectors;
mod verify_script;
