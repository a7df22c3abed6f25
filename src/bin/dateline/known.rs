//! `--baseline` and `--write-baseline`.

use std::path::Path;
use std::sync::Arc;

use dateline::diagnostic::escape::{escape, shown};
use dateline::diagnostic::identity::{Identity, Subject};
use dateline::diagnostic::{Baseline, Report, Sieve};

use crate::args;
use crate::failure::Failure;
use crate::file;
use crate::screen::{Screen, count};

/// How many of the findings that are gone are named.
const NAMED: usize = 5;

/// What holds known findings back, and notes all where a baseline is to be written.
pub(crate) fn sieve(args: &args::Check) -> Result<Option<Arc<Sieve>>, Failure> {
    let known = match &args.baseline {
        Some(path) => read(path)?,
        None if args.write_baseline.is_some() => Baseline::default(),
        None => return Ok(None),
    };
    let sieve = Sieve::new(known);
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
        .hint("`dateline check PATH… --write-baseline FILE` writes one")
    };
    let bytes = std::fs::read(path).map_err(|error| cannot(&error))?;
    Baseline::parse(&bytes).map_err(|error| cannot(&error))
}

/// Writes the baseline that is wanted, and says what the one that is known made of the report.
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
                .map(|(gone, _)| name(gone))
                .collect();
            let more = if sieve.gone().nth(NAMED).is_some() {
                ", …"
            } else {
                ""
            };
            screen.complain(
                "note",
                &format!(
                    "{} of {} no longer met: {}{more}; --write-baseline {} leaves them out",
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
        let mut bytes = Vec::new();
        found.write(&mut bytes)?;
        file::replace(path, &bytes)?;
        screen.tell(&format!(
            "wrote {} to {}",
            count(found.count(), "finding"),
            escape(&path.display().to_string())
        ))?;
    }
    Ok(())
}

fn name(identity: &Identity) -> String {
    let subject = match &identity.subject {
        Subject::File(name) => name,
        Subject::Record(id) => id,
    };
    let pointer = shown(&identity.pointer);
    format!(
        "{} ({pointer} of {})",
        shown(&identity.code),
        shown(subject)
    )
}
