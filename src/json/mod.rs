//! Strict JSON: a flat tape of byte spans, pointers into it, and the canonical form.
