//! The newest release beside the records: whether it holds just these, and what vanished since.

use std::sync::Arc;

use super::difference::Difference;
use super::ids::{Ids, Key};
use super::late::LateFinding;
use super::ledger::Mentioned;
use crate::check::corpus::withdrawn::Withdrawn;
use crate::check::line::findings::{At, file_name};
use crate::check::rules::checked::unread;
use crate::check::rules::facets;
use crate::check::{CheckError, Facet, Options, push};
use crate::corpus::{
    Chunks, Corpus, ENTRIES, FILES, ListingError, MANIFEST, OpenError, RELEASES, Source, State,
    release_file,
};
use crate::diagnostic::{Diagnostic, Facets, Place, Report, Severity, codes, escape};
use crate::digest::Digest;
use crate::json::{Node, canonical};
use crate::manifest::named::unlike_schemas;
use crate::manifest::{
    Manifest, ReadManifestError, SignatureFileError, computed, manifest_bytes, signatures,
};
use crate::record::{CONTENT, RecordType};
use crate::release::{EntriesError, Entry, EntryReader, Summariser};
use crate::transit::Cause;

/// How many files that are gone are named.
const NAMED: usize = 3;
/// What to do where the entries of the release are not known.
const UNKNOWN: &str = "the records are not held to them; take the release from another copy, and ask \
                       `dateline verify` whether it is whole";

/// A set of entries, in a few bytes: how many, and the sum of what each comes to.
///
/// Two sets that differ by accident differ here. That nobody made the sums of two alike is for `verify`,
/// which compares line by line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Entries {
    pub(crate) count: u64,
    sum: u128,
}

impl Entries {
    /// Adds a record. What it comes to is a product, so that two records whose digests are exchanged
    /// come to something else.
    pub(crate) fn add(&mut self, key: Key, kind: RecordType, digest: Digest) {
        let kind: u128 = match kind {
            RecordType::Article => 1,
            RecordType::Relation => 2,
            RecordType::Withdrawal => 3,
        };
        let begin = digest.as_bytes().first_chunk().copied();
        let digest = u128::from_le_bytes(begin.unwrap_or_default());
        let factor = key.number() << 2 | kind;
        self.count += 1;
        self.sum = self.sum.wrapping_add(factor.wrapping_mul(digest | 1));
    }

    pub(crate) fn append(&mut self, other: Self) {
        self.count += other.count;
        self.sum = self.sum.wrapping_add(other.sum);
    }
}

/// The record digest of a record.
pub(crate) fn digest(root: Node<'_>, digests: &mut canonical::Digests) -> Digest {
    digests.of_object_without(root, &[CONTENT])
}

/// Which records may be gone, and what is wrong with withdrawals, by their ids.
type Beside = (Option<String>, Vec<(Key, LateFinding)>);

