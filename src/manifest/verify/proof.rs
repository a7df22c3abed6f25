//! The entries of every release proven, and the records held to those of the one that is judged.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::index::Index;
use super::lines::{self, Read};
use super::named::Mentions;
use super::releases::{self, Release, is_proven, origins};
use super::traces::{self, Owners, TraceEntries};
use super::{
    Judged, PartName, PartResult, Verdict, VerifyError, VerifyOptions, ledger, named, records,
};
use crate::corpus::{Among, Corpus};
use crate::release::{Entry, Origin, Rebuilt, Summary, rebuild};

/// Entries that were computed again from the records.
type Recomputed = Option<(u64, Arc<[Entry]>)>;

/// Proves the entries of all releases, then judges what lies among the records.
pub(super) fn verify(
    corpus: &Corpus,
    chain: &[Release],
    judged: &Judged<'_>,
    among: &Among,
    options: &VerifyOptions<'_>,
    parts: &mut Vec<PartResult>,
) -> Result<(), VerifyError> {
    let newest = chain
        .first()
        .filter(|newest| newest.number != judged.number);
    let sealed = traces::entries(corpus, judged.release, newest.is_none(), among)?;
    let newest_traces = match newest {
        Some(newest) => Some(traces::entries(corpus, newest, true, among)?),
        None => None,
    };
    let mut index = Index::default();
    let mut owners = Owners::new(judged.number, &sealed, options.limit);
    let mut recomputed = None;
    let mut rebuilt = prove(corpus, chain, judged, &recomputed, &mut index, &mut owners)?;
    let first = reasons(chain, &rebuilt);
    let given = again(chain, judged, &rebuilt, among);
    if let Given::Sealed(again) = &given {
        recomputed = Some(again.clone());
        index = Index::default();
        owners = Owners::new(judged.number, &sealed, options.limit);
        rebuilt = prove(corpus, chain, judged, &recomputed, &mut index, &mut owners)?;
    }
    let known = |number: u64| {
        chain
            .iter()
            .zip(&rebuilt)
            .any(|(release, rebuilt)| release.number == number && is_proven(release, rebuilt))
    };
    let TraceEntries { part, .. } = &sealed;
    let mut files = None;
    let mut trace_part = Some(owners.judge(part.clone(), known(judged.number)));
    for ((release, rebuilt), reason) in chain.iter().zip(&rebuilt).zip(first) {
        let from = parts.len();
        releases::judge(release, rebuilt, options, parts);
        if let (Some((of, _)), Some(why)) = (&recomputed, reason)
            && *of == release.number
            && let Some(part) = parts.get_mut(from)
        {
            if why.failed {
                part.verdict = Verdict::Failed;
                part.reason = Some(why.reason);
            } else {
                part.reason = Some(format!("computed from the records: {}", why.reason));
            }
        }
        if release.number == judged.number {
            parts.extend(trace_part.take());
            parts.push(named::schemas(release));
        }
        let latest = Some(release.number) == corpus.newest();
        let listed = ledger::verify(corpus, release, latest, options, parts)?;
        if release.number == judged.number {
            files = listed;
        }
    }
    let newest = newest
        .map(|newest| newest.number)
        .filter(|newest| known(*newest));
    let size = chain
        .iter()
        .filter(|release| release.number == judged.number || Some(release.number) == newest)
        .map(Release::size)
        .max();
    let mut read = Read::default();
    let index = known(judged.number).then(|| index.sorted());
    let mut seen = records::read(among, index, size.unwrap_or(0), options, &mut read);
    if seen.asks() {
        let origins = origins(corpus, chain, recomputed.as_ref())?;
        let proven: BTreeSet<u64> = chain
            .iter()
            .map(|release| release.number)
            .filter(|number| known(*number))
            .collect();
        let _ = rebuild(origins, &mut |id, row| {
            let row: Vec<_> = row
                .iter()
                .filter(|at| proven.contains(&at.release))
                .cloned()
                .collect();
            seen.tell(id, &row, judged.number, newest);
        });
    }
    let rewritten = rewritten(chain, &rebuilt, judged);
    let other = match given {
        Given::Other(why) if newest.is_none() => Some(why),
        Given::Other(_) | Given::Nothing | Given::Sealed(_) => None,
    };
    let from = parts.len();
    seen.judge(judged, (rewritten, other), options, parts);
    let traces = (&sealed, newest_traces.as_ref());
    let named = Mentions::new(files.as_ref(), options.limit);
    for part in traces::verify(among, judged, traces, named, options, &mut read) {
        // An older release need not keep its ledger.
        let spared = part.part == PartName::Locations
            && part.verdict == Verdict::Unverifiable
            && Some(judged.number) != corpus.newest();
        parts.push(if spared { part.aside() } else { part });
    }
    records::say_looks(corpus, parts.iter_mut().skip(from));
    parts.push(lines::judge(judged, among, read, options));
    Ok(())
}

