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
use crate::screen::Screen;
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
            "items of the dump that were refused, and so are not in the release: {}; its ledger lists them",
            release.refused
        );
        screen.complain("warning", &line);
    }
    let report = ending::check(&args.corpus, Vec::new(), false, private, screen)?;
    ending::tell(&report, &args.corpus, &[], screen)
}

/// What can be done where the release before is signed, and no key was given.
const UNSIGNED: &str = "sign it with --key FILE, or leave it unsigned with --unsigned";

/// Says before anything is written what would be said when the corpus is sealed: that a key is missing.
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
            failure.hint(format!("`dateline build DUMP -o {shown}` makes records of a raw dump, and seals them"))
        } else if withdrawn {
            failure.hint(format!(
                "withdraw them, too, with `dateline withdraw {shown} ID --reason …`, or say that they \
                 are others with --distinct ID"
            ))
        } else {
            failure
        }
    })
}

/// The command that seals a corpus next, as it is to be printed: with the key named on the command line
/// (`signing`), or `--key FILE` where the newest release is signed.
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
            "articles whose trace is in the release before, and is missing now: {}",
            release.untraced
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
            "  sign it with: {}",
            escape(&seal_command(&shown, None, true))
        ))?;
    }
    Ok(())
}
