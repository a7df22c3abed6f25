//! The newest release beside the records: whether it holds just these, and what vanished since.

use super::findings::{At, Findings, file_name};
use super::ids::{Ids, Key};
use super::records::unread;
use super::{CheckError, Options, facets, push};
use crate::corpus::{
    Chunks, Corpus, ENTRIES, Entry, FILES, LineRef, ListingError, MANIFEST, OpenError, State,
};
use crate::diagnostic::{Diagnostic, Facets, Place, Report, codes, escape};
use crate::digest::Digest;
use crate::json::{Node, canonical};
use crate::manifest::Manifest;
use crate::record::{CONTENT, RecordType};

/// What the first signature's name adds to that of the manifest.
const SIGNATURE: &str = ".sig";

/// A set of entries, in a few bytes: how many, and the sum of what each comes to.
///
/// Two sets that differ by accident differ here. Whether a release is whole and unaltered, also
/// against those who try, is for `verify`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Entries {
    pub(super) count: u64,
    sum: u128,
}

impl Entries {
    /// Adds a record. What it comes to is a product, so that two records whose digests are exchanged
    /// come to something else.
    pub(super) fn add(&mut self, key: Key, kind: RecordType, digest: Digest) {
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

    pub(super) fn append(&mut self, other: Self) {
        self.count += other.count;
        self.sum = self.sum.wrapping_add(other.sum);
    }

    /// Adds a line that is no entry: no record comes to the same.
    fn add_unread(&mut self) {
        self.count += 1;
        self.sum = self.sum.wrapping_add(1);
    }
}

/// The record digest of a record.
pub(super) fn digest(root: Node<'_>, forms: &mut canonical::Forms) -> Digest {
    Digest::of(forms.of_object_without(root, &[CONTENT]))
}

/// Compares the records with the newest release, and says of the corpus what it shows.
///
/// Where some lines could not be read, no record is said to be gone: gives how many may be.
pub(super) fn check(
    corpus: &Corpus,
    ids: &Ids,
    unsure: bool,
    here: Entries,
    report: &mut Report,
    options: &Options,
) -> Result<u64, CheckError> {
    let mut missed = 0;
    let shown = corpus.root().display().to_string();
    let mut state = Facets {
        sealed: Some(false),
        signed: Some(false),
        ..Facets::default()
    };
    if let Some(number) = corpus.newest() {
        let signature = corpus.release_path(number, &format!("{MANIFEST}{SIGNATURE}"))?;
        state.signed = Some(signature.is_file());
        (state.sealed, missed) = entries(corpus, number, ids, unsure, here, report, options)?;
        if let Some(found) = no_manifest(corpus, number)? {
            state.sealed = Some(false);
            state.signed = Some(false);
            push(report, options, found);
        }
    }
    report.add_facets(state);
    for lacking in facets::of_corpus(state, &options.require, &shown) {
        push(report, options, lacking);
    }
    Ok(missed)
}

/// The state to be checked; where its listing is damaged, every shard that there is, and what is wrong
/// with the listing.
pub(super) fn state(corpus: &Corpus) -> Result<(State, Option<Diagnostic>), CheckError> {
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
            let hint = if path == FILES {
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

/// What is wrong where release `number` has no manifest: without one nothing was sealed, nor signed.
/// Whether the manifest is the right one is for `verify`.
fn no_manifest(corpus: &Corpus, number: u64) -> Result<Option<Diagnostic>, CheckError> {
    let path = corpus.release_path(number, MANIFEST)?;
    let Err(error) = Manifest::read(&path) else {
        return Ok(None);
    };
    let message = format!("release {number} has no manifest that can be read: {error}");
    let place = Place::file(path.display().to_string());
    let found = Diagnostic::new(codes::FILE_UNREADABLE, place, message).hint(
        "take the release from another copy; `dateline verify` then says whether it is whole",
    );
    Ok(Some(found))
}

/// Whether release `number` lists just these records, absent where its list is not there; and how many
/// of its records may be gone.
fn entries(
    corpus: &Corpus,
    number: u64,
    ids: &Ids,
    unsure: bool,
    here: Entries,
    report: &mut Report,
    options: &Options,
) -> Result<(Option<bool>, u64), CheckError> {
    let Some(mut source) = corpus.release_source(number, ENTRIES)? else {
        return Ok((None, 0));
    };
    let mut missed = 0;
    source.file = file_name(corpus.root(), &source.file);
    report.count_file();
    let mut listed = Entries::default();
    for chunk in Chunks::new([source.clone()]) {
        let chunk = match chunk {
            Ok(chunk) => chunk,
            Err(error) => {
                push(report, options, unread(&error));
                continue;
            }
        };
        for line in chunk.lines() {
            let text = std::str::from_utf8(line.bytes).ok();
            let Some(entry) = text.and_then(Entry::read) else {
                listed.add_unread();
                continue;
            };
            let key = Key::of(entry.id.as_str());
            listed.add(key, entry.kind, entry.digest);
            if entry.kind == RecordType::Relation || ids.has(key) {
                continue;
            }
            if unsure {
                missed += 1;
                continue;
            }
            let found = vanished(&chunk.file, line, &entry, number);
            push(report, options, found);
        }
    }
    let same = listed == here;
    if !same {
        let message = if listed.count == here.count {
            format!(
                "release {number} lists {} records, some of them in another state than those here",
                listed.count
            )
        } else {
            format!(
                "release {number} lists {} records, here are {}",
                listed.count, here.count
            )
        };
        let place = Place::file(&*source.file);
        let found = Diagnostic::new(codes::ENTRIES_MISMATCH, place, message);
        let found = found.hint("`dateline seal` makes a release of what is here");
        push(report, options, found);
    }
    Ok((Some(same), missed))
}

fn vanished(file: &str, line: LineRef<'_>, entry: &Entry, number: u64) -> Diagnostic {
    let id = entry.id.as_str();
    let at = At {
        file,
        line: line.number,
        offset: line.offset,
    };
    let mut findings = Findings::new(at, line.bytes);
    findings.record = Some(id.to_owned());
    let message = format!(
        "{} `{}` of release {number} is gone without a withdrawal",
        entry.kind.name(),
        escape::shown(id)
    );
    findings
        .push(codes::ARTICLE_VANISHED, 0..id.len(), None, message)
        .clone()
        .hint(
            "`dateline withdraw` leaves a withdrawal in its place; where an edited item has a new id, \
             with `--reason superseded`",
        )
}
