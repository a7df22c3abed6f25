//! Who vouches for a release: its signatures, those of later ones, or the digest that is cited.

use super::releases::{Release, Small, small_file};
use super::{Judged, PartName, PartResult, Verdict, VerifyError, VerifyOptions};
use crate::corpus::Corpus;
use crate::manifest::key::PublicKey;
use crate::manifest::signatures::{names, signer};
use crate::manifest::signers::Verdict as Permission;
use crate::manifest::sshsig::{self, NAMESPACE};

/// What signatures and the citation came to.
pub(super) struct Vouched {
    /// Whether an allowed signature vouches for the release that is judged: on it, or on a later one that
    /// follows on it.
    pub(super) signed: bool,
    /// Whether the digest cited does, likewise.
    pub(super) cited: bool,
    /// The newest release with an allowed signature.
    pub(super) newest_signed: Option<u64>,
}

/// What a signature came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    /// It holds, and its key may sign.
    Allowed,
    /// It holds; its key may not sign, or whose it is was not given.
    Holds,
    /// It does not hold.
    Wrong,
    /// Whether it holds cannot be told.
    Unverifiable,
}

/// Judges the signatures of every release, and who vouches for the one that is judged.
pub(super) fn verify(
    corpus: &Corpus,
    chain: &[Release],
    judged: &Judged<'_>,
    cited: Option<u64>,
    options: &VerifyOptions<'_>,
    parts: &mut Vec<PartResult>,
) -> Result<Vouched, VerifyError> {
    let mut allowed = Vec::new();
    for release in chain {
        let first = parts.len();
        let mut seen = Vec::new();
        match names(corpus, release.number) {
            Ok(names) => {
                for name in names {
                    let (part, held) = signature(corpus, release, &name, options)?;
                    parts.push(part);
                    seen.push(held);
                }
            }
            Err(error) => {
                let part =
                    PartResult::new(PartName::Signature, release.number, Verdict::Unverifiable);
                parts.push(part.because(format!("its signatures cannot be listed: {error}")));
                seen.push(Held::Unverifiable);
            }
        }
        let holds = seen.contains(&Held::Allowed) || seen.contains(&Held::Holds);
        let is_cited = cited == Some(release.number);
        if seen.contains(&Held::Allowed) {
            allowed.push(release.number);
        }
        // Whoever adds a file to a copy must not undo what others signed or cited: beside a signature that
        // holds, one that does not is reported, and no more.
        if holds || is_cited || release.number != judged.number {
            for part in parts.iter_mut().skip(first) {
                part.set_aside();
                if part.verdict == Verdict::Failed {
                    part.verdict = Verdict::Unverifiable;
                }
            }
        }
        if release.number == judged.number && options.signers.is_some() {
            parts.push(signers(judged.number, &seen));
        }
    }
    let reaches = |number: u64| vouches(chain, number, judged.number);
    let vouched = Vouched {
        signed: allowed.iter().any(|number| reaches(*number)),
        cited: cited.is_some_and(reaches),
        newest_signed: allowed.first().copied(),
    };
    // A later release that follows on it vouches for it, too.
    if let Some(part) = parts
        .iter_mut()
        .find(|part| part.part == PartName::Signers && part.verdict != Verdict::Verified)
    {
        if vouched.signed {
            part.verdict = Verdict::Verified;
            part.reason = Some("a later release, which follows on it, is signed by one".to_owned());
        } else if let Some(other) = vouched.newest_signed {
            let reason = part.reason.take().unwrap_or_default();
            part.reason = Some(format!(
                "{reason}; release {other} is the newest that one of them signed, and `--release {other}` judges it"
            ));
        }
    }
    Ok(vouched)
}

/// Whether what vouches for release `from` vouches for `to`: it is the same, or follows on it link by link.
fn vouches(chain: &[Release], from: u64, to: u64) -> bool {
    from >= to
        && chain
            .iter()
            .filter(|release| release.number <= from && release.number > to)
            .all(|release| release.linked)
        && chain.iter().any(|release| release.number == from)
}

