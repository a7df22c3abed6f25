//! The manifests of a chain, and what they say of entries.

use std::io;

use super::rebuild::{Changed, Origin, Rebuilt, rebuild};
use super::{
    Finding, Findings, Part, PartName, Verdict, VerifyError, VerifyOptions, ledger, named, outside,
};
use crate::corpus::{
    CHANGES, Corpus, ENTRIES, EntryReader, LedgerFiles, MANIFEST, PathError, Source, TRACES,
    release_file,
};
use crate::digest::Digest;
use crate::manifest::entries::{Listing, Summary};
use crate::manifest::history::HistoryError;
use crate::manifest::read;
use crate::manifest::statement::{Changes, MAX_LENGTH, Manifest};

/// A release as far as its manifest could be read.
pub(super) struct Release {
    pub(super) number: u64,
    /// Its bytes; absent where there are none.
    pub(super) bytes: Option<Vec<u8>>,
    /// Their digest.
    pub(super) digest: Option<Digest>,
    /// What they say.
    pub(super) manifest: Option<Manifest>,
    /// Whether only an unknown version keeps it from being read.
    pub(super) newer: bool,
}

/// Reads the manifests, newest first, and judges each and the way between them.
pub(super) fn read(corpus: &Corpus, parts: &mut Vec<Part>) -> Result<Vec<Release>, VerifyError> {
    let mut chain: Vec<Release> = Vec::new();
    for &number in corpus.releases().iter().rev() {
        let release = read_one(corpus, number, parts)?;
        if let Some(above) = chain.last() {
            parts.push(link(above, Some(&release)));
        }
        chain.push(release);
    }
    if let Some(last) = chain.last()
        && last.number != 1
    {
        parts.push(link(last, None));
    }
    Ok(chain)
}

fn read_one(corpus: &Corpus, number: u64, parts: &mut Vec<Part>) -> Result<Release, VerifyError> {
    let mut release = Release {
        number,
        bytes: None,
        digest: None,
        manifest: None,
        newer: false,
    };
    let part = |verdict| Part::new(PartName::Manifest, number, verdict);
    let bytes = match small_file(corpus, number, MANIFEST, MAX_LENGTH)? {
        Ok(bytes) => bytes,
        Err(reason) => {
            parts.push(part(Verdict::Failed).because(reason));
            return Ok(release);
        }
    };
    release.digest = Some(Digest::of(&bytes));
    parts.push(match Manifest::parse(&bytes) {
        Ok(manifest) if manifest.predicate.release != number => {
            let says = manifest.predicate.release;
            part(Verdict::Failed).because(format!(
                "the manifest in the folder of release {number} is that of release {says}"
            ))
        }
        Ok(manifest) => {
            release.manifest = Some(manifest);
            part(Verdict::Verified)
        }
        Err(error) => {
            release.newer = error.is_unverifiable();
            let verdict = if release.newer {
                Verdict::Unverifiable
            } else {
                Verdict::Failed
            };
            part(verdict).because(error)
        }
    });
    release.bytes = Some(bytes);
    Ok(release)
}

/// Judges the way from a release to the one before it.
fn link(above: &Release, below: Option<&Release>) -> Part {
    let part = |verdict| Part::new(PartName::Chain, above.number, verdict);
    let Some(manifest) = &above.manifest else {
        return part(Verdict::Unverifiable).because("its manifest cannot be read");
    };
    let Some(previous) = manifest.predicate.previous else {
        // A first release, in front of which others lie.
        return part(Verdict::Failed).because("it names no release before it");
    };
    let Some(below) = below.filter(|below| below.number == previous.release) else {
        return part(Verdict::Unverifiable)
            .because(format!("release {} is not in this copy", previous.release));
    };
    let origin = |release: &Release| {
        let manifest = release.manifest.as_ref()?;
        Some(manifest.predicate.corpus.origin.clone())
    };
    if let (Some(here), Some(there)) = (origin(above), origin(below))
        && here != there
    {
        return part(Verdict::Failed).because(format!(
            "its origin is `{here}`, that of release {} is `{there}`",
            below.number
        ));
    }
    match below.digest {
        None => part(Verdict::Unverifiable)
            .because(format!("release {} has no manifest", below.number)),
        Some(digest) if digest == previous.digest => part(Verdict::Verified),
        Some(digest) => part(Verdict::Failed).because(format!(
            "it follows the manifest {} of release {}, here that is {digest}: a fork or an altered manifest",
            previous.digest, previous.release
        )),
    }
}

/// The entries of all releases, as far as they can be known; those of the newest first. With them the
/// files of the newest ledger, where nothing is wrong with it.
pub(super) fn entries(
    corpus: &Corpus,
    chain: &[Release],
    options: &VerifyOptions<'_>,
    parts: &mut Vec<Part>,
) -> Result<(Vec<Rebuilt>, Option<LedgerFiles>), VerifyError> {
    let mut files = None;
    let mut origins = Vec::new();
    let mut above = None;
    for release in chain {
        let number = release.number;
        let follows = above.is_some() && above == number.checked_add(1);
        let origin = match origin(corpus, number, follows, above.is_some()) {
            Ok(origin) => origin,
            Err(error) => {
                let reason = outside(error)?;
                parts.push(Part::new(PartName::Entries, number, Verdict::Failed).because(reason));
                Origin::Nowhere
            }
        };
        origins.push((number, origin));
        above = Some(number);
    }
    let rebuilt = rebuild(origins)?;
    for (place, (release, rebuilt)) in chain.iter().zip(&rebuilt).enumerate() {
        let newest = place == 0;
        judge(release, rebuilt, options, parts);
        if newest {
            trace_entries(corpus, release, parts)?;
        }
        let listed = ledger::verify(corpus, release, newest, options, parts)?;
        if newest {
            files = listed;
            parts.push(named::schemas(release));
        }
    }
    Ok((rebuilt, files))
}

