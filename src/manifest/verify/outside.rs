//! What a verdict is not about: folders that are no releases, releases after the one that is judged, and
//! files elsewhere in the corpus.

use std::fs;

use super::{Judged, PartName, PartResult, Verdict};
use crate::corpus::{Corpus, Part, RELEASES};

/// The folders among the releases that have no manifest.
pub(super) fn hollow(corpus: &Corpus) -> Vec<PartResult> {
    let part = |&number: &u64| {
        PartResult::new(PartName::Release, number, Verdict::Unverifiable)
            .because(format!(
                "`{RELEASES}/{number}` has no manifest, and is not judged as a release"
            ))
            .aside()
    };
    corpus.hollow().iter().map(part).collect()
}

/// Sets aside what is about releases after the one that is judged: what they are hangs on nobody but those
/// who look at them.
pub(super) fn newer(judged: &Judged<'_>, parts: &mut [PartResult]) {
    for part in parts {
        if part.release.is_some_and(|release| release > judged.number)
            && part.part != PartName::Cited
        {
            part.set_aside();
            if part.verdict == Verdict::Failed {
                part.verdict = Verdict::Unverifiable;
            }
        }
    }
}

/// The files at the top of the corpus that no verdict is about.
pub(super) fn files(corpus: &Corpus) -> Vec<String> {
    let Ok(entries) = fs::read_dir(corpus.root()) else {
        return Vec::new();
    };
    let judged = |name: &str| {
        name == RELEASES
            || Part::ALL
                .into_iter()
                .any(|part| part != Part::Inputs && part.folder() == name)
    };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !judged(name))
        .collect();
    names.sort();
    names
}
