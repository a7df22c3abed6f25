//! The steps from a raw dump to a release, in one go.
//!
//! [`build()`] converts, checks, and seals what checks clean. Each step is a function of its own
//! ([`crate::convert()`], [`crate::check_corpus`], [`crate::seal()`]); what stands between them is here, for those who
//! say something on the way, as the tool does: [`refuse_unsigned`] before anything is written, [`obstacle`]
//! before anything is sealed.

use std::path::Path;

use crate::check::{self, CheckError, check_corpus};
use crate::convert::{self, ConvertError, Outcome, Scope, prepare};
use crate::corpus::{Corpus, OpenError};
use crate::diagnostic::Report;
use crate::dump::Input;
use crate::manifest::key::SigningKey;
use crate::manifest::{SealError, SealOptions, Sealed, Signers, seal};
use crate::withdraw::missing;

/// How a corpus is built.
#[derive(Debug)]
pub struct Options<'b> {
    /// How the dumps are converted.
    pub convert: convert::Options<'b>,
    /// How the release is sealed.
    pub seal: SealOptions<'b>,
    /// Whether a release is sealed although items were refused.
    pub allow_refused: bool,
}

/// What a build did.
#[derive(Debug)]
pub struct Built {
    /// What became of the inputs.
    pub outcome: Outcome,
    /// What is wrong with the corpus, its traces replayed on the inputs.
    pub report: Report,
    /// The release; or why there is no new one. The working state is written all the same.
    pub release: Result<Sealed, Obstacle>,
}

/// Why what was converted is not sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Obstacle {
    /// Items were refused, so many.
    #[error("items were refused: {0}")]
    Refused(u64),
    /// The corpus does not check clean.
    #[error("the corpus does not check clean")]
    Errors,
}

/// Why a corpus cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The dumps cannot be converted.
    #[error(transparent)]
    Convert(#[from] ConvertError),
    /// The corpus cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The corpus cannot be checked.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// The corpus cannot be sealed.
    #[error(transparent)]
    Seal(#[from] Box<SealError>),
}

/// Converts inputs into the corpus at `path`, checks it, and seals a release of what checks clean.
///
/// # Errors
///
/// [`BuildError`]. Where the conversion fails, or a key is missing, the corpus is as it was.
///
/// ```
/// use dateline::build::{Options, build};
/// use dateline::convert::{self, Take};
/// use dateline::corpus::Config;
/// use dateline::dump::{Progress, inputs};
/// use dateline::manifest::{CorpusName, SealOptions};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// let config = Config::default_for("harbour-news");
/// let options = Options {
///     convert: convert::Options {
///         profiles: dateline::profile::builtin().iter().collect(),
///         only_profiles: false,
///         config: &config,
///         take: Take::default(),
///         limit: None,
///         private: None,
///         progress: Progress::default(),
///     },
///     seal: SealOptions {
///         name: CorpusName {
///             origin: config.origin.to_string(),
///             title: config.title.clone(),
///             license: None,
///         },
///         created: "2026-01-01T00:00:00Z".parse()?,
///         private: None,
///         key: None,
///         unsigned: false,
///     },
///     allow_refused: false,
/// };
/// let files = inputs(&["examples/dumps".into()])?;
/// let built = build(&folder.path().join("corpus"), &files, &options)?;
/// assert_eq!(built.outcome.summary.records, 6);
/// assert_eq!(built.release?.release().manifest.predicate.release, 1);
/// # Ok(())
/// # }
/// ```
pub fn build(path: &Path, inputs: &[Input], options: &Options<'_>) -> Result<Built, BuildError> {
    let prepared = prepare(path, inputs, &options.convert)?;
    // Where articles go, withdrawals come before the next release, and only then the key.
    if prepared.outcome().going_released == 0 && prepared.would_change()? {
        refuse_unsigned(path, options.seal.key, options.seal.unsigned).map_err(Box::new)?;
    }
    let outcome = prepared.commit()?;
    let report = check_corpus(
        &Corpus::open(path)?,
        &check::Options {
            raw: inputs.to_vec(),
            raw_some: options.convert.take.scope == Scope::Add,
            private: options.seal.private.cloned(),
            limit: options.convert.limit,
            ..check::Options::default()
        },
    )?;
    let release = match obstacle(&outcome, &report, options.allow_refused) {
        Some(obstacle) => Err(obstacle),
        None => Ok(seal(path, &options.seal).map_err(Box::new)?),
    };
    Ok(Built {
        outcome,
        report,
        release,
    })
}

/// Why what was converted may not be sealed, by what became of the inputs and what is wrong with the corpus.
#[must_use]
pub fn obstacle(outcome: &Outcome, report: &Report, allow_refused: bool) -> Option<Obstacle> {
    let refused = outcome.summary.refused;
    let refused = (refused > 0 && !allow_refused).then_some(Obstacle::Refused(refused));
    // Where nothing is left, that is why.
    let nothing = report.records().total() == 0;
    refused
        .filter(|_| nothing)
        .or_else(|| report.has_errors().then_some(Obstacle::Errors))
        .or(refused)
}

/// Refuses what would be refused when the corpus is sealed, before anything is written: no key, behind a signed
/// release. Not where articles of that release are gone: these are to be withdrawn first.
///
/// # Errors
///
/// [`SealError::Unsigned`].
pub fn refuse_unsigned(
    path: &Path,
    key: Option<&SigningKey>,
    unsigned: bool,
) -> Result<(), SealError> {
    if key.is_some() || unsigned {
        return Ok(());
    }
    let Ok(corpus) = Corpus::open(path) else {
        return Ok(());
    };
    match (corpus.newest(), Signers::of_newest(&corpus)) {
        (Some(release), Ok(signers))
            if signers.is_signed() && missing(&corpus).is_ok_and(|gone| gone.is_empty()) =>
        {
            Err(SealError::Unsigned { release, signers })
        }
        _ => Ok(()),
    }
}
