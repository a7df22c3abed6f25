//! Saying what a path is, what state it is in, and what to do next. Nothing is written.

mod file;
mod records;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::convert::Converter;
use crate::corpus::{
    CONFIG, Corpus, FILES, MANIFEST, OpenError, Part, PathError, RELEASES, ReadError as LineError,
    State,
};
use crate::digest::{Digest, Hasher};
use crate::dump::{Input, InputError, ReadError, inputs, repeatable};
use crate::manifest::{Manifest, ManifestError, manifest_bytes, signatures};
use crate::profile;
use crate::record::IdRule;

pub use file::{FileLook, file};
pub use records::{is_named_records, is_records, says_records};

/// What a path is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// In a few words.
    pub what: String,
    /// What is known of it: names and values.
    pub facts: Vec<(&'static str, String)>,
    /// Its files, where it is a raw dump.
    pub files: Vec<FileLook>,
    /// Commands that come next, most likely first.
    pub next: Vec<String>,
}

/// Why a path cannot be looked at.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LookError {
    /// There is nothing there.
    #[error("`{}` does not exist", .0.display())]
    Missing(PathBuf),
    /// It cannot be read.
    #[error("cannot read `{}`", .path.display())]
    Io {
        /// What.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Its files cannot be listed.
    #[error(transparent)]
    Inputs(#[from] InputError),
    /// One of its files cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It is a corpus that does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A path in the corpus leads out of it.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A shard cannot be read.
    #[error(transparent)]
    Lines(#[from] LineError),
}

/// A path as one word of a command for a POSIX shell, in quotes where it needs them.
///
/// ```
/// use dateline::look::word;
///
/// assert_eq!(word("dumps/2021"), "dumps/2021");
/// assert_eq!(word("my dumps"), "'my dumps'");
/// assert_eq!(word("-dump"), "./-dump");
/// ```
#[must_use]
pub fn word(path: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_alphanumeric() || "/._-+=:@%,~".contains(c);
    let path = if path.starts_with(['-', '~']) {
        Cow::Owned(format!("./{path}"))
    } else {
        Cow::Borrowed(path)
    };
    if !path.is_empty() && path.chars().all(plain) {
        path
    } else {
        Cow::Owned(format!("'{}'", path.replace('\'', r"'\''")))
    }
}

/// The command that seals the corpus `shown`, to be printed: with the key in the file `key`, where it is
/// known; else, where the release before is signed, with one to be named.
///
/// ```
/// use dateline::look::seal_command;
///
/// assert_eq!(seal_command("corpus", None, false), "dateline seal corpus");
/// assert_eq!(seal_command("corpus", None, true), "dateline seal corpus --key FILE");
/// assert_eq!(
///     seal_command("corpus", Some("my key"), true),
///     "dateline seal corpus --key 'my key'",
/// );
/// ```
#[must_use]
pub fn seal_command(shown: &str, key: Option<&str>, signed: bool) -> String {
    let corpus = word(shown);
    match key {
        Some(key) => format!("dateline seal {corpus} --key {}", word(key)),
        None if signed => format!("dateline seal {corpus} --key FILE"),
        None => format!("dateline seal {corpus}"),
    }
}

/// Looks at `path`: a corpus, a release of one, a shard, files of records, or else a raw dump.
///
/// `shown` is how the path is written in the commands that come next.
///
/// # Errors
///
/// [`LookError`], where it cannot be read.
pub fn look(path: &Path, shown: &str) -> Result<Look, LookError> {
    let unreadable = |source: io::Error| {
        if source.kind() == io::ErrorKind::NotFound {
            LookError::Missing(path.to_owned())
        } else {
            LookError::Io {
                path: path.to_owned(),
                source,
            }
        }
    };
    if fs::metadata(path).map_err(unreadable)?.is_dir() {
        if path.join(MANIFEST).is_file() {
            return manifest(&path.join(MANIFEST), shown);
        }
        return match Corpus::open(path) {
            Ok(found) => corpus(&found, shown),
            Err(OpenError::NotACorpus(_)) => raw(path, shown),
            Err(error) => Err(error.into()),
        };
    }
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    if name == MANIFEST {
        manifest(path, shown)
    } else if records::is_shard(path) {
        Ok(Look {
            what: "a shard of a corpus".to_owned(),
            facts: Vec::new(),
            files: Vec::new(),
            next: vec![format!("dateline check {}", word(shown))],
        })
    } else if name == CONFIG || name == FILES {
        let parent = shown.strip_suffix(name).unwrap_or(shown);
        let parent = if parent.is_empty() { "." } else { parent };
        Ok(Look {
            what: "a file of a corpus".to_owned(),
            facts: Vec::new(),
            files: Vec::new(),
            next: vec![format!("dateline {}", word(parent))],
        })
    } else {
        raw(path, shown)
    }
}

fn corpus(corpus: &Corpus, shown: &str) -> Result<Look, LookError> {
    let state = corpus.working()?;
    let name = shown;
    let shown = word(shown);
    let mut facts = Vec::new();
    let changed = state.listing() == Some(FILES) && !is_sealed(corpus, &state)?;
    let newest = match corpus.newest() {
        Some(number) => match newest(corpus, number)? {
            Ok(newest) => Some(newest),
            Err(error) => return Ok(damaged(number, &error, &shown)),
        },
        None => None,
    };
    if let Some((manifest, _)) = &newest {
        let about = &manifest.predicate.corpus;
        facts.push(("title", about.title.clone()));
        facts.push(("origin", about.origin.clone()));
    }
    let sealed = newest
        .as_ref()
        .map(|(manifest, _)| manifest.predicate.records);
    let mut other = !state.unnamed().is_empty();
    for (name, part, sealed) in [
        ("articles", Part::Records, sealed.map(|all| all.article)),
        ("relations", Part::Relations, sealed.map(|all| all.relation)),
        (
            "withdrawals",
            Part::Withdrawals,
            sealed.map(|all| all.withdrawal),
        ),
    ] {
        let mut count = 0_u64;
        for line in state.lines(part)? {
            line?;
            count += 1;
        }
        other |= sealed.is_some_and(|sealed| sealed != count);
        facts.push((name, count.to_string()));
    }
    let (what, next) = match (&newest, changed) {
        (Some(_), false) if other => (
            "a corpus whose files are not those of its newest release",
            vec![
                format!("dateline check {shown}"),
                format!("dateline verify {shown}"),
            ],
        ),
        (None, _) => (
            "a corpus that is not sealed",
            vec![
                format!("dateline check {shown}"),
                seal_command(name, None, true),
            ],
        ),
        (Some((_, signed)), true) => (
            "a corpus that was changed after its newest release",
            vec![
                format!("dateline check {shown}"),
                seal_command(name, None, *signed),
            ],
        ),
        (Some((_, true)), false) => (
            "a sealed and signed corpus",
            vec![
                format!("dateline verify {shown} --signers FILE"),
                format!("dateline cite {shown}"),
            ],
        ),
        (Some((_, false)), false) => (
            "a sealed corpus without a signature",
            vec![
                seal_command(name, None, true),
                format!("dateline cite {shown}"),
            ],
        ),
    };
    if let Some((manifest, signed)) = newest {
        let predicate = &manifest.predicate;
        let signed = if signed { "signed" } else { "not signed" };
        facts.push((
            "release",
            format!("{} of {}, {signed}", predicate.release, predicate.created),
        ));
    }
    for number in corpus.hollow() {
        let hollow = format!("{RELEASES}/{number} has no {MANIFEST}, and is not a release");
        facts.push(("note", hollow));
    }
    Ok(Look {
        what: what.to_owned(),
        facts,
        files: Vec::new(),
        next,
    })
}

/// Whether a state is that of the newest release: the same shards, and a ledger of the same lines.
fn is_sealed(corpus: &Corpus, state: &State) -> Result<bool, LookError> {
    let Some(sealed) = corpus.sealed()? else {
        return Ok(false);
    };
    for part in [
        Part::Records,
        Part::Traces,
        Part::Relations,
        Part::Withdrawals,
    ] {
        if !state
            .part(part)
            .map(|file| &file.name)
            .eq(sealed.part(part).map(|file| &file.name))
        {
            return Ok(false);
        }
    }
    Ok(ledger(state)? == ledger(&sealed)?)
}

/// The digest of the lines of a state's ledger.
fn ledger(state: &State) -> Result<Digest, LookError> {
    let mut hasher = Hasher::new();
    for line in state.lines(Part::Inputs)? {
        hasher.update(&line?.bytes);
        hasher.update(b"\n");
    }
    Ok(hasher.finish())
}

/// The newest manifest, if it is one, and whether a signature beside it holds.
fn newest(
    corpus: &Corpus,
    number: u64,
) -> Result<Result<(Manifest, bool), ManifestError>, LookError> {
    let path = corpus.release_path(number, MANIFEST)?;
    let unreadable = |source| LookError::Io {
        path: path.clone(),
        source,
    };
    let bytes = manifest_bytes(&path).map_err(unreadable)?;
    let files = signatures(corpus, number, &bytes).map_err(unreadable)?;
    let signed = files.iter().any(|file| file.holds.is_ok());
    Ok(Manifest::of(corpus, number, &bytes).map(|manifest| (manifest, signed)))
}

/// A corpus whose newest manifest is none.
fn damaged(number: u64, error: &ManifestError, shown: &str) -> Look {
    Look {
        what: "a corpus whose newest release cannot be read".to_owned(),
        facts: vec![("release", format!("{number}: {error}"))],
        files: Vec::new(),
        next: vec![
            format!("dateline verify {shown}"),
            format!("dateline check {shown}"),
        ],
    }
}

fn manifest(path: &Path, shown: &str) -> Result<Look, LookError> {
    let bytes = manifest_bytes(path).map_err(|source| LookError::Io {
        path: path.to_owned(),
        source,
    })?;
    let (what, facts) = match Manifest::parse(&bytes) {
        Ok(manifest) => {
            let predicate = &manifest.predicate;
            let facts = vec![
                ("title", predicate.corpus.title.clone()),
                ("origin", predicate.corpus.origin.clone()),
                ("release", predicate.release.to_string()),
                ("created", predicate.created.to_string()),
                ("records", predicate.records.size.to_string()),
                ("digest", Digest::of(&bytes).to_string()),
            ];
            ("the manifest of a release".to_owned(), facts)
        }
        // What a link leads to may be anything of whoever looks.
        Err(_) if path.is_symlink() => (
            "no manifest, though it is called one".to_owned(),
            Vec::new(),
        ),
        Err(error) => (
            format!("no manifest, though it is called one: {error}"),
            Vec::new(),
        ),
    };
    let root = shown
        .trim_end_matches('/')
        .trim_end_matches(MANIFEST)
        .trim_end_matches('/');
    let corpus = match root.rsplit_once("/releases/") {
        Some((corpus, _)) => Some(corpus),
        None => root.starts_with("releases/").then_some("."),
    };
    let next = match corpus {
        Some(corpus) => vec![
            format!("dateline verify {}", word(corpus)),
            format!("dateline log {}", word(corpus)),
        ],
        None => vec!["dateline verify CORPUS".to_owned()],
    };
    Ok(Look {
        what,
        facts,
        files: Vec::new(),
        next,
    })
}

fn raw(path: &Path, shown: &str) -> Result<Look, LookError> {
    let files = inputs(&[path.to_owned()])?;
    repeatable(&files)?;
    let (mut bytes, mut read_by) = (0_u64, BTreeMap::<String, u64>::new());
    let mut looks = Vec::new();
    let converter = Converter {
        profiles: &profile::builtin().iter().collect::<Vec<_>>(),
        only_profiles: false,
        ids: IdRule::Derived,
        notes: false,
    };
    for input in &files {
        let look = file(input, &converter)?;
        bytes += look.bytes;
        let nothing = |why: &&str| format!("nothing ({why})");
        let reader = look.reader.as_ref().map_or_else(nothing, String::clone);
        *read_by.entry(reader).or_default() += 1;
        looks.push(look);
    }
    let mut facts = vec![
        ("files", files.len().to_string()),
        ("bytes", bytes.to_string()),
    ];
    let is_one = |input: &Input| is_records(&input.file, input.file == path);
    if files.iter().all(is_one) {
        let what = if path.is_dir() {
            "a folder of records"
        } else {
            "a file of records"
        };
        return Ok(Look {
            what: what.to_owned(),
            facts,
            files: Vec::new(),
            next: vec![format!("dateline check {}", word(shown))],
        });
    }
    facts.extend(
        read_by
            .into_iter()
            .map(|(reader, count)| ("read by", format!("{reader}: {count}"))),
    );
    Ok(Look {
        what: "a raw dump".to_owned(),
        facts,
        files: looks,
        next: vec![
            format!("dateline check {}", word(shown)),
            format!("dateline build {} -o corpus", word(shown)),
        ],
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::look;
    use crate::manifest::{samples, seal};

    /// `corpus-signed`
    #[test]
    fn a_corpus_is_signed_where_a_signature_holds() {
        let folder = tempfile::tempdir().unwrap();
        samples::write(folder.path(), &samples::records());
        seal(folder.path(), &samples::options(Some(&samples::key()))).unwrap();
        let what = || look(folder.path(), "corpus").unwrap().what;
        assert_eq!(what(), "a sealed and signed corpus");
        let signature = folder.path().join("releases/1/manifest.json.sig");
        for junk in ["", "junk"] {
            std::fs::write(&signature, junk).unwrap();
            assert_eq!(what(), "a sealed corpus without a signature");
        }
        std::fs::remove_file(signature).unwrap();
        assert_eq!(what(), "a sealed corpus without a signature");
    }
}
