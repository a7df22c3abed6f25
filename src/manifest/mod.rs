//! Releases: the statement that is signed, the chain, signatures and their verification.
