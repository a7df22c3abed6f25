//! Verifying a copy of a corpus: what of it is as it was sealed, and who says so.
//!
//! Everything is judged by itself, and what cannot be checked is never taken for wrong: each
//! [`PartResult`] has a [`Verdict`], a reason where it is not plainly verified, and what it is about by
//! id, file and line.
//!
//! Trust comes from outside the corpus only: from the signers given, or from a digest printed in a
//! paper. Without either all may be right and nothing is proved; [`Verification::exit`] is 3 then.

mod index;
mod ledger;
mod lines;
mod named;
mod outside;
mod proof;
mod records;
mod releases;
mod signatures;
mod tally;
mod traces;
pub(super) mod withdrawals;

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use super::signers::AllowedSigners;
use crate::corpus::{Among, Corpus, OpenError, PathError, ReadError};
use crate::digest::Digest;
use crate::release::Placed;

/// How to verify.
#[derive(Debug, Clone, Copy)]
pub struct VerifyOptions<'a> {
    /// Who may sign, from the verifier and never from the corpus.
    pub signers: Option<&'a AllowedSigners>,
    /// The digest of the manifest that is cited.
    pub cited: Option<Digest>,
    /// The release that is judged: by default the one cited, where no signers are given, else the newest.
    pub release: Option<u64>,
    /// The instant at which the signers' times are judged, in seconds since 1970. Never the one at
    /// which the corpus says it was sealed.
    pub at: i64,
    /// Whether withheld contents are failures.
    pub require_content: bool,
    /// How many findings a part names at most; all are counted.
    pub limit: usize,
}

impl VerifyOptions<'_> {
    /// Neither signers nor citation; contents may be withheld; 20 findings.
    #[must_use]
    pub const fn at(at: i64) -> Self {
        Self {
            signers: None,
            cited: None,
            release: None,
            at,
            require_content: false,
            limit: 20,
        }
    }
}

/// What a check of one part came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is as it was sealed.
    Verified,
    /// It is not in this copy, and need not be.
    Withheld,
    /// A withdrawal stands in its place.
    Withdrawn,
    /// It is not as it was sealed.
    Failed,
    /// It could not be checked.
    Unverifiable,
}

/// What is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PartName {
    /// The manifest of a release: its form, and that it is that release's.
    Manifest,
    /// The way from a release to the one before it.
    Chain,
    /// `entries.txt`, or the entries rebuilt from `changes.txt`: digest, size and root.
    Entries,
    /// What a release says it changed, and that no article vanished.
    Changes,
    /// `traces.txt`: digest, size and root.
    TraceEntries,
    /// `inputs.jsonl`: its digest and its rules.
    Ledger,
    /// The schemas that the manifest names.
    Schemas,
    /// The records in the shards, against the entries.
    Records,
    /// What stands in the place of withdrawn records.
    Withdrawals,
    /// The contents of the articles, against their digests.
    Contents,
    /// The traces in the shards, against `traces.txt`.
    Traces,
    /// The profiles that the manifest names, against those of the traces.
    Profiles,
    /// The places in files that the traces name, against the ledger.
    Locations,
    /// The files among the records, as files: that they can be read and hold lines.
    Shards,
    /// A folder among the releases that has no manifest.
    Release,
    /// A signature.
    Signature,
    /// The newest release is signed by one of the signers given.
    Signers,
    /// The digest that is cited.
    Cited,
}

/// What became of checking one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PartResult {
    /// What was checked.
    pub part: PartName,
    /// Of which release; absent where it is about the corpus.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<u64>,
    /// What it came to.
    pub verdict: Verdict,
    /// How many there are of what it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Why, where the verdict does not say it; or what more is to be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The first of what is wrong, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// Whether all else can be proved without it.
    #[serde(skip)]
    aside: bool,
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The id of the record it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The file, relative to the corpus.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// What is wrong.
    pub message: String,
}

/// What verifying came to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verification {
    /// The release that was judged.
    pub release: u64,
    /// The digest of its manifest.
    pub digest: Option<Digest>,
    /// The release whose digest was cited.
    pub cited: Option<u64>,
    /// The newest release, where it is another than the one judged or cited.
    pub newer: Option<Newer>,
    /// Whether an allowed signature or the digest cited vouches for the release that was judged.
    pub vouched: bool,
    /// Whether an allowed signature does.
    pub signed: bool,
    /// Files that no verdict is about, in order, relative to the corpus.
    pub outside: Vec<String>,
    /// Every part, in the order in which they were checked.
    pub parts: Vec<PartResult>,
}