/// Where the entries of a release come from; `follows` says whether the one after it is there,
/// `older` whether any later one is.
fn origin(corpus: &Corpus, number: u64, follows: bool, older: bool) -> Result<Origin, PathError> {
    let changes = corpus.release_source(number, CHANGES)?;
    if follows && let Some(source) = changes {
        return Ok(Origin::Changes(source));
    }
    Ok(match corpus.release_source(number, ENTRIES)? {
        Some(source) => Origin::Entries(source),
        None if older && !follows => Origin::Gap,
        None => Origin::Nowhere,
    })
}

/// Holds a release's entries to what its manifest says of them.
fn judge(release: &Release, rebuilt: &Rebuilt, options: &VerifyOptions<'_>, parts: &mut Vec<Part>) {
    let number = release.number;
    let part = |verdict| Part::new(PartName::Entries, number, verdict);
    let summary = match &rebuilt.entries {
        Ok(summary) => summary,
        Err(why) => {
            let verdict = if why.is_unverifiable() {
                Verdict::Unverifiable
            } else {
                Verdict::Failed
            };
            parts.push(part(verdict).because(why));
            return;
        }
    };
    let Some(manifest) = &release.manifest else {
        parts.push(part(Verdict::Unverifiable).because("its manifest cannot be read"));
        return;
    };
    parts.push(match summary.unlike(manifest) {
        None => part(Verdict::Verified).counting(summary.size),
        Some(reason) => part(Verdict::Failed).because(reason),
    });
    let first = Changed {
        counts: Changes {
            added: summary.size,
            ..Changes::default()
        },
        ..Changed::default()
    };
    let changed = if number == 1 {
        Some(&first)
    } else {
        rebuilt.changes.as_ref()
    };
    if let Some(changed) = changed {
        parts.push(changes(
            number,
            changed,
            &manifest.predicate.changes,
            options,
        ));
    }
}

/// Judges what a release says it changed.
fn changes(number: u64, found: &Changed, said: &Changes, options: &VerifyOptions<'_>) -> Part {
    let part = |verdict| Part::new(PartName::Changes, number, verdict);
    if found.vanished > 0 {
        let mut findings = Findings::new(options.limit);
        for id in &found.named {
            findings.push(Finding {
                id: Some(id.to_string()),
                file: None,
                line: None,
                message: "is neither there nor withdrawn".to_owned(),
            });
        }
        let mut part = findings
            .judge(part(Verdict::Failed))
            .counting(found.vanished);
        part.reason = Some(format!(
            "{} of release {} vanished without a withdrawal",
            found.vanished,
            number.saturating_sub(1)
        ));
        return part;
    }
    if found.counts != *said {
        return part(Verdict::Failed).because(format!(
            "the manifest counts {}, there are {}",
            listed(said),
            listed(&found.counts)
        ));
    }
    part(Verdict::Verified).because(listed(said))
}

fn listed(changes: &Changes) -> String {
    let Changes {
        added,
        revised,
        withdrawn,
        reinstated,
        removed,
    } = changes;
    format!(
        "{added} added, {revised} revised, {withdrawn} withdrawn, {reinstated} reinstated, {removed} removed"
    )
}

/// Judges `traces.txt` of the newest release.
fn trace_entries(
    corpus: &Corpus,
    newest: &Release,
    parts: &mut Vec<Part>,
) -> Result<(), VerifyError> {
    let number = newest.number;
    let part = |verdict| Part::new(PartName::TraceEntries, number, verdict);
    let Some(manifest) = &newest.manifest else {
        parts.push(part(Verdict::Unverifiable).because("its manifest cannot be read"));
        return Ok(());
    };
    let source = match corpus.release_source(number, TRACES) {
        Ok(Some(source)) => source,
        Ok(None) => {
            parts.push(part(Verdict::Failed).because("`traces.txt` is not there"));
            return Ok(());
        }
        Err(error) => {
            parts.push(part(Verdict::Failed).because(outside(error)?));
            return Ok(());
        }
    };
    let summary = match summarise(&source) {
        Ok(summary) => summary,
        Err(error) if error.is_failure() => return Err(error.into()),
        Err(error) => {
            parts.push(part(Verdict::Failed).because(error));
            return Ok(());
        }
    };
    let said = &manifest.predicate.traces;
    let as_sealed = summary.size == said.size
        && summary.root == said.root
        && Some(summary.digest) == manifest.subject(TRACES);
    parts.push(if as_sealed {
        part(Verdict::Verified).counting(summary.size)
    } else {
        part(Verdict::Failed).because(format!(
            "its {} lines have the root {} where the manifest has {} and {}",
            summary.size, summary.root, said.size, said.root
        ))
    });
    Ok(())
}

/// What the entries of a file come to.
fn summarise(source: &Source) -> Result<Summary, HistoryError> {
    let mut listing = Listing::new();
    for entry in EntryReader::open(source)? {
        // The reader holds the order.
        let _ = listing.push(&entry?);
    }
    Ok(listing.finish())
}

/// The bytes of a small file of a release, or why they are wrong to ask for.
pub(super) fn small_file(
    corpus: &Corpus,
    number: u64,
    name: &str,
    longest: usize,
) -> Result<Result<Vec<u8>, String>, VerifyError> {
    let path = match corpus.release_path(number, name) {
        Ok(path) => path,
        Err(error) => return Ok(Err(outside(error)?)),
    };
    match read::small_file(&path, longest) {
        Ok(bytes) => Ok(Ok(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Ok(Err(format!("`{name}` is not there")))
        }
        Err(source) => Err(VerifyError::Io {
            file: release_file(number, name),
            source,
        }),
    }
}
