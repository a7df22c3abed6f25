//! The manifests of a chain, and what they say of entries.

use std::io;
use std::sync::Arc;

use super::{
    Finding, Findings, PartName, PartResult, Verdict, VerifyError, VerifyOptions, outside,
};
use crate::corpus::{CHANGES, Corpus, ENTRIES, MANIFEST, PathError};
use crate::digest::Digest;
use crate::manifest::read;
use crate::manifest::statement::{MAX_LENGTH, Manifest};
use crate::release::{Changed, Changes, Entry, Origin, Rebuilt};
use crate::{open, transit};

/// A release as far as its manifest could be read.
pub(super) struct Release {
    pub(super) number: u64,
    /// Its bytes; absent where there are none.
    pub(super) bytes: Option<Vec<u8>>,
    /// Their digest.
    pub(super) digest: Option<Digest>,
    /// What they say.
    pub(super) manifest: Option<Manifest>,
    /// Whether it follows on the release before it, which is here.
    pub(super) linked: bool,
}

impl Release {
    /// How many records its manifest counts.
    pub(super) fn size(&self) -> u64 {
        self.manifest
            .as_ref()
            .map_or(0, |manifest| manifest.predicate.records.size)
    }
}

/// Reads the manifests, newest first, and judges each and the way between them.
pub(super) fn read(
    corpus: &Corpus,
    parts: &mut Vec<PartResult>,
) -> Result<Vec<Release>, VerifyError> {
    let mut chain: Vec<Release> = Vec::new();
    for &number in corpus.releases().iter().rev() {
        let release = read_one(corpus, number, parts)?;
        if let Some(above) = chain.last_mut() {
            let part = link(above, Some(&release));
            above.linked = part.verdict == Verdict::Verified;
            parts.push(part);
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

fn read_one(
    corpus: &Corpus,
    number: u64,
    parts: &mut Vec<PartResult>,
) -> Result<Release, VerifyError> {
    let mut release = Release {
        number,
        bytes: None,
        digest: None,
        manifest: None,
        linked: false,
    };
    let part = |verdict| PartResult::new(PartName::Manifest, number, verdict);
    let bytes = match small_file(corpus, number, MANIFEST, MAX_LENGTH)? {
        Small::Bytes(bytes) => bytes,
        Small::Refused(reason) => {
            parts.push(part(Verdict::Failed).because(reason));
            return Ok(release);
        }
        Small::Unreadable(reason) => {
            parts.push(part(Verdict::Unverifiable).because(reason));
            return Ok(release);
        }
    };
    release.digest = Some(Digest::of(&bytes));
    parts.push(match Manifest::of(corpus, number, &bytes) {
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
            let verdict = if error.is_unverifiable() {
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
fn link(above: &Release, below: Option<&Release>) -> PartResult {
    let part = |verdict| PartResult::new(PartName::Chain, above.number, verdict);
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

/// Where the entries of each release come from, the newest first.
pub(super) fn origins(
    corpus: &Corpus,
    chain: &[Release],
    recomputed: Option<&(u64, Arc<[Entry]>)>,
) -> Result<Vec<(u64, Origin)>, VerifyError> {
    let mut origins = Vec::new();
    let mut above: Option<u64> = None;
    for release in chain {
        let number = release.number;
        let origin = match recomputed {
            Some((of, entries)) if *of == number => Origin::Recomputed(Arc::clone(entries)),
            _ => match origin(corpus, number, above) {
                Ok(origin) => origin,
                Err(error) => Origin::Outside(outside(error)?),
            },
        };
        origins.push((number, origin));
        above = Some(number);
    }
    Ok(origins)
}

/// Where the entries of a release come from; `above` is the release after it in this copy. Its own entries
/// come first: so whatever is put behind a release leaves it as it was.
fn origin(corpus: &Corpus, number: u64, above: Option<u64>) -> Result<Origin, PathError> {
    if let Some(source) = corpus.release_source(number, ENTRIES)? {
        return Ok(Origin::Entries(source));
    }
    let Some(above) = above else {
        return Ok(Origin::Nowhere);
    };
    if number.checked_add(1) != Some(above) {
        return Ok(Origin::Gap(number.saturating_add(1)));
    }
    Ok(match corpus.release_source(number, CHANGES)? {
        Some(source) => Origin::Changes(source),
        None => Origin::Nowhere,
    })
}

/// Whether the entries of a release are those of its manifest.
pub(super) fn is_proven(release: &Release, rebuilt: &Rebuilt) -> bool {
    match (&rebuilt.entries, &release.manifest) {
        (Ok(summary), Some(manifest)) => summary.unlike(manifest).is_none(),
        _ => false,
    }
}

/// Holds a release's entries to what its manifest says of them.
pub(super) fn judge(
    release: &Release,
    rebuilt: &Rebuilt,
    options: &VerifyOptions<'_>,
    parts: &mut Vec<PartResult>,
) {
    let number = release.number;
    let part = |verdict| PartResult::new(PartName::Entries, number, verdict);
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
fn changes(
    number: u64,
    found: &Changed,
    said: &Changes,
    options: &VerifyOptions<'_>,
) -> PartResult {
    let part = |verdict| PartResult::new(PartName::Changes, number, verdict);
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

/// A small file of a release.
pub(super) enum Small {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// It is wrong to ask for it, or it is not there.
    Refused(String),
    /// It cannot be read, which says nothing of what it holds.
    Unreadable(String),
}

/// The bytes of a small file of a release, or why there are none.
pub(super) fn small_file(
    corpus: &Corpus,
    number: u64,
    name: &str,
    longest: usize,
) -> Result<Small, VerifyError> {
    let path = match corpus.release_path(number, name) {
        Ok(path) => path,
        Err(error) => return Ok(Small::Refused(outside(error)?)),
    };
    Ok(match read::small_file(&path, longest) {
        Ok(bytes) => match transit::pointer(&bytes) {
            Some(pointer) => Small::Unreadable(format!("{pointer}: {}", pointer.remedy())),
            None => Small::Bytes(bytes),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Small::Unreadable(format!("`{name}` is not here"))
        }
        Err(error) if open::says_nothing(&error) => {
            Small::Unreadable(format!("it cannot be read: {error}"))
        }
        Err(error) => Small::Refused(error.to_string()),
    })
}