/// What verifying came to, without its parts.
#[derive(Debug, Clone, Serialize)]
pub struct Summary<'v> {
    format: &'static str,
    exit: u8,
    release: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<Digest>,
    vouched: bool,
    signed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    cited: Option<u64>,
    newer: Option<Newer>,
    outside: &'v [String],
}

/// A release that lies beside the one that was judged or cited, and is newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Newer {
    /// Its number.
    pub release: u64,
    /// The digest of its manifest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// Whether an allowed signature is on it.
    pub vouched: bool,
}

/// Why a corpus could not be verified at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// There is no release in it.
    #[error("`{0}` has no release: there is nothing to verify until `dateline seal` has made one")]
    Unsealed(String),
    /// The release that was asked for is not there.
    #[error("there is no release {0} in this copy")]
    NoRelease(u64),
    /// It could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A file of it could not be read, for reasons that say nothing of what is in it.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A file of a release could not be read, for reasons that say nothing of what is in it.
    #[error("`{file}` cannot be read: {source}")]
    Io {
        /// The file, relative to the corpus.
        file: String,
        /// Why not.
        source: std::io::Error,
    },
}

impl Verification {
    /// The exit code: 0 where everything holds and is vouched for; 1 where something is wrong; 3
    /// where nothing is wrong but something that matters could not be checked, or nobody vouches.
    #[must_use]
    pub fn exit(&self) -> u8 {
        if self.has(Verdict::Failed) {
            1
        } else if self.vouched && self.is_complete() {
            0
        } else {
            3
        }
    }

    /// Whether everything that matters could be checked.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.parts.iter().any(PartResult::stands_in_the_way)
    }

    /// What it came to as one object: what `--format json` ends with.
    ///
    /// ```json
    /// {"format":"dateline-verification/1","exit":3,"release":1,"digest":"sha256:…","vouched":true,
    ///  "signed":false,"cited":1,"newer":{"release":2,"digest":"sha256:…","vouched":false},"outside":[]}
    /// ```
    #[must_use]
    pub fn summary(&self) -> Summary<'_> {
        Summary {
            format: "dateline-verification/1",
            exit: self.exit(),
            release: self.release,
            digest: self.digest,
            vouched: self.vouched,
            signed: self.signed,
            cited: self.cited,
            newer: self.newer,
            outside: &self.outside,
        }
    }

    fn has(&self, verdict: Verdict) -> bool {
        self.parts.iter().any(|part| part.verdict == verdict)
    }
}

impl PartResult {
    /// Whether it could not be checked and had to be.
    fn stands_in_the_way(&self) -> bool {
        self.verdict == Verdict::Unverifiable && !self.aside
    }

    /// Says that nothing hangs on it: a signature by somebody else, a listing that is not signed.
    fn aside(mut self) -> Self {
        self.set_aside();
        self
    }

    fn set_aside(&mut self) {
        self.aside = true;
    }

    fn new(part: PartName, release: u64, verdict: Verdict) -> Self {
        Self {
            part,
            release: Some(release),
            verdict,
            count: None,
            reason: None,
            findings: Vec::new(),
            aside: false,
        }
    }

    fn because(mut self, reason: impl fmt::Display) -> Self {
        self.reason = Some(reason.to_string());
        self
    }

    fn counting(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }
}

impl PartName {
    /// The name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Manifest => "manifest",
            Self::Chain => "chain",
            Self::Entries => "entries",
            Self::Changes => "changes",
            Self::TraceEntries => "trace_entries",
            Self::Ledger => "ledger",
            Self::Schemas => "schemas",
            Self::Records => "records",
            Self::Withdrawals => "withdrawals",
            Self::Contents => "contents",
            Self::Traces => "traces",
            Self::Profiles => "profiles",
            Self::Locations => "locations",
            Self::Shards => "shards",
            Self::Release => "release",
            Self::Signature => "signature",
            Self::Signers => "signers",
            Self::Cited => "cited",
        }
    }
}

impl Verdict {
    /// The name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Withheld => "withheld",
            Self::Withdrawn => "withdrawn",
            Self::Failed => "failed",
            Self::Unverifiable => "unverifiable",
        }
    }
}

impl fmt::Display for Finding {
    /// `records/part-….jsonl:3: record `art-1`: …`, not escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            f.write_str(file)?;
            if let Some(line) = self.line {
                write!(f, ":{line}")?;
            }
            f.write_str(": ")?;
        }
        if let Some(id) = &self.id {
            write!(f, "`{id}`: ")?;
        }
        f.write_str(&self.message)
    }
}

