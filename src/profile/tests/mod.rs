//! Tests of profiles.

mod builtins;
