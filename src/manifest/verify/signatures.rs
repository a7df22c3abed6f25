//! Who vouches for a release: its signatures, or the digest that is cited.

use super::releases::{Release, small_file};
use super::{Part, PartName, Verdict, VerifyError, VerifyOptions};
use crate::corpus::{Corpus, release_file};
use crate::manifest::key::PublicKey;
use crate::manifest::signatures::{names, signer};
use crate::manifest::signers::Verdict as Permission;
use crate::manifest::sshsig::{self, NAMESPACE, SignatureError};

/// Judges the signatures of every release, and whether the newest has one of the signers given.
///
/// Says whether it has.
pub(super) fn verify(
    corpus: &Corpus,
    chain: &[Release],
    options: &VerifyOptions<'_>,
    parts: &mut Vec<Part>,
) -> Result<bool, VerifyError> {
    let mut vouched = false;
    for (place, release) in chain.iter().enumerate() {
        let first = parts.len();
        let mut seen = Vec::new();
        let names = names(corpus, release.number).map_err(|source| VerifyError::Io {
            file: release_file(release.number, ""),
            source,
        })?;
        for name in names {
            let (part, judged) = signature(corpus, release, &name, options)?;
            parts.push(part);
            seen.push(judged);
        }
        if place == 0
            && let Some(part) = signers(release.number, &seen, options)
        {
            vouched = part.verdict == Verdict::Verified;
            parts.push(part);
        }
        // Beside an allowed signature, one of a form that cannot be checked is reported and no more:
        // whoever adds such a file to a copy must not undo its verification.
        if seen.contains(&Judged::Allowed) {
            parts.iter_mut().skip(first).for_each(Part::set_aside);
        }
    }
    Ok(vouched)
}

/// What a signature came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Judged {
    Allowed,
    NotAllowed,
    Wrong,
    Unverifiable,
}

/// Judges one signature file.
fn signature(
    corpus: &Corpus,
    release: &Release,
    name: &str,
    options: &VerifyOptions<'_>,
) -> Result<(Part, Judged), VerifyError> {
    let part = |verdict, reason: String| {
        Part::new(PartName::Signature, release.number, verdict).because(format!("{name}: {reason}"))
    };
    let Some(bytes) = &release.bytes else {
        let reason = "there is no manifest for it".to_owned();
        return Ok((part(Verdict::Unverifiable, reason), Judged::Unverifiable));
    };
    let file = match small_file(corpus, release.number, name, sshsig::MAX_LENGTH)? {
        Ok(file) => file,
        Err(reason) => return Ok((part(Verdict::Failed, reason), Judged::Wrong)),
    };
    Ok(match signer(&file, bytes) {
        Ok(key) => {
            let (verdict, reason, judged) = permission(&key, options);
            (part(verdict, reason).aside(), judged)
        }
        Err(error) => wrong(&error, part),
    })
}

fn wrong(error: &SignatureError, part: impl Fn(Verdict, String) -> Part) -> (Part, Judged) {
    if error.is_unverifiable() {
        let part = part(Verdict::Unverifiable, error.to_string());
        (part, Judged::Unverifiable)
    } else {
        (part(Verdict::Failed, error.to_string()), Judged::Wrong)
    }
}

/// Whether the key of a signature that holds may sign.
fn permission(key: &PublicKey, options: &VerifyOptions<'_>) -> (Verdict, String, Judged) {
    let fingerprint = key.fingerprint();
    let Some(signers) = options.signers else {
        let reason = format!("it is by {fingerprint}; whose key that is was not given");
        return (Verdict::Unverifiable, reason, Judged::Unverifiable);
    };
    let permission = signers.find(key, NAMESPACE, options.at);
    let other_time = if permission.is_by_time() {
        "; --verify-time judges at another time"
    } else {
        ""
    };
    let reason = format!("it is by {fingerprint}; {permission}{other_time}");
    match permission {
        Permission::Allowed { .. } => (Verdict::Verified, reason, Judged::Allowed),
        Permission::Expired { .. }
        | Permission::NotYetValid { .. }
        | Permission::WrongNamespace { .. }
        | Permission::AuthorityOnly { .. }
        | Permission::Nobody { .. }
        | Permission::Unknown => (Verdict::Unverifiable, reason, Judged::NotAllowed),
    }
}

/// Whether one of the signers given signed the newest release; nothing where none were given.
fn signers(number: u64, seen: &[Judged], options: &VerifyOptions<'_>) -> Option<Part> {
    options.signers?;
    let part = |verdict| Part::new(PartName::Signers, number, verdict);
    Some(if seen.contains(&Judged::Allowed) {
        part(Verdict::Verified)
    } else if seen.is_empty() {
        part(Verdict::Failed).because("the release is not signed")
    } else if seen.contains(&Judged::Unverifiable) && !seen.contains(&Judged::Wrong) {
        part(Verdict::Unverifiable).because("no signature that can be checked is by one of them")
    } else {
        part(Verdict::Failed).because("no signature is by one of them")
    })
}

/// Finds the release whose manifest is cited; nothing where none is, or nothing was cited.
pub(super) fn cited(
    chain: &[Release],
    options: &VerifyOptions<'_>,
    parts: &mut Vec<Part>,
) -> Option<u64> {
    let cited = options.cited?;
    let newest = chain.first()?.number;
    let found = chain.iter().find(|release| release.digest == Some(cited));
    let Some(release) = found else {
        parts.push(
            Part::new(PartName::Cited, newest, Verdict::Failed)
                .because(format!("no release of this copy has the manifest {cited}")),
        );
        return None;
    };
    let part = Part::new(PartName::Cited, release.number, Verdict::Verified);
    parts.push(if release.number == newest {
        part
    } else {
        part.because(format!(
            "release {} is superseded by release {newest}, which the citation does not vouch for",
            release.number
        ))
    });
    Some(release.number)
}