/// Judges one signature file.
fn signature(
    corpus: &Corpus,
    release: &Release,
    name: &str,
    options: &VerifyOptions<'_>,
) -> Result<(PartResult, Held), VerifyError> {
    let part = |verdict, reason: String| {
        PartResult::new(PartName::Signature, release.number, verdict)
            .because(format!("{name}: {reason}"))
    };
    let unverifiable = |reason| Ok((part(Verdict::Unverifiable, reason), Held::Unverifiable));
    let Some(bytes) = &release.bytes else {
        return unverifiable("there is no manifest for it".to_owned());
    };
    let file = match small_file(corpus, release.number, name, sshsig::MAX_LENGTH)? {
        Small::Bytes(file) => file,
        Small::Refused(reason) => return Ok((part(Verdict::Failed, reason), Held::Wrong)),
        Small::Unreadable(reason) => return unverifiable(reason),
    };
    Ok(match signer(&file, bytes) {
        Ok(key) => {
            let (verdict, reason, held) = permission(&key, options);
            (part(verdict, reason).aside(), held)
        }
        Err(error) if error.is_unverifiable() => return unverifiable(error.to_string()),
        Err(error) => (part(Verdict::Failed, error.to_string()), Held::Wrong),
    })
}

/// Whether the key of a signature that holds may sign.
fn permission(key: &PublicKey, options: &VerifyOptions<'_>) -> (Verdict, String, Held) {
    let fingerprint = key.fingerprint();
    let Some(signers) = options.signers else {
        let reason = format!("it is by {fingerprint}; whose key that is was not given");
        return (Verdict::Unverifiable, reason, Held::Holds);
    };
    let permission = signers.find(key, NAMESPACE, options.at);
    let other_time = if permission.is_by_time() {
        "; --verify-time judges at another time"
    } else {
        ""
    };
    let reason = format!("it is by {fingerprint}; {permission}{other_time}");
    match permission {
        Permission::Allowed { .. } => (Verdict::Verified, reason, Held::Allowed),
        Permission::Expired { .. }
        | Permission::NotYetValid { .. }
        | Permission::WrongNamespace { .. }
        | Permission::AuthorityOnly { .. }
        | Permission::Nobody { .. }
        | Permission::Unknown => (Verdict::Unverifiable, reason, Held::Holds),
    }
}

/// Whether one of the signers given signed the release that is judged.
fn signers(number: u64, seen: &[Held]) -> PartResult {
    let part = |verdict| PartResult::new(PartName::Signers, number, verdict);
    if seen.contains(&Held::Allowed) {
        part(Verdict::Verified)
    } else if seen.is_empty() {
        part(Verdict::Failed).because("the release is not signed")
    } else if seen.contains(&Held::Unverifiable) {
        part(Verdict::Unverifiable).because("no signature that can be checked is by one of them")
    } else {
        part(Verdict::Failed).because("no signature is by one of them")
    }
}

/// The release whose manifest is cited, in this copy.
pub(super) fn cited(chain: &[Release], options: &VerifyOptions<'_>) -> Option<u64> {
    let cited = options.cited?;
    let found = chain.iter().find(|release| release.digest == Some(cited));
    found.map(|release| release.number)
}

/// What becomes of the citation; nothing where nothing was cited.
pub(super) fn citation(
    judged: &Judged<'_>,
    cited: Option<u64>,
    vouched: &Vouched,
    newest: u64,
    options: &VerifyOptions<'_>,
) -> Option<PartResult> {
    let digest = options.cited?;
    let Some(number) = cited else {
        return Some(
            PartResult::new(PartName::Cited, newest, Verdict::Failed)
                .because(format!("no release of this copy has the manifest {digest}")),
        );
    };
    let part = PartResult::new(PartName::Cited, number, Verdict::Verified);
    Some(if number == newest {
        part
    } else if number == judged.number {
        part.because(format!(
            "release {newest} is newer, and the citation does not vouch for it"
        ))
    } else if vouched.signed {
        part.because(format!("release {newest} follows on it"))
    } else {
        part.because(format!(
            "it does not vouch for release {}, which is judged",
            judged.number
        ))
    })
}
