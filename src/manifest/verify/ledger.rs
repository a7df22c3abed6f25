//! The ledger of a release: that it is the one that was sealed.

use super::releases::Release;
use super::{Part, PartName, Verdict, VerifyError, outside};
use crate::corpus::{Corpus, LEDGER, Lines};
use crate::digest::Hasher;
use crate::manifest::history::is_failure;

/// Judges the ledger of a release, which older ones need not have.
pub(super) fn verify(
    corpus: &Corpus,
    release: &Release,
    newest: bool,
    parts: &mut Vec<Part>,
) -> Result<(), VerifyError> {
    let number = release.number;
    let part = |verdict| Part::new(PartName::Ledger, number, verdict);
    let source = match corpus.release_source(number, LEDGER) {
        Ok(Some(source)) => source,
        Ok(None) => {
            // Older releases need not keep theirs.
            if newest {
                parts.push(part(Verdict::Failed).because(format!("`{LEDGER}` is not there")));
            }
            return Ok(());
        }
        Err(error) => {
            parts.push(part(Verdict::Failed).because(outside(error)?));
            return Ok(());
        }
    };
    let manifest = release.manifest.as_ref();
    let Some(expected) = manifest.and_then(|manifest| manifest.subject(LEDGER)) else {
        parts.push(part(Verdict::Unverifiable).because("its manifest cannot be read"));
        return Ok(());
    };
    let mut hasher = Hasher::new();
    let mut lines = 0;
    for line in Lines::new([source]) {
        match line {
            Ok(line) => {
                lines += 1;
                hasher.update(&line.bytes);
                if line.ended {
                    hasher.update(b"\n");
                }
            }
            Err(error) if is_failure(&error) => return Err(error.into()),
            Err(error) => {
                parts.push(part(Verdict::Failed).because(error));
                return Ok(());
            }
        }
    }
    let found = hasher.finish();
    parts.push(if found == expected {
        part(Verdict::Verified).counting(lines)
    } else {
        part(Verdict::Failed).because(format!(
            "its digest is {found} where the manifest has {expected}"
        ))
    });
    Ok(())
}
