//! Sealing the working state of a corpus as its next release.
//!
//! Nothing is on disk before all of it is: the release's folder is written beside, synced and given
//! its name in one step.

mod gather;

use std::io;
use std::path::Path;

use self::gather::{Gathered, Lists, gather};
use super::key::{PublicKey, SigningKey};
use super::named::schemas;
use super::read;
use super::restore::restore;
use super::signatures::{Signers, next_name};
use super::sshsig;
use super::statement::{
    CorpusName, Created, DigestSet, Manifest, ManifestError, Predicate, PredicateType, Previous,
    Records, SUBJECTS, StatementType, Subject, Tool, Traces,
};
use super::verify::VerifyError;
use super::verify::withdrawals::unbound;
use crate::corpus::{
    Corpus, ENTRIES, FileName, LEDGER, MANIFEST, OpenError, Part, PathError, ReadError, Source,
    TRACES, WriteError, WriteOptions, Writer,
};
use crate::digest::Digest;
use crate::json::canonical::CanonicalError;
use crate::record::Id;
use crate::release::{HistoryError, LedgerError, Problem, ReleaseDraft, WithdrawalFault};
use crate::takedown::{Barred, Gate, Private, TakedownError};

/// How many articles an error names.
const NAMED: usize = 5;

/// The name of the first signature.
pub(super) const SIGNATURE: &str = "manifest.json.sig";

/// How to seal.
#[derive(Debug, Clone)]
pub struct SealOptions<'a> {
    /// What the corpus is called.
    pub name: CorpusName,
    /// When it is sealed: the one clock in a corpus, handed in.
    pub created: Created,
    /// The folder beside the corpus that has the secret and the decisions of withdrawals;
    /// `<corpus>.private` where none is named.
    pub private: Option<&'a Private>,
    /// Who signs; absent for a release that is not signed.
    pub key: Option<&'a SigningKey>,
    /// Whether a release that follows a signed one may be left unsigned.
    pub unsigned: bool,
}

/// What sealing came to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sealed {
    /// There is a new release.
    Released(Release),
    /// The state is that of the newest release: nothing was written.
    Unchanged(Release),
    /// The state is that of the newest release, which this key had not signed and now has.
    Signed(Release),
}

/// A release that is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Release {
    /// What is said of it.
    pub manifest: Manifest,
    /// The digest of its manifest: what a paper cites.
    pub digest: Digest,
    /// Who signed it, by the files that lie beside it.
    pub signers: Signers,
    /// The signature that was added to it now.
    pub signature: Option<String>,
    /// How many contents are withheld.
    pub withheld: u64,
    /// How many of its articles have no trace and had one in the release before.
    pub untraced: u64,
    /// How many items of the dump were refused, for other reasons than a withdrawal.
    pub refused: u64,
}

