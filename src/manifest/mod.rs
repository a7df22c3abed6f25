//! Releases: the statement that is signed, the chain, signatures and their verification.

mod chain;
mod entries;
mod history;
pub mod key;
mod scan;
mod seal;
pub mod signers;
pub mod sshsig;
mod statement;
mod verify;
mod wire;

#[cfg(test)]
pub(crate) mod samples;

pub use chain::{ChangesError, Mismatch};
pub use entries::{Counts, Listing, OrderError, Summary};
pub use history::{HistoryError, released};
pub use scan::{Defect, Problem};
pub use seal::{Release, SealError, SealOptions, Sealed, seal};
pub use statement::{
    Changes, CorpusName, Created, CreatedError, DigestSet, MAX_LENGTH, Manifest, ManifestError,
    PREDICATE_TYPE, Predicate, PredicateType, Previous, Records, SUBJECTS, SchemaRef,
    StatementType, Subject, Tool, Traces,
};
pub use verify::{
    Finding, Part, PartName, Verdict, Verification, VerifyError, VerifyOptions, verify,
};
