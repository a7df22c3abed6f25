//! Releases: the statement that is signed, the chain, signatures and their verification.
//!
//! [`seal()`] makes the working state of a corpus its next release, [`verify()`] judges a copy of a
//! corpus part by part.
//!
//! ```
//! use dateline::corpus::{Corpus, Part, WriteOptions, Writer};
//! use dateline::manifest::{CorpusName, Created, SealOptions, VerifyOptions, seal, verify};
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path();
//! # let mut writer = Writer::open(path, WriteOptions::default())?;
//! # let mut records = writer.part(Part::Withdrawals);
//! # let was = dateline::digest::Digest::of(b"");
//! # let line = format!(
//! #     r#"{{"format":"dateline/1","type":"withdrawal","id":"art-1","was":"{was}","reason":"error","date":"2026-01-31"}}"#,
//! # );
//! # records.push("art-1", line.as_bytes())?;
//! # writer.set(records.finish()?);
//! # writer.commit()?;
//! # std::fs::write(path.join("dateline.yaml"), "")?;
//! let options = SealOptions {
//!     private: None,
//!     name: CorpusName {
//!         origin: "example.org/floods".to_owned(),
//!         title: "Floods of the Upper Valley".to_owned(),
//!         license: None,
//!     },
//!     created: Created::from_unix(1_793_491_200).ok_or("beyond the calendar")?,
//!     key: None,
//!     unsigned: false,
//! };
//! let sealed = seal(path, &options)?;
//!
//! let mut options = VerifyOptions::at(1_793_500_000);
//! // Nobody signed it: all may be right, and nothing is proved.
//! assert_eq!(verify(&Corpus::open(path)?, &options)?.exit(), 3);
//! // A digest that was printed in a paper vouches for it.
//! options.cited = Some(sealed.release().digest);
//! assert_eq!(verify(&Corpus::open(path)?, &options)?.exit(), 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod committed;
pub mod key;
pub(crate) mod named;
mod read;
mod restore;
mod seal;
mod shown;
mod signatures;
pub mod signers;
pub mod sshsig;
mod statement;
mod verify;
mod wire;

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use read::ReadManifestError;
pub(crate) use read::bytes as manifest_bytes;
pub(crate) use restore::{computed, listed, restore};
pub use seal::{Release, SealError, SealOptions, Sealed, seal};
pub use shown::Shown;
pub use signatures::{SignatureFile, SignatureFileError, Signers, signatures};
pub use statement::{
    CorpusName, Created, CreatedError, DigestSet, MAX_LENGTH, Manifest, ManifestError,
    PREDICATE_TYPE, Predicate, PredicateType, Previous, Records, SUBJECTS, SchemaRef,
    StatementType, Subject, Tool, Traces,
};
pub(crate) use verify::withdrawals::unbound;
pub use verify::{
    Finding, Newer, PartName, PartResult, Summary as VerificationSummary, Verdict, Verification,
    VerifyError, VerifyOptions, verify,
};
