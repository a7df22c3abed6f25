//! The ledger of a release: that it is the one that was sealed, and keeps the rules of ledgers.

use super::releases::Release;
use super::{
    Finding, Findings, PartName, PartResult, Verdict, VerifyError, VerifyOptions, advised, outside,
};
use crate::corpus::{Corpus, LEDGER, Lines};
use crate::digest::Hasher;
use crate::dump::LedgerLine;
use crate::release::{LedgerError, LedgerErrorKind, LedgerFiles, LedgerReader};
use crate::transit::LineEnds;

/// Judges the ledger of a release, which older ones need not have. Gives the files that it lists, where
/// nothing is wrong with it.
pub(super) fn verify(
    corpus: &Corpus,
    release: &Release,
    newest: bool,
    options: &VerifyOptions<'_>,
    parts: &mut Vec<PartResult>,
) -> Result<Option<LedgerFiles>, VerifyError> {
    let number = release.number;
    let part = |verdict| PartResult::new(PartName::Ledger, number, verdict);
    let source = match corpus.release_source(number, LEDGER) {
        Ok(Some(source)) => source,
        Ok(None) => {
            // Older releases need not keep theirs.
            if newest {
                parts.push(
                    part(Verdict::Unverifiable).because(format!("`{LEDGER}` is not in this copy")),
                );
            }
            return Ok(None);
        }
        Err(error) => {
            parts.push(part(Verdict::Failed).because(outside(error)?));
            return Ok(None);
        }
    };
    let manifest = release.manifest.as_ref();
    let Some(expected) = manifest.and_then(|manifest| manifest.subject(LEDGER)) else {
        parts.push(part(Verdict::Unverifiable).because("its manifest cannot be read"));
        return Ok(None);
    };
    let mut hasher = Hasher::new();
    let mut lines = 0;
    let all = Lines::new([source]).inspect(|line| {
        if let Ok(line) = line {
            lines += 1;
            hasher.update(&line.bytes);
            if line.ended {
                hasher.update(b"\n");
            }
        }
    });
    let mut files = LedgerFiles::default();
    let mut findings = Findings::new(options.limit);
    for line in LedgerReader::of(all) {
        match line {
            Ok(LedgerLine::File(line)) => files.add(&line),
            Ok(LedgerLine::Refusal(_) | LedgerLine::Withdrawn(_)) => {}
            Err(LedgerError::Read(error)) if error.is_unreadable() => {
                let why = advised(&error, error.hint());
                parts.push(part(Verdict::Unverifiable).because(why));
                return Ok(None);
            }
            Err(LedgerError::Read(error)) => {
                parts.push(part(Verdict::Failed).because(error));
                return Ok(None);
            }
            Err(LedgerError::Line {
                line,
                kind: kind @ LedgerErrorKind::Crlf,
                ..
            }) => {
                let why = format!("line {line}: {kind}");
                let why = advised(&why, Some(LineEnds::BecameCrlf.remedy()));
                parts.push(part(Verdict::Failed).because(why));
                return Ok(None);
            }
            Err(LedgerError::Line { file, line, kind }) => findings.push(Finding {
                id: None,
                file: Some(file.to_string()),
                line: Some(line),
                message: kind.to_string(),
            }),
        }
    }
    let found = hasher.finish();
    if found != expected {
        parts.push(part(Verdict::Failed).because(format!(
            "its digest is {found} where the manifest has {expected}"
        )));
        return Ok(None);
    }
    let broken = findings.count;
    let mut judged = findings.judge(part(Verdict::Verified).counting(lines));
    if broken > 0 {
        judged.reason = Some("it was sealed so, and breaks the rules of ledgers".to_owned());
    }
    parts.push(judged);
    Ok((broken == 0).then_some(files))
}