/// Compares the records with the newest release, and says of the corpus what it shows.
///
/// Where some lines could not be read, no record is said to be gone: gives which may be. Gives, too,
/// what is wrong with withdrawals, by their ids.
pub(crate) fn check(
    corpus: &Corpus,
    (ids, withdrawn, files): (&Ids, &Withdrawn, &[Source]),
    unsure: bool,
    here: Entries,
    named: Option<&Mentioned>,
    report: &mut Report,
    options: &Options,
) -> Result<Beside, CheckError> {
    let shown = corpus.root().display().to_string();
    for &number in corpus.hollow() {
        push(report, options, hollow(corpus, number));
    }
    let Some(number) = corpus.newest() else {
        for lacking in facets::unsealed(&options.require, &shown, "there is no release") {
            push(report, options, lacking);
        }
        return Ok((None, Vec::new()));
    };
    let mut missed = None;
    let mut wrong = Vec::new();
    // What cannot be told stays absent.
    let mut state = Facets::default();
    let mut require = options.require.clone();
    let mut push = |found| push(report, options, found);
    match manifest(corpus, number)? {
        Err(found) => push(found),
        Ok((bytes, manifest)) => {
            let signed = signed(corpus, number, &bytes, &mut push);
            let place = || place(corpus, number, MANIFEST);
            if let Some(how) = unlike_schemas(&manifest.predicate.schemas) {
                push(Diagnostic::new(codes::MANIFEST_SCHEMAS, place(), how));
            }
            match read(corpus, number, &manifest, ids)? {
                Err(found) => push(found),
                Ok(listed) => {
                    state.signed = signed;
                    let same = listed.entries == here;
                    state.sealed = (same || !unsure).then_some(same);
                    if unsure {
                        missed = listed.difference.gone(number);
                    } else if listed.gone > 0 {
                        vanished(&listed.origin, number, ids, &mut push);
                    }
                    let differs = listed.difference.shown(files, unsure);
                    // What is read of digests to name records is short; the sum is of more.
                    let otherwise = || {
                        let told = unsure || listed.difference.has_repeats();
                        (listed.entries != here && !told)
                            .then(|| "some record digests differ".to_owned())
                    };
                    let differs = differs.or_else(otherwise);
                    if let Some(differs) = differs {
                        let mut found = mismatch(corpus, &listed, number, &differs);
                        // The facet is lacking for what this says.
                        if require.contains(&Facet::Sealed) {
                            require.retain(|facet| *facet != Facet::Sealed);
                            found.severity = Severity::Error;
                        }
                        push(found);
                    }
                    if let Some(named) = named.filter(|_| listed.entries == here && !unsure)
                        && let Some(how) = unlike_profiles(&manifest, named)
                    {
                        push(Diagnostic::new(codes::MANIFEST_PROFILES, place(), how));
                    }
                    wrong = withdrawn.unbound(corpus).map_err(Box::new)?;
                    report.count_file();
                }
            }
        }
    }
    report.add_facets(state);
    for lacking in facets::of_corpus(state, &require, &shown) {
        self::push(report, options, lacking);
    }
    Ok((missed, wrong))
}

