//! The schemas built into dateline, compiled once.