/// Verifies a release of a corpus, and the chain behind it: the release asked for, else the one cited where no
/// signers are given, else the newest.
///
/// Reads every file of the release and among the records; writes nothing. The records are ticked off in
/// whatever order they come, in 24 bytes and a bit for each entry, and some 200 for each withdrawal.
///
/// # Errors
///
/// [`VerifyError`], where something could not be looked at. What is wrong with the corpus is no
/// error but a part that failed.
pub fn verify(corpus: &Corpus, options: &VerifyOptions<'_>) -> Result<Verification, VerifyError> {
    let Some(newest) = corpus.newest() else {
        return Err(VerifyError::Unsealed(corpus.root().display().to_string()));
    };
    let mut parts = outside::hollow(corpus);
    let chain = releases::read(corpus, &mut parts)?;
    let cited = signatures::cited(&chain, options);
    let alone = cited.filter(|_| options.signers.is_none());
    let number = options.release.or(alone).unwrap_or(newest);
    let Some(release) = chain.iter().find(|release| release.number == number) else {
        return Err(VerifyError::NoRelease(number));
    };
    let judged = Judged {
        number,
        size: release.size(),
        release,
    };
    let among = corpus.among();
    proof::verify(corpus, &chain, &judged, &among, options, &mut parts)?;
    let vouched = signatures::verify(corpus, &chain, &judged, cited, options, &mut parts)?;
    parts.extend(signatures::citation(
        &judged, cited, &vouched, newest, options,
    ));
    outside::newer(&judged, &mut parts);
    let latest = chain.first();
    let newer = (newest != number || cited.is_some_and(|cited| cited != newest)).then(|| Newer {
        release: newest,
        digest: latest.and_then(|release| release.digest),
        vouched: vouched.newest_signed == Some(newest),
    });
    let verification = Verification {
        release: number,
        digest: release.digest,
        cited,
        newer,
        vouched: vouched.signed || vouched.cited,
        signed: vouched.signed,
        outside: outside::files(corpus),
        parts,
    };
    // Shards that a writer has not named yet have records twice; one that gave up took them away again.
    let files = |among: &Among| -> Vec<_> {
        let files = among.files.iter();
        files.map(|file| Arc::clone(&file.source.file)).collect()
    };
    let changing = || corpus.is_being_written() || files(&among) != files(&corpus.among());
    if verification.exit() == 1 && changing() {
        return Err(OpenError::Changing(corpus.root().to_path_buf()).into());
    }
    Ok(verification)
}

/// The release that is judged.
struct Judged<'c> {
    number: u64,
    /// How many records its manifest counts.
    size: u64,
    release: &'c releases::Release,
}

/// The findings of one part: the first are kept, all are counted.
struct Findings {
    limit: usize,
    count: u64,
    kept: Vec<Finding>,
}

impl Findings {
    const fn new(limit: usize) -> Self {
        Self {
            limit,
            count: 0,
            kept: Vec::new(),
        }
    }

    fn push(&mut self, finding: Finding) {
        self.count += 1;
        if self.kept.len() < self.limit {
            self.kept.push(finding);
        }
    }

    /// Counts findings that are not kept.
    fn count_more(&mut self, more: usize) {
        self.count += u64::try_from(more).unwrap_or(u64::MAX);
    }

    /// Takes the findings of another.
    fn absorb(&mut self, other: Self) {
        self.count += other.count;
        let room = self.limit.saturating_sub(self.kept.len());
        self.kept.extend(other.kept.into_iter().take(room));
    }

    /// Failed with the findings where there are any, else as it was.
    fn judge(self, mut part: PartResult) -> PartResult {
        if self.count > 0 {
            part.verdict = Verdict::Failed;
            part.reason = Some(match self.count {
                1 => "1 is not as it was sealed".to_owned(),
                many => format!("{many} are not as they were sealed"),
            });
            part.findings = self.kept;
        }
        part
    }
}

/// An error, and what to do about it where that is known.
fn advised(error: &dyn fmt::Display, hint: Option<&str>) -> String {
    match hint {
        Some(hint) => format!("{error}: {hint}"),
        None => error.to_string(),
    }
}

/// A finding about a line; where that lies outside the corpus, nothing of it is shown.
fn about(placed: &Placed, outside: bool, message: String) -> Finding {
    Finding {
        id: (!outside).then(|| placed.entry.id.to_string()),
        file: Some(placed.file.to_string()),
        line: Some(placed.line),
        message,
    }
}

/// What a path that leads out of the corpus is to verifying: wrong, unless it could not be looked at.
fn outside(error: PathError) -> Result<String, VerifyError> {
    if let PathError::Io { path, source } = error {
        Err(VerifyError::Io { file: path, source })
    } else {
        Ok(error.to_string())
    }
}

#[cfg(test)]
mod tests;
