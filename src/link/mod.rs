//! Cross-references between records.
