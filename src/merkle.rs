//! The Merkle tree of RFC 9162 over sorted entry lines.
