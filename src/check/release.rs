//! The newest release beside the records: whether it holds just these, and what vanished since.

use super::findings::{At, Findings, file_name};
use super::ids::{Ids, Key};
use super::records::unread;
use super::{CheckError, Options, facets, push};
use crate::corpus::{Corpus, ENTRIES, Lines, MANIFEST};
use crate::diagnostic::{Diagnostic, Facets, Place, Report, codes, escape};
use crate::digest::Digest;
use crate::json::{Node, canonical};
use crate::record::{CONTENT, RecordType};

/// What the first signature's name adds to that of the manifest.
const SIGNATURE: &str = ".sig";

/// A set of entry lines, in a few bytes: how many, and the sum of what they hash to.
///
/// Two sets that differ by accident differ here. Whether a release is whole and unaltered, also
/// against those who try, is for `verify`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Entries {
    pub(super) count: u64,
    sum: u128,
}

impl Entries {
    /// Adds one line, without its line end.
    pub(super) fn add(&mut self, line: &[u8]) {
        let digest = Digest::of(line);
        let hash = digest.as_bytes().first_chunk().copied().unwrap_or_default();
        self.count += 1;
        self.sum = self.sum.wrapping_add(u128::from_le_bytes(hash));
    }

    pub(super) fn append(&mut self, other: Self) {
        self.count += other.count;
        self.sum = self.sum.wrapping_add(other.sum);
    }

    /// The set of the one entry line of a record.
    pub(super) fn of(id: &str, kind: RecordType, root: Node<'_>) -> Self {
        let mut core = Vec::new();
        canonical::write_object_without(root, &[CONTENT], &mut core);
        let line = format!("{id} {} {}", kind.name(), Digest::of(&core).hex());
        let mut one = Self::default();
        one.add(line.as_bytes());
        one
    }
}

/// Compares the records with the newest release, and says of the corpus what it shows.
pub(super) fn check(
    corpus: &Corpus,
    ids: &Ids,
    here: Entries,
    report: &mut Report,
    options: &Options,
) -> Result<(), CheckError> {
    let shown = corpus.root().display().to_string();
    let mut state = Facets {
        sealed: Some(false),
        signed: Some(false),
        ..Facets::default()
    };
    if let Some(number) = corpus.newest() {
        let signature = corpus.release_path(number, &format!("{MANIFEST}{SIGNATURE}"))?;
        state.signed = Some(signature.is_file());
        state.sealed = entries(corpus, number, ids, here, report, options)?;
    }
    report.add_facets(state);
    for lacking in facets::of_corpus(state, &options.require, &shown) {
        push(report, options, lacking);
    }
    Ok(())
}

/// Whether release `number` lists just these records; absent where its list is not there.
fn entries(
    corpus: &Corpus,
    number: u64,
    ids: &Ids,
    here: Entries,
    report: &mut Report,
    options: &Options,
) -> Result<Option<bool>, CheckError> {
    let Some(mut source) = corpus.release_source(number, ENTRIES)? else {
        return Ok(None);
    };
    source.file = file_name(corpus.root(), &source.file);
    report.count_file();
    let mut listed = Entries::default();
    for line in Lines::new([source.clone()]) {
        let line = match line {
            Ok(line) => line,
            Err(error) => {
                push(report, options, unread(&error));
                continue;
            }
        };
        listed.add(&line.bytes);
        let text = String::from_utf8_lossy(&line.bytes);
        let mut words = text.split(' ');
        let (Some(id), Some(kind)) = (words.next(), words.next().and_then(RecordType::named))
        else {
            continue;
        };
        if kind != RecordType::Relation && !ids.has(Key::of(id)) {
            let at = At {
                file: &line.file,
                line: line.number,
                offset: line.offset,
            };
            let mut findings = Findings::new(at, &line.bytes);
            findings.record = Some(id.to_owned());
            let message = format!(
                "{} `{}` of release {number} is gone without a withdrawal",
                kind.name(),
                escape::shown(id)
            );
            findings
                .push(codes::ARTICLE_VANISHED, 0..id.len(), None, message)
                .hint = Some(
                "`dateline withdraw` leaves a withdrawal in its place; where an edited item has a new id, \
                 with `--reason superseded`"
                    .to_owned(),
            );
            for found in findings.found {
                push(report, options, found);
            }
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
    Ok(Some(same))
}
