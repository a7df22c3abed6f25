//! Checking records, corpora and raw dumps.
