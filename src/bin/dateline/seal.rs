//! `dateline seal`

use std::path::Path;

use dateline::corpus::{Corpus, MANIFEST};
use dateline::diagnostic::escape::escape;
use dateline::look::word;
use dateline::manifest::{SealOptions, Sealed, seal};

use crate::args;
use crate::failure::{Exit, Failure};
use crate::screen::Screen;
use crate::{clock, config, key};

pub(crate) fn run(args: &args::Seal, screen: &mut Screen) -> Result<Exit, Failure> {
    Corpus::open(&args.corpus)?;
    let sealed = seal_with(&args.corpus, &args.release)?;
    tell(&args.corpus, &sealed, screen)?;
    if args.release.key.is_some() && matches!(sealed, Sealed::Unchanged(_)) {
        screen.tell(
            "  it was signed before; a further signer adds a signature beside that one with:",
        )?;
        screen.tell(&format!(
            "    ssh-keygen -Y sign -n dateline-manifest -f KEY < {0} > {0}.2.sig",
            escape(&word(&manifest(&args.corpus, &sealed)))
        ))?;
    }
    Ok(Exit::Clean)
}

/// Seals the working state under the name in its `dateline.yaml`.
pub(crate) fn seal_with(corpus: &Path, release: &args::Release) -> Result<Sealed, Failure> {
    let created = clock::created(release.created.as_deref())?;
    let key = key::signing_key(release)?;
    let name = config::name(corpus)?;
    Ok(seal(
        corpus,
        &SealOptions {
            name,
            created,
            key: key.as_ref(),
        },
    )?)
}

/// Where the manifest of the release lies.
fn manifest(corpus: &Path, sealed: &Sealed) -> String {
    let number = sealed.release().manifest.predicate.release;
    let path = corpus
        .join("releases")
        .join(number.to_string())
        .join(MANIFEST);
    path.display().to_string()
}

/// Says what sealing did.
pub(crate) fn tell(corpus: &Path, sealed: &Sealed, screen: &mut Screen) -> Result<(), Failure> {
    let release = sealed.release();
    let number = release.manifest.predicate.release;
    let signed = if release.signed {
        "signed"
    } else {
        "not signed"
    };
    let done = match sealed {
        Sealed::Released(_) => format!("sealed release {number}, {signed}"),
        Sealed::Unchanged(_) => {
            format!("nothing changed since release {number}, {signed}; nothing was written")
        }
        Sealed::Signed(_) => format!("signed release {number}, which was not signed before"),
        _ => format!("release {number}, {signed}"),
    };
    screen.tell(&done)?;
    let changes = &release.manifest.predicate.changes;
    if matches!(sealed, Sealed::Released(_)) {
        screen.tell(&format!(
            "  {} added, {} revised, {} withdrawn, {} reinstated",
            changes.added, changes.revised, changes.withdrawn, changes.reinstated
        ))?;
    }
    screen.tell(&format!("  {}", release.digest))?;
    if !release.signed {
        screen.tell(&format!(
            "  sign it with: dateline seal {} --key FILE",
            escape(&word(&corpus.display().to_string()))
        ))?;
    }
    Ok(())
}
