//! `--baseline` and `--write-baseline`.

use std::path::Path;
use std::sync::Arc;

use dateline::diagnostic::baseline::Gathered;
use dateline::diagnostic::escape::{escape, shown};
use dateline::diagnostic::identity::{Identity, Subject, absolute, relative};
use dateline::diagnostic::{Baseline, Report, Sieve};

use crate::args;
use crate::failure::Failure;
use crate::file;
use crate::screen::{Screen, count};

/// How many of the findings that no longer occur are named.
const NAMED: usize = 5;

/// The most bytes that a baseline may have: 256 MiB, some two million findings.
const LARGEST: u64 = 256 << 20;

/// What holds back known findings, and records all findings if a baseline is to be written.
pub(crate) fn sieve(args: &args::Check) -> Result<Option<Arc<Sieve>>, Failure> {
    let known = match &args.baseline {
        Some(path) => read(path)?.absolute(&folder(path)),
        None if args.write_baseline.is_some() => Baseline::default(),
        None => return Ok(None),
    };
    let sieve = Sieve::new(known).named_from(here());
    Ok(Some(Arc::new(if args.write_baseline.is_some() {
        sieve.noting()
    } else {
        sieve
    })))
}

fn read(path: &Path) -> Result<Baseline, Failure> {
    let cannot = |error: &dyn std::fmt::Display| {
        Failure::new(format!(
            "cannot read the baseline `{}`: {error}",
            path.display()
        ))
        .hint("to write a baseline, run `dateline check PATH… --write-baseline FILE`")
    };
    let bytes = file::read_at_most(path, LARGEST).map_err(|error| cannot(&error))?;
    Baseline::parse(&bytes).map_err(|error| cannot(&error))
}

/// The working folder; empty if its path is not UTF-8, in which case names stay as they are.
fn here() -> String {
    let here = std::env::current_dir().ok();
    here.and_then(|here| here.to_str().map(str::to_owned))
        .unwrap_or_default()
}

/// The folder of a baseline. File names in it are relative to this folder, so that it works from any
/// working folder.
fn folder(baseline: &Path) -> String {
    let path = absolute(&here(), &baseline.display().to_string());
    absolute(&path, "..")
}

/// Writes the new baseline, and says what the old one did to the report.
pub(crate) fn finish(
    args: &args::Check,
    sieve: Arc<Sieve>,
    report: &mut Report,
    screen: &mut Screen,
) -> Result<(), Failure> {
    if let Some(path) = &args.baseline {
        let counts = sieve.counts();
        report.set_baseline(counts);
        if counts.gone > 0 && args.write_baseline.is_none() && !screen.is_quiet() {
            let named: Vec<String> = sieve
                .gone()
                .take(NAMED)
                .map(|(gone, _)| name(gone, &folder(path)))
                .collect();
            let more = if sieve.gone().nth(NAMED).is_some() {
                ", …"
            } else {
                ""
            };
            let (occurs, them) = match counts.gone {
                1 => ("occurs", "it"),
                _ => ("occur", "them"),
            };
            screen.complain(
                "note",
                &format!(
                    "{} in {} no longer {occurs}: {}{more}; --write-baseline {} writes a baseline without {them}",
                    count(counts.gone, "finding"),
                    path.display(),
                    named.join(", "),
                    path.display(),
                ),
            );
        }
    }
    if let Some(path) = &args.write_baseline
        && let Some(found) = Arc::into_inner(sieve).and_then(Sieve::into_found)
    {
        let never = never(&found);
        let found = found.known.relative(&folder(path));
        let mut bytes = Vec::new();
        found.write(&mut bytes)?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
            let message = format!(
                "the baseline would have {} bytes; the limit is {LARGEST}",
                bytes.len()
            );
            return Err(Failure::new(message)
                .hint("fix the most frequent findings first; to count them, use --statistics"));
        }
        file::replace(path, &bytes)?;
        screen.tell(&format!(
            "wrote {} to {}{never}",
            count(found.count(), "finding"),
            escape(&path.display().to_string())
        ))?;
    }
    Ok(())
}

/// The findings that a baseline cannot hold, and why: `; 2 findings are never held back: …`.
fn never(found: &Gathered) -> String {
    let sum = found.never.values().map(|(number, _)| number).sum();
    let codes = found.never.iter();
    let codes = codes.map(|(code, (number, reason))| format!("{number} {code} ({reason})"));
    let codes: Vec<String> = codes.collect();
    match sum {
        0 => String::new(),
        1 => format!("; 1 finding is never held back: {}", codes.join(", ")),
        sum => format!("; {sum} findings are never held back: {}", codes.join(", ")),
    }
}

/// A short description of an entry in a baseline in the folder `base`.
fn name(identity: &Identity, base: &str) -> String {
    let subject = match &identity.subject {
        Subject::File(name) => relative(base, name),
        Subject::Record(id) => id.clone(),
        Subject::About(about) => about.clone(),
    };
    let (code, subject) = (shown(&identity.code), shown(&subject));
    match identity.pointer.as_str() {
        "" => format!("{code} ({subject})"),
        pointer => format!("{code} ({} of {subject})", shown(pointer)),
    }
}