/// How the profiles that a manifest names are not those of the traces of its release. What only traces may
/// name that are not there is not judged.
fn unlike_profiles(manifest: &Manifest, named: &Mentioned) -> Option<String> {
    let unlike = named.profiles.unlike(&manifest.predicate.profiles);
    let whole = named.traces == manifest.predicate.traces.size;
    let unused = unlike.unused.filter(|_| whole);
    let all: Vec<String> = unlike.wrong.into_iter().chain(unused).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// What was not read may be there.
pub(crate) struct Unsure {
    /// How many lines, at least, could not be read.
    pub(crate) unread: u64,
    /// How many of the records that relations name were not found.
    pub(crate) related: u64,
    /// Which of the records of the release were not found, as [`check`] counts and names them.
    pub(crate) of_release: Option<String>,
}

/// Says once of which records it is not known whether they are there, where lines could not be read.
pub(crate) fn unsure(corpus: &Corpus, unsure: Unsure, report: &mut Report, options: &Options) {
    let related = match unsure.related {
        0 => None,
        1 => Some("1 that a relation names".to_owned()),
        many => Some(format!("{many} that relations name")),
    };
    let missed: Vec<String> = related.into_iter().chain(unsure.of_release).collect();
    if missed.is_empty() {
        return;
    }
    let lines = if unsure.unread == 1 { "line" } else { "lines" };
    let message = format!(
        "at least {} {lines} of records could not be read, so it is not known whether these records are \
         there: {}",
        unsure.unread,
        missed.join("; ")
    );
    let place = Place::file(corpus.root().display().to_string());
    let found = Diagnostic::new(codes::LINES_UNREAD, place, message);
    push(report, options, found);
}

/// The state to be checked; where its listing is damaged, every shard that there is, and what is wrong
/// with the listing.
pub(crate) fn state(corpus: &Corpus) -> Result<(State, Option<Diagnostic>), CheckError> {
    match corpus.working() {
        Ok(state) => Ok((state, None)),
        Err(OpenError::Listing { path, source }) => {
            let place = Place::file(&*file_name(corpus.root(), &path));
            // Of its errors this one begins with a path.
            let colon = if matches!(source, ListingError::Path(_)) {
                ":"
            } else {
                ""
            };
            let message = format!("`{FILES}`{colon} {source}");
            // Without it the state would be that of the release, and what was withdrawn since be back.
            let hint = if path == FILES && corpus.newest().is_some() {
                "every shard in the folders is checked; take the listing from another copy, or convert again: \
                 only it says what has changed since the newest release"
            } else if path == FILES {
                "every shard in the folders is checked; take the listing from another copy, or take it \
                 away: it only says which shards belong to the corpus"
            } else {
                "every shard in the folders is checked; take the listing of the release from another copy"
            };
            let found = Diagnostic::new(codes::FILE_UNREADABLE, place, message).hint(hint);
            Ok((corpus.unlisted(), Some(found)))
        }
        Err(error) => Err(error.into()),
    }
}

/// The manifest of release `number` and its bytes; or what is wrong: without one nothing was sealed, nor
/// signed. Whether the manifest is the right one is for `verify`.
fn manifest(
    corpus: &Corpus,
    number: u64,
) -> Result<Result<(Vec<u8>, Manifest), Diagnostic>, CheckError> {
    let path = corpus.release_path(number, MANIFEST)?;
    let read = manifest_bytes(&path).map_err(ReadManifestError::from);
    let read = read.and_then(|bytes| Ok((Manifest::parse(&bytes)?, bytes)));
    let mut remedy =
        "take the release from another copy; `dateline verify` then says whether it is whole";
    let message = match read {
        Ok((manifest, bytes)) if manifest.predicate.release == number => {
            return Ok(Ok((bytes, manifest)));
        }
        Ok((manifest, _)) => format!(
            "release {number} has no manifest of its own: this is that of release {}",
            manifest.predicate.release
        ),
        Err(ReadManifestError::Manifest(error)) if error.cause().is_some() => {
            remedy = error.cause().map_or(remedy, Cause::remedy);
            let cause = error.cause().map(ToString::to_string).unwrap_or_default();
            format!("the manifest of release {number} cannot be read: {cause}")
        }
        Err(error) => format!("release {number} has no manifest that can be read: {error}"),
    };
    let found = Diagnostic::new(
        codes::FILE_UNREADABLE,
        place(corpus, number, MANIFEST),
        message,
    );
    Ok(Err(found.hint(remedy)))
}

/// Whether a signature beside the manifest holds over its bytes; absent where that cannot be told. Of each
/// that does not it is said why.
fn signed(
    corpus: &Corpus,
    number: u64,
    manifest: &[u8],
    push: &mut impl FnMut(Diagnostic),
) -> Option<bool> {
    let files = match signatures(corpus, number, manifest) {
        Ok(files) => files,
        Err(error) => {
            let message = format!("the signatures of release {number} cannot be listed: {error}");
            let place = Place::file(&*file_name(corpus.root(), &release_file(number, "")));
            push(Diagnostic::new(codes::FILE_UNREADABLE, place, message));
            return None;
        }
    };
    let (mut holds, mut unsure) = (false, false);
    for file in files {
        let Err(error) = file.holds else {
            holds = true;
            continue;
        };
        unsure |= error.is_unverifiable();
        let cause = match &error {
            SignatureFileError::Signature(error) => error.cause(),
            SignatureFileError::Path(_) | SignatureFileError::Io(_) => None,
        };
        let (code, message, hint) = if let Some(cause) = cause {
            let code = if error.is_unverifiable() {
                codes::SIGNATURE_UNCHECKED
            } else {
                codes::SIGNATURE_INVALID
            };
            let message = format!("the signature cannot be read: {cause}");
            (code, message, cause.remedy())
        } else if error.is_unverifiable() {
            (
                codes::SIGNATURE_UNCHECKED,
                format!("this version cannot check the signature: {error}"),
                "it is not counted; `ssh-keygen -Y verify` may know its algorithm",
            )
        } else {
            (
                codes::SIGNATURE_INVALID,
                format!("the file is not a signature of release {number}: {error}"),
                "take the manifest and its signatures from another copy",
            )
        };
        let place = place(corpus, number, &file.name);
        push(Diagnostic::new(code, place, message).hint(hint));
    }
    (holds || !unsure).then_some(holds)
}

/// Where the entries of a release come from.
enum EntriesFrom {
    /// Their file.
    File(Source),
    /// The records, where the file is not there.
    Records {
        /// What the file would be called.
        file: Arc<str>,
        entries: Vec<Entry>,
    },
}

impl EntriesFrom {
    fn file(&self) -> &str {
        match self {
            Self::File(source) => &source.file,
            Self::Records { file, .. } => file,
        }
    }
}

/// The entries of a release as one pass over them shows them.
struct Listed<'i> {
    origin: EntriesFrom,
    entries: Entries,
    difference: Difference<'i>,
    /// How many articles and withdrawals of them are not among the records.
    gone: u64,
}

