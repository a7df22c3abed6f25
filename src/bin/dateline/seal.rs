//! `dateline seal`

use std::path::Path;

use dateline::build;
use dateline::corpus::Corpus;
use dateline::diagnostic::escape::escape;
use dateline::look::seal_command;
use dateline::manifest::{SealError, SealOptions, Sealed, Signers, seal};
use dateline::takedown::Private;

use crate::args;
use crate::config;
use crate::ending;
use crate::failure::{Exit, Failure};
use crate::key::Signing;
use crate::screen;
use crate::screen::{Screen, count};
use crate::withdraw;

pub(crate) fn run(args: &args::Seal, screen: &mut Screen) -> Result<Exit, Failure> {
    let signing = Signing::read(&args.release)?;
    Corpus::open(&args.corpus)?;
    let private = withdraw::private(&args.corpus, &args.beside);
    let sealed = seal_with(&args.corpus, &signing, &private)?;
    tell(&args.corpus, &sealed, screen)?;
    if let Sealed::Released(release) = &sealed
        && release.refused > 0
    {
        let line = format!(
            "refused items that are not in the release: {}; its ledger lists them",
            release.refused
        );
        screen.complain("warning", &line);
    }
    let report = ending::check(&args.corpus, Vec::new(), false, private, screen)?;
    ending::tell(&report, &args.corpus, &[], screen)
}

/// What to do if the previous release is signed and there is no key.
const UNSIGNED: &str = "sign this one with --key FILE, or leave it unsigned with --unsigned";

/// Refuses a missing key before anything is written, as sealing would.
pub(crate) fn refuse_unsigned(corpus: &Path, signing: &Signing) -> Result<(), Failure> {
    let refused = build::refuse_unsigned(corpus, signing.key.as_ref(), signing.unsigned);
    refused.map_err(|error| Failure::from(error).hint(format!("nothing was written; {UNSIGNED}")))
}

/// Seals the working state under the name in its `dateline.yaml`.
pub(crate) fn seal_with(
    corpus: &Path,
    signing: &Signing,
    private: &Private,
) -> Result<Sealed, Failure> {
    let options = SealOptions {
        name: config::name(corpus)?,
        created: signing.created.clone(),
        private: Some(private),
        key: signing.key.as_ref(),
        unsigned: signing.unsigned,
    };
    seal(corpus, &options).map_err(|error| {
        let unsigned = matches!(error, SealError::Unsigned { .. });
        let withdrawn = matches!(error, SealError::Withdrawn { .. });
        let empty = matches!(error, SealError::Empty);
        let shown = screen::named(corpus);
        let failure = Failure::from(error);
        if unsigned {
            failure.hint(UNSIGNED)
        } else if empty {
            failure.hint(format!("to convert a raw dump and seal the records, run `dateline build DUMP -o {shown}`"))
        } else if withdrawn {
            failure.hint(format!(
                "withdraw them, too, with `dateline withdraw {shown} ID --reason …`, or keep them as different \
                 articles with `--distinct ID`"
            ))
        } else {
            failure
        }
    })
}

/// The command to seal a corpus next, escaped for printing: with the key from the command line (`signing`),
/// or with `--key FILE` if the newest release is signed.
pub(crate) fn next(corpus: &Path, signing: Option<&Signing>) -> String {
    let shown = corpus.display().to_string();
    let key = signing.and_then(|signing| signing.path.as_deref());
    let key = key.map(|path| path.display().to_string());
    let signed = Corpus::open(corpus)
        .is_ok_and(|corpus| Signers::of_newest(&corpus).is_ok_and(|signers| signers.is_signed()));
    escape(&seal_command(&shown, key.as_deref(), signed)).into_owned()
}

/// Says what sealing did.
pub(crate) fn tell(corpus: &Path, sealed: &Sealed, screen: &mut Screen) -> Result<(), Failure> {
    let release = sealed.release();
    let number = release.manifest.predicate.release;
    let signers = &release.signers;
    let signed = if signers.is_signed() {
        "signed"
    } else {
        "not signed"
    };
    let done = match (sealed, &release.signature) {
        (Sealed::Signed(_), Some(name)) => {
            format!("signed release {number}: releases/{number}/{name}")
        }
        (Sealed::Unchanged(_), _) => {
            format!("nothing changed since release {number}, {signed}; nothing was written")
        }
        _ => format!("sealed release {number}, {signed}"),
    };
    screen.tell(&done)?;
    let changes = &release.manifest.predicate.changes;
    if matches!(sealed, Sealed::Released(_)) {
        screen.tell(&format!(
            "  {} added, {} revised, {} withdrawn, {} reinstated",
            changes.added, changes.revised, changes.withdrawn, changes.reinstated
        ))?;
    }
    if release.untraced > 0 {
        let line = format!(
            "{} had a trace in the previous release, but not any more",
            count(release.untraced, "article")
        );
        screen.complain("warning", &line);
    }
    screen.tell(&format!("  {}", release.digest))?;
    for key in &signers.keys {
        screen.tell(&format!("  signed by {}", key.fingerprint()))?;
    }
    for (name, why) in &signers.unchecked {
        screen.tell(&escape(&format!("  {name} cannot be checked: {why}")))?;
    }
    for (name, why) in &signers.wrong {
        screen.tell(&escape(&format!(
            "  {name} is not a signature of this release: {why}"
        )))?;
    }
    if !signers.is_signed() {
        let shown = corpus.display().to_string();
        screen.tell(&format!(
            "  to sign it: {}",
            escape(&seal_command(&shown, None, true))
        ))?;
    }
    Ok(())
}
