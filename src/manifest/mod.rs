//! Releases: the statement that is signed, the chain, signatures and their verification.

pub mod key;
pub mod signers;
pub mod sshsig;
mod wire;