/// Where the entries of release `number` come from: its file, or its records where that is not here or cannot be
/// read; or why they are not known.
fn origin(
    corpus: &Corpus,
    number: u64,
    manifest: &Manifest,
) -> Result<Result<EntriesFrom, Diagnostic>, CheckError> {
    let name = |file: &str| file_name(corpus.root(), file);
    let source = corpus.release_source(number, ENTRIES)?;
    let file = source.as_ref().map_or_else(
        || name(&release_file(number, ENTRIES)),
        |source| name(&source.file),
    );
    let unread = match source {
        Some(mut source) => {
            source.file = Arc::clone(&file);
            let first = EntryReader::open(&source).and_then(|mut lines| lines.next().transpose());
            match first {
                Err(error) if error.is_unreadable() => Some(error),
                _ => return Ok(Ok(EntriesFrom::File(source))),
            }
        }
        None => None,
    };
    if let Some(entries) = computed(corpus, manifest, ENTRIES) {
        return Ok(Ok(EntriesFrom::Records { file, entries }));
    }
    let (code, how, hint) = match unread {
        Some(error) => (
            codes::FILE_UNREADABLE,
            format!("cannot be read ({})", error.kind),
            error.hint().unwrap_or(UNKNOWN),
        ),
        None => (codes::ENTRIES_ALTERED, "is not here".to_owned(), UNKNOWN),
    };
    let message = format!(
        "`{ENTRIES}` of release {number} {how}, and the records that it lists do not give it again: its \
         entries are not known"
    );
    let found = Diagnostic::new(code, Place::file(&*file), message);
    Ok(Err(found.hint(hint)))
}

/// Reads the entries of release `number`; or says why they are not those that its manifest commits to.
fn read<'i>(
    corpus: &Corpus,
    number: u64,
    manifest: &Manifest,
    ids: &'i Ids,
) -> Result<Result<Listed<'i>, Diagnostic>, CheckError> {
    let altered = |place, message: String| {
        let found = Diagnostic::new(codes::ENTRIES_ALTERED, place, message);
        Err(found.hint(UNKNOWN))
    };
    let origin = match origin(corpus, number, manifest)? {
        Ok(origin) => origin,
        Err(found) => return Ok(Err(found)),
    };
    let mut entries = Entries::default();
    let mut difference = Difference::new(ids);
    let mut gone = 0;
    let mut listing = Summariser::new();
    let mut take = |entry: Result<Entry, EntriesError>| {
        let entry = entry?;
        let key = Key::of(entry.id.as_str());
        entries.add(key, entry.kind, entry.digest);
        difference.take(&entry);
        gone += u64::from(entry.kind != RecordType::Relation && !ids.has(key));
        // The reader holds the order.
        let _ = listing.push(&entry);
        Ok(())
    };
    let read = match &origin {
        EntriesFrom::File(source) => {
            EntryReader::open(source).and_then(|mut lines| lines.try_for_each(&mut take))
        }
        EntriesFrom::Records { entries, .. } => {
            entries.iter().cloned().map(Ok).try_for_each(&mut take)
        }
    };
    Ok(match read {
        Err(error) => {
            let mut place = Place::file(origin.file());
            place.line = Some(error.line).filter(|line| *line > 0);
            let message = format!("these are not entries of release {number}: {}", error.kind);
            let found = Diagnostic::new(codes::ENTRIES_ALTERED, place, message);
            Err(found.hint(error.hint().unwrap_or(UNKNOWN)))
        }
        Ok(()) => match listing.finish().unlike(manifest) {
            Some(how) => altered(
                Place::file(origin.file()),
                format!("the entries are not those of the manifest of release {number}: {how}"),
            ),
            None => Ok(Listed {
                origin,
                entries,
                difference,
                gone,
            }),
        },
    })
}

