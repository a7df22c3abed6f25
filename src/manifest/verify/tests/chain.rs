//! What holds from release to release.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::super::{PartName, Verdict};
use super::{check, files, part};
use crate::corpus::{Corpus, Part};
use crate::digest::Digest;
use crate::manifest::statement::{Manifest, Previous};
use crate::manifest::{SealError, samples, seal, sshsig};
use crate::record::{Record, Withdrawal};

/// Puts another manifest in the place of that of a release, signed by the same.
pub(super) fn resign(root: &Path, release: u64, change: impl FnOnce(&mut Manifest)) {
    let folder = root.join(format!("releases/{release}"));
    let mut manifest = Manifest::parse(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    change(&mut manifest);
    let bytes = manifest.to_bytes().unwrap();
    fs::write(folder.join("manifest.json"), &bytes).unwrap();
    let signature = sshsig::sign(&samples::key(), &bytes);
    fs::write(folder.join("manifest.json.sig"), signature).unwrap();
}

/// `chain-origin`: a release of another origin that names the one before it, signed by an allowed key.
#[test]
fn a_release_of_another_origin_does_not_follow() {
    let folder = super::sealed();
    let signers = samples::signers();
    assert_eq!(check(folder.path(), &signers).exit(), 0);
    resign(folder.path(), 2, |manifest| {
        manifest.predicate.corpus.origin = "example.org/storms".to_owned();
    });
    let verification = check(folder.path(), &signers);
    assert_eq!(verification.exit(), 1, "{verification:#?}");
    assert_eq!(
        part(&verification, PartName::Chain),
        (
            Verdict::Failed,
            "its origin is `example.org/storms`, that of release 1 is `example.org/floods`"
                .to_owned()
        )
    );
    // The other way round, with the digest that the second names.
    let folder = super::sealed();
    resign(folder.path(), 1, |manifest| {
        manifest.predicate.corpus.origin = "example.org/storms".to_owned();
    });
    let first = fs::read(folder.path().join("releases/1/manifest.json")).unwrap();
    resign(folder.path(), 2, |manifest| {
        manifest.predicate.previous = Some(Previous {
            release: 1,
            digest: Digest::of(&first),
        });
    });
    let verification = check(folder.path(), &signers);
    assert_eq!(part(&verification, PartName::Chain).0, Verdict::Failed);
    assert_eq!(verification.exit(), 1);
}

/// Two articles, of which the second is withdrawn in release 2.
pub(super) fn withdrawn() -> (TempDir, Vec<Record>) {
    let folder = TempDir::new().unwrap();
    let key = samples::key();
    let stays = Record::Article(Box::new(samples::article(1, "Stays.")));
    let goes = Record::Article(Box::new(samples::article(2, "Goes.")));
    samples::write(folder.path(), &[stays.clone(), goes.clone()]);
    seal(folder.path(), &samples::options(Some(&key))).unwrap();
    let mut records = vec![stays, samples::withdrawal(&goes)];
    of(&mut records).notice = Some("Gone.".to_owned());
    samples::write(folder.path(), &records);
    seal(folder.path(), &samples::options(Some(&key))).unwrap();
    (folder, records)
}

pub(super) fn of(records: &mut [Record]) -> &mut Withdrawal {
    records
        .iter_mut()
        .find_map(|record| match record {
            Record::Withdrawal(withdrawal) => Some(withdrawal),
            Record::Article(_) | Record::Relation(_) => None,
        })
        .unwrap()
}

/// `verify-withdrawals`
#[test]
fn a_withdrawal_that_names_something_else_is_not_sealed_and_not_verified() {
    type Edit = fn(&mut Withdrawal);
    let changes: [(Edit, &str); 3] = [
        (
            |withdrawal| withdrawal.was = Digest::of(b"other"),
            "`was` is not the digest of the record in release 1, which is sha256:",
        ),
        (
            |withdrawal| withdrawal.release = Some(7),
            "`release` is 7, and it was sealed with release 2 already",
        ),
        (
            |withdrawal| withdrawal.release = None,
            "`release` is absent, and release 1 had the record",
        ),
    ];
    let signers = samples::signers();
    let key = samples::key();
    for (change, told) in changes {
        let (folder, mut records) = withdrawn();
        assert_eq!(check(folder.path(), &signers).exit(), 0);
        change(of(&mut records));
        samples::write(folder.path(), &records);
        let error = seal(folder.path(), &samples::options(Some(&key))).unwrap_err();
        assert!(matches!(error, SealError::Withdrawal { .. }), "{error}");
        assert!(error.to_string().contains(told), "{error}");
    }
    // What may go, goes, and is named.
    let (folder, mut records) = withdrawn();
    let withdrawal = of(&mut records);
    withdrawal.notice = None;
    samples::write(folder.path(), &records);
    seal(folder.path(), &samples::options(Some(&key))).unwrap();
    let verification = check(folder.path(), &signers);
    assert_eq!(verification.exit(), 0, "{verification:#?}");
    assert_eq!(
        part(&verification, PartName::Withdrawals),
        (
            Verdict::Withdrawn,
            "1 was written again since, where only the notice and the keys may go: art-2"
                .to_owned()
        )
    );
}

/// A first release whose withdrawal names a record that no release had.
#[test]
fn a_withdrawal_of_what_no_release_had_names_none() {
    let folder = TempDir::new().unwrap();
    let key = samples::key();
    let goes = Record::Article(Box::new(samples::article(2, "Goes.")));
    let stays = Record::Article(Box::new(samples::article(1, "Stays.")));
    let mut records = vec![stays, samples::withdrawal(&goes)];
    of(&mut records).release = Some(1);
    samples::write(folder.path(), &records);
    seal(folder.path(), &samples::options(Some(&key))).unwrap();
    let verification = check(folder.path(), &samples::signers());
    assert_eq!(verification.exit(), 1, "{verification:#?}");
    assert_eq!(
        part(&verification, PartName::Withdrawals).0,
        Verdict::Failed
    );
}

/// Lines out of order within a shard, edited in place: sealed, and verified at once.
#[test]
fn a_release_after_an_edit_in_place_verifies_in_any_order() {
    let folder = super::sealed();
    let key = samples::key();
    let shard = files(folder.path())
        .into_iter()
        .find(|path| path.starts_with(folder.path().join("records")))
        .unwrap();
    let text = fs::read_to_string(&shard).unwrap();
    let edited = text.replacen("https://news.example/2", "https://news.example/22", 1);
    assert_ne!(text, edited);
    let mut lines: Vec<&str> = edited.split_inclusive('\n').collect();
    lines.reverse();
    fs::write(&shard, lines.concat()).unwrap();
    let sealed = seal(folder.path(), &samples::options(Some(&key))).unwrap();
    assert_eq!(sealed.release().manifest.predicate.changes.revised, 1);
    let verification = check(folder.path(), &samples::signers());
    assert_eq!(verification.exit(), 0, "{verification:#?}");
    // An id twice is refused, wherever its lines lie.
    fs::write(&shard, [lines.concat(), lines.concat()].concat()).unwrap();
    let error = seal(folder.path(), &samples::options(Some(&key))).unwrap_err();
    assert!(error.to_string().contains("occurs twice"), "{error}");
    let state = Corpus::open(folder.path()).unwrap().working().unwrap();
    assert_eq!(state.part(Part::Records).count(), 1);
}