/// Rebuilds the entries of all releases; takes in those of the one that is judged.
fn prove(
    corpus: &Corpus,
    chain: &[Release],
    judged: &Judged<'_>,
    recomputed: &Recomputed,
    index: &mut Index,
    owners: &mut Owners,
) -> Result<Vec<Rebuilt>, VerifyError> {
    let origins: Vec<(u64, Origin)> = origins(corpus, chain, recomputed.as_ref())?;
    Ok(rebuild(origins, &mut |id, row| {
        let here = row.iter().find(|at| at.release == judged.number);
        if let Some(entry) = here.and_then(|at| at.entry.as_ref()) {
            index.add(entry);
        }
        owners.tell(id, row);
    }))
}

/// Why the entries of a release are not known from its files.
struct Reason {
    failed: bool,
    reason: String,
}

fn reasons(chain: &[Release], rebuilt: &[Rebuilt]) -> Vec<Option<Reason>> {
    let reason = |(release, rebuilt): (&Release, &Rebuilt)| match &rebuilt.entries {
        Err(why) => Some(Reason {
            failed: !why.is_unverifiable(),
            reason: why.to_string(),
        }),
        Ok(summary) => {
            let unlike = summary.unlike(release.manifest.as_ref()?)?;
            Some(Reason {
                failed: true,
                reason: unlike,
            })
        }
    };
    chain.iter().zip(rebuilt).map(reason).collect()
}

/// What the records give in the place of entries that are not known.
enum Given {
    /// All entries are known.
    Nothing,
    /// The entries of this release.
    Sealed((u64, Arc<[Entry]>)),
    /// Others, and how they differ from those of the release that is judged.
    Other(String),
}

/// Computes the entries of the release that is judged, or of the newest, from the records, where they are not
/// known from its files.
fn again(chain: &[Release], judged: &Judged<'_>, rebuilt: &[Rebuilt], among: &Among) -> Given {
    let newest = chain.first().map(|release| release.number);
    let mut unknown = chain.iter().zip(rebuilt).filter(|(release, rebuilt)| {
        (release.number == judged.number || Some(release.number) == newest)
            && !is_proven(release, rebuilt)
            && release.manifest.is_some()
    });
    let Some(most) = unknown.clone().map(|(release, _)| release.size()).max() else {
        return Given::Nothing;
    };
    let computed = records::recomputed(among, most);
    let summary = computed.as_deref().and_then(Summary::of);
    let (Some(entries), Some(summary)) = (computed, summary) else {
        return Given::Other("two records here have one id, or there are too many".to_owned());
    };
    let sealed = unknown.find(|(release, _)| {
        let manifest = release.manifest.as_ref();
        manifest.is_some_and(|manifest| summary.unlike(manifest).is_none())
    });
    match sealed {
        Some((release, _)) => Given::Sealed((release.number, entries.into())),
        None => Given::Other(format!(
            "the records here give {} entries with the root {}, and the release has {} with another",
            summary.size, summary.root, judged.size
        )),
    }
}

/// Which withdrawals were written again up to the release that is judged.
fn rewritten(chain: &[Release], rebuilt: &[Rebuilt], judged: &Judged<'_>) -> Option<String> {
    let mut count = 0;
    let mut named: Vec<String> = Vec::new();
    for (_, rebuilt) in chain
        .iter()
        .zip(rebuilt)
        .filter(|(release, rebuilt)| release.number <= judged.number && is_proven(release, rebuilt))
    {
        if let Some(changed) = &rebuilt.changes {
            count += changed.rewritten;
            named.extend(changed.again.iter().map(ToString::to_string));
        }
    }
    named.sort();
    named.dedup();
    named.truncate(5);
    (count > 0).then(|| {
        format!(
            "{count} {} written again since, where only the notice and the keys may go: {}{}",
            if count == 1 { "was" } else { "were" },
            named.join(", "),
            if u64::try_from(named.len()).is_ok_and(|named| named < count) {
                ", …"
            } else {
                ""
            }
        )
    })
}