/// That the records are others than release `number` has, which `differs` counts and names.
fn mismatch(corpus: &Corpus, listed: &Listed<'_>, number: u64, differs: &str) -> Diagnostic {
    let message = format!("the records are not those of release {number}: {differs}");
    // A shard that a listing names and that is gone, where records are: packed in another way, all
    // would be here.
    let state = listed.difference.has_gone().then(|| corpus.working().ok());
    let state = state.flatten();
    let missing = state.iter().flat_map(State::missing);
    let mut missing: Vec<String> = missing.map(|file| format!("`{file}`")).collect();
    let more = missing.len().saturating_sub(NAMED);
    missing.truncate(NAMED);
    let message = match (missing.is_empty(), more) {
        (true, _) => message,
        (false, 0) => format!(
            "{message}; `{FILES}` lists files that are missing: {}",
            missing.join(", ")
        ),
        (false, _) => format!(
            "{message}; `{FILES}` lists files that are missing: {} and {more} more",
            missing.join(", ")
        ),
    };
    let place = Place::file(listed.origin.file());
    let found = Diagnostic::new(codes::ENTRIES_MISMATCH, place, message);
    found.hint(if missing.is_empty() {
        "look at each of these records: a change that you did not make is damage or forgery, and whoever \
         seals this state signs it; take such records from another copy"
    } else {
        "bring the missing files back from another copy"
    })
}

/// Says of the articles and withdrawals of release `number` that are not among the records that they are
/// gone. Their entries were read before, and are read again for the places of their lines.
fn vanished(origin: &EntriesFrom, number: u64, ids: &Ids, push: &mut impl FnMut(Diagnostic)) {
    let lost =
        |entry: &Entry| entry.kind != RecordType::Relation && !ids.has(Key::of(entry.id.as_str()));
    let source = match origin {
        EntriesFrom::File(source) => source,
        EntriesFrom::Records { file, entries } => {
            for entry in entries.iter().filter(|entry| lost(entry)) {
                let place = Place::file(&**file).record(entry.id.as_str());
                push(gone(place, entry, number));
            }
            return;
        }
    };
    for chunk in Chunks::new([source.clone()]) {
        let chunk = match chunk {
            Ok(chunk) => chunk,
            Err(error) => {
                push(unread(&error));
                continue;
            }
        };
        for line in chunk.lines() {
            let text = std::str::from_utf8(line.bytes).ok();
            let Some(entry) = text.and_then(Entry::read) else {
                continue;
            };
            if lost(&entry) {
                let id = entry.id.as_str();
                let place = At::of(&chunk.file, line).place(line.bytes, 0..id.len());
                push(gone(place.record(id), &entry, number));
            }
        }
    }
}

/// That a folder among the releases has no manifest.
fn hollow(corpus: &Corpus, number: u64) -> Diagnostic {
    let folder = format!("{RELEASES}/{number}");
    let place = Place::file(&*file_name(corpus.root(), &folder));
    let message = format!("it has no `{MANIFEST}`, and is not a release");
    Diagnostic::new(codes::RELEASE_HOLLOW, place, message)
        .hint("take the release from another copy; where there never was one, remove the folder")
}

/// A file of a release as reports name it.
fn place(corpus: &Corpus, number: u64, name: &str) -> Place {
    Place::file(&*file_name(corpus.root(), &release_file(number, name)))
}

fn gone(place: Place, entry: &Entry, number: u64) -> Diagnostic {
    let message = format!(
        "{} `{}` of release {number} is gone without a withdrawal",
        entry.kind.name(),
        escape::shown(entry.id.as_str())
    );
    Diagnostic::new(codes::ARTICLE_VANISHED, place, message).hint(
        "bring it back from another copy, or convert again with every input; only an article that is \
         meant to go gets a withdrawal",
    )
}