/// Why a state is not sealed. What was on disk is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// A line must not be sealed.
    #[error(transparent)]
    Line(#[from] Problem),
    /// Articles, or withdrawals, of the release before are gone.
    #[error(
        "{count} of the release before {} neither there nor withdrawn: {}{}; bring them back, and withdraw only what is meant to go",
        if *.count == 1 { "is" } else { "are" },
        .ids.iter().map(Id::as_str).collect::<Vec<_>>().join(", "),
        if u64::try_from(.ids.len()).is_ok_and(|named| named < *.count) { ", …" } else { "" }
    )]
    Vanished {
        /// How many.
        count: u64,
        /// The first of them.
        ids: Vec<Id>,
    },
    /// Files of traces are gone, and with them traces of articles that are still there.
    #[error(
        "{count} {} of release {release} {} in files that are missing (`{file}`): bring them back from another copy",
        if *.count == 1 { "trace" } else { "traces" },
        if *.count == 1 { "was" } else { "were" }
    )]
    TracesGone {
        /// That release.
        release: u64,
        /// How many.
        count: u64,
        /// The first of the files.
        file: FileName,
    },
    /// There is no record.
    #[error("there is no record to seal")]
    Empty,
    /// The release before is signed, and this one would not be.
    #[error("release {release} is signed{}, and no key was given to sign the next one", by(.signers))]
    Unsigned {
        /// The release before.
        release: u64,
        /// Who signed it.
        signers: Signers,
    },
    /// A withdrawal says that something else was withdrawn than the releases before have.
    #[error("the withdrawal of `{id}`: {fault}")]
    Withdrawal {
        /// The record that it withdraws.
        id: Id,
        /// What is wrong with it.
        fault: WithdrawalFault,
    },
    /// The chain of releases cannot be looked at.
    #[error(transparent)]
    Chain(#[from] Box<VerifyError>),
    /// Articles are, or may be, ones that were withdrawn (`withdrawal-sealed`).
    #[error(
        "{count} {} withdrawn: {}{}",
        if *.count == 1 { "article is, or may be, one that was" } else { "articles are, or may be, ones that were" },
        barred(.first),
        if u64::try_from(.first.len()).is_ok_and(|named| named < *.count) { "; …" } else { "" }
    )]
    Withdrawn {
        /// How many.
        count: u64,
        /// The first of them, and why.
        first: Vec<(Id, Barred)>,
    },
    /// It is not known what was withdrawn.
    #[error(transparent)]
    Takedown(#[from] TakedownError),
    /// The manifest of the release before cannot be read, so nothing can follow on it.
    #[error("the manifest of release {release}: {source}")]
    Previous {
        /// That release.
        release: u64,
        /// Why not.
        source: ManifestError,
    },
    /// The manifest or the entries of the release before are not there.
    #[error("release {release} has no `{file}`")]
    Missing {
        /// That release.
        release: u64,
        /// The file.
        file: &'static str,
    },
    /// The manifest of the release before cannot be read.
    #[error("the manifest of release {release} cannot be read: {source}")]
    Unreadable {
        /// That release.
        release: u64,
        /// Why not.
        source: io::Error,
    },
    /// The corpus has another origin than in the release before.
    #[error(
        "the origin is `{}`, in the release before it was `{}`; a chain has one origin",
        .after.escape_debug(),
        .before.escape_debug()
    )]
    Origin {
        /// The origin of the release before.
        before: String,
        /// The origin given.
        after: String,
    },
    /// The entries of the release before are not those that it sealed.
    #[error("the entries of release {release} are not those its manifest names")]
    Altered {
        /// That release.
        release: u64,
    },
    /// The entries of the release before cannot be read.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// What the corpus is called cannot stand in a manifest.
    #[error("{0}")]
    Name(#[source] ManifestError),
    /// There are more than 2^53 − 1 of something.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// The corpus cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A path leads out of the corpus.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A line of the ledger breaks its rules.
    #[error("the ledger cannot be sealed: {0}")]
    Ledger(#[from] LedgerError),
    /// A list cannot be written.
    #[error("a list of the release cannot be written: {0}")]
    Write(#[source] io::Error),
    /// The release cannot be written.
    #[error(transparent)]
    Disk(#[from] WriteError),
}

fn barred(articles: &[(Id, Barred)]) -> String {
    let named = articles
        .iter()
        .map(|(id, Barred { of, by })| format!("{id} {}", by.predicate(of.as_str())));
    named.collect::<Vec<_>>().join("; ")
}

impl Sealed {
    /// The release that the corpus has now.
    #[must_use]
    pub const fn release(&self) -> &Release {
        match self {
            Self::Released(release) | Self::Unchanged(release) | Self::Signed(release) => release,
        }
    }
}

/// By which keys, for a message.
fn by(signers: &Signers) -> String {
    let keys: Vec<String> = signers.keys.iter().map(PublicKey::fingerprint).collect();
    if keys.is_empty() {
        String::new()
    } else {
        format!(" by {}", keys.join(", "))
    }
}

/// Seals the working state of the corpus at `path` as its next release, and signs it where a key is
/// given.
///
/// A state that the newest release sealed already is not sealed again; if a key is given that has not
/// signed that release, it signs it now, beside those that did. A release that follows a signed one is
/// signed, unless [`SealOptions::unsigned`] is set; one without records is not made.
///
/// Every line is read and held to what a verifier would: strict JSON, its schema, its place in the
/// order, the digest of its content. That the records are right in all else is for `check` to say,
/// before.
///
/// # Errors
///
/// [`SealError`]. What was on disk is as it was, except with [`WriteError::Behind`], when the
/// release is there and something that nothing names is too.
pub fn seal(path: &Path, options: &SealOptions<'_>) -> Result<Sealed, SealError> {
    // Opened first, so that a path that is no corpus is not made one.
    Corpus::open(path)?;
    restore(path)?;
    let draft = Writer::open(path, WriteOptions::default())?.release()?;
    let before = match draft.corpus().newest() {
        Some(number) => Some(Predecessor::read(draft.corpus(), number)?),
        None => None,
    };
    let beside = Private::beside(path);
    let private = options.private.unwrap_or(&beside);
    let gate = Gate::of(draft.corpus(), draft.state(), private)?;
    let barred = gate.barred_among(draft.state())?;
    if !barred.is_empty() {
        return Err(SealError::Withdrawn {
            count: u64::try_from(barred.len()).unwrap_or(u64::MAX),
            first: barred.into_iter().take(NAMED).collect(),
        });
    }
    let found = write_lists(&draft, before.as_ref())?;
    let manifest = state_of(options, before.as_ref().map(Predecessor::named), &found);
    let mut missing = draft.state().missing().iter();
    let of_traces =
        |file: &FileName| matches!(file, FileName::Shard(shard) if shard.part() == Part::Traces);
    let missing_traces = missing.find(|file| of_traces(file)).cloned();
    if let Some(before) = before {
        before.admits(&manifest, &found)?;
        if is_same(&before.manifest, &manifest) {
            draft.give_up_as_sealed()?;
            return unchanged(path, before, &found, options);
        }
        if let (Some(file), 1..) = (missing_traces, found.untraced) {
            return Err(SealError::TracesGone {
                release: before.number,
                count: found.untraced,
                file,
            });
        }
        if options.key.is_none() && !options.unsigned && before.signers.is_signed() {
            return Err(SealError::Unsigned {
                release: before.number,
                signers: before.signers,
            });
        }
    }
    if found.entries.size == 0 {
        return Err(SealError::Empty);
    }
    let unbound = unbound(draft.corpus(), found.withdrawals).map_err(Box::new)?;
    if let Some((id, fault)) = unbound.into_iter().next() {
        return Err(SealError::Withdrawal { id, fault });
    }
    let bytes = manifest.to_bytes()?;
    // What the corpus is called comes from outside; it must not make a manifest that is none.
    let manifest = Manifest::parse(&bytes).map_err(SealError::Name)?;
    draft.put(MANIFEST, &bytes)?;
    let mut signers = Signers::default();
    if let Some(key) = options.key {
        draft.put(SIGNATURE, sshsig::sign(key, &bytes).as_bytes())?;
        signers.keys.push(key.public());
    }
    draft.commit()?;
    Ok(Sealed::Released(Release {
        manifest,
        digest: Digest::of(&bytes),
        signers,
        signature: options.key.map(|_| SIGNATURE.to_owned()),
        withheld: found.withheld,
        untraced: found.untraced,
        refused: found.refused,
    }))
}

/// Writes the lists of a release and gives what they come to.
fn write_lists(draft: &ReleaseDraft, before: Option<&Predecessor>) -> Result<Gathered, SealError> {
    let mut entries = draft.create(ENTRIES)?;
    let mut traces = draft.create(TRACES)?;
    let mut ledger = draft.create(LEDGER)?;
    let mut lists = Lists {
        entries: &mut entries,
        traces: &mut traces,
        ledger: &mut ledger,
    };
    let entries_before = before.map(|before| before.entries.clone());
    let traces_before = before.and_then(|before| before.traces.clone());
    let found = gather(draft, entries_before, traces_before, &mut lists)?;
    for file in [entries, traces, ledger] {
        file.finish()?;
    }
    Ok(found)
}

/// The release before.
struct Predecessor {
    number: u64,
    bytes: Vec<u8>,
    manifest: Manifest,
    entries: Source,
    /// Its list of traces, where that is here.
    traces: Option<Source>,
    signers: Signers,
}

impl Predecessor {
    fn read(corpus: &Corpus, number: u64) -> Result<Self, SealError> {
        let missing = |file| SealError::Missing {
            release: number,
            file,
        };
        let bytes = read_manifest(corpus, number)?.ok_or_else(|| missing(MANIFEST))?;
        let manifest =
            Manifest::of(corpus, number, &bytes).map_err(|source| SealError::Previous {
                release: number,
                source,
            })?;
        let entries = corpus
            .release_source(number, ENTRIES)?
            .ok_or_else(|| missing(ENTRIES))?;
        let signers =
            Signers::of(corpus, number, &bytes).map_err(|source| SealError::Unreadable {
                release: number,
                source,
            })?;
        Ok(Self {
            number,
            bytes,
            manifest,
            entries,
            traces: corpus.release_source(number, TRACES)?,
            signers,
        })
    }

    /// As the next release names it.
    fn named(&self) -> Previous {
        Previous {
            release: self.number,
            digest: Digest::of(&self.bytes),
        }
    }

    /// Whether `manifest` may follow on it.
    fn admits(&self, manifest: &Manifest, found: &Gathered) -> Result<(), SealError> {
        let was = &self.manifest.predicate;
        if Some(found.previous.digest) != self.manifest.subject(ENTRIES)
            || found.previous.root != was.records.root
            || was.release != self.number
        {
            return Err(SealError::Altered {
                release: self.number,
            });
        }
        let (before, after) = (&was.corpus.origin, &manifest.predicate.corpus.origin);
        if before != after {
            return Err(SealError::Origin {
                before: before.clone(),
                after: after.clone(),
            });
        }
        Ok(())
    }
}

/// The newest release is what would be sealed: adds a signature where this key has not signed it.
fn unchanged(
    path: &Path,
    before: Predecessor,
    found: &Gathered,
    options: &SealOptions<'_>,
) -> Result<Sealed, SealError> {
    let mut release = Release {
        digest: Digest::of(&before.bytes),
        manifest: before.manifest,
        signers: before.signers,
        signature: None,
        withheld: found.withheld,
        untraced: found.untraced,
        refused: found.refused,
    };
    let has_signed = |key: &&SigningKey| release.signers.keys.contains(&key.public());
    let Some(key) = options.key.filter(|key| !has_signed(key)) else {
        return Ok(Sealed::Unchanged(release));
    };
    let writer = Writer::open(path, WriteOptions::default())?;
    // Another writer may have been here since.
    if read_manifest(writer.corpus(), before.number)?.as_ref() != Some(&before.bytes) {
        return Err(SealError::Altered {
            release: before.number,
        });
    }
    let signature = sshsig::sign(key, &before.bytes);
    let name = next_name(writer.corpus(), before.number)?;
    writer.add_to_release(before.number, &name, signature.as_bytes())?;
    release.signers.keys.push(key.public());
    release.signature = Some(name);
    Ok(Sealed::Signed(release))
}

/// The bytes of the manifest of a release, up to one more than any manifest has.
fn read_manifest(corpus: &Corpus, number: u64) -> Result<Option<Vec<u8>>, SealError> {
    let path = corpus.release_path(number, MANIFEST)?;
    match read::bytes(&path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(SealError::Unreadable {
            release: number,
            source,
        }),
    }
}

/// Whether a state is the one that a release sealed: its records, traces, inputs, name, schemas and
/// profiles are. Another version of the tool is no change.
fn is_same(before: &Manifest, after: &Manifest) -> bool {
    let (was, is) = (&before.predicate, &after.predicate);
    before.subject == after.subject
        && was.corpus == is.corpus
        && was.records == is.records
        && was.traces == is.traces
        && was.schemas == is.schemas
        && was.profiles == is.profiles
}

/// The statement of a state.
fn state_of(options: &SealOptions<'_>, previous: Option<Previous>, found: &Gathered) -> Manifest {
    let digest = |name| match name {
        ENTRIES => found.entries.digest,
        TRACES => found.traces.digest,
        _ => found.ledger,
    };
    let counts = found.entries.counts;
    Manifest {
        statement_type: StatementType::V1,
        subject: SUBJECTS.map(|name| Subject {
            name: name.to_owned(),
            digest: DigestSet {
                sha256: digest(name),
            },
        }),
        predicate_type: PredicateType::V1,
        predicate: Predicate {
            corpus: options.name.clone(),
            release: previous.map_or(1, |previous| previous.release.saturating_add(1)),
            created: options.created.clone(),
            previous,
            records: Records {
                article: counts.article,
                relation: counts.relation,
                withdrawal: counts.withdrawal,
                size: found.entries.size,
                root: found.entries.root,
            },
            traces: Traces {
                size: found.traces.size,
                root: found.traces.root,
            },
            changes: found.changes,
            schemas: schemas(),
            profiles: found.profiles.clone(),
            tool: Tool {
                name: env!("CARGO_PKG_NAME").to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
        },
    }
}

#[cfg(test)]
mod tests;
