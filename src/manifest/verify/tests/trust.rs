//! Who vouches for what.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::super::{PartName, Verdict, Verification, VerifyOptions, verify};
use super::{check, files, part, sealed, tamper};
use crate::corpus::Corpus;
use crate::digest::Digest;
use crate::manifest::key::SigningKey;
use crate::manifest::signers::AllowedSigners;
use crate::manifest::{samples, seal, sshsig};
use crate::record::Record;

#[test]
fn who_vouches_is_told() {
    let key = samples::key();
    let other = crate::manifest::key::SigningKey::from_seed(&[8; 32]);
    let line = |options: &str, key: &crate::manifest::key::SigningKey| {
        let line = format!("press@example.org {options} {}\n", key.public());
        AllowedSigners::parse(line.as_bytes()).unwrap()
    };
    let signed = sealed();
    for (signers, message) in [
        (line("", &other), "the signers do not name the key"),
        (
            line("valid-before=\"20200101Z\"", &key),
            "the key was allowed until 2020-01-01T00:00:00Z",
        ),
        (
            line("valid-after=\"20300101Z\"", &key),
            "the key is allowed from 2030-01-01T00:00:00Z on",
        ),
        (
            line("namespaces=\"git\"", &key),
            "the key is allowed in the namespaces `git` only",
        ),
    ] {
        let verification = check(signed.path(), &signers);
        assert_eq!(verification.exit(), 1);
        let (verdict, reason) = part(&verification, PartName::Signature);
        assert_eq!(verdict, Verdict::Unverifiable);
        assert!(reason.contains(message), "{reason}");
        let (verdict, reason) = part(&verification, PartName::Signers);
        assert_eq!(
            (verdict, reason.as_str()),
            (Verdict::Failed, "no signature is by one of them")
        );
    }
    let unsigned = TempDir::new().unwrap();
    samples::write(unsigned.path(), &samples::records());
    seal(unsigned.path(), &samples::options(None)).unwrap();
    let verification = check(unsigned.path(), &samples::signers());
    assert_eq!(verification.exit(), 1);
    assert_eq!(
        part(&verification, PartName::Signers).1,
        "the release is not signed"
    );
    // One more signature, by somebody unknown, takes nothing away.
    let manifest = fs::read(signed.path().join("releases/2/manifest.json")).unwrap();
    let further = crate::manifest::sshsig::sign(&other, &manifest);
    fs::write(
        signed.path().join("releases/2/manifest.json.2.sig"),
        &further,
    )
    .unwrap();
    assert_eq!(check(signed.path(), &samples::signers()).exit(), 0);
    fs::write(
        signed.path().join("releases/2/manifest.json.3.sig"),
        further.to_uppercase(),
    )
    .unwrap();
    // Nor does one that is none.
    let verification = check(signed.path(), &samples::signers());
    assert_eq!(verification.exit(), 0, "{verification:#?}");
    let junk = verification.parts.iter().find(|part| {
        let reason = part.reason.as_deref().unwrap_or_default();
        reason.starts_with("manifest.json.3.sig: ")
    });
    assert_eq!(junk.unwrap().verdict, Verdict::Unverifiable);
}

#[test]
fn a_signature_that_cannot_be_checked_does_not_undo_an_allowed_one() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    let signed = sealed();
    let release = signed.path().join("releases/2");
    let armoured = fs::read_to_string(release.join("manifest.json.sig")).unwrap();
    let lines: Vec<&str> = armoured.lines().collect();
    let (begin, end) = (lines[0], lines[lines.len() - 1]);
    let mut blob = STANDARD.decode(lines[1..lines.len() - 1].concat()).unwrap();
    let hash = blob
        .windows(6)
        .position(|bytes| bytes == b"sha512")
        .unwrap();
    blob[hash..hash + 6].copy_from_slice(b"sha999");
    let body = STANDARD.encode(&blob);
    let body: Vec<&str> = body
        .as_bytes()
        .chunks(70)
        .map(|line| str::from_utf8(line).unwrap())
        .collect();
    let other = format!("{begin}\n{}\n{end}\n", body.join("\n"));

    fs::write(release.join("manifest.json.2.sig"), &other).unwrap();
    let both = check(signed.path(), &samples::signers());
    assert_eq!(part(&both, PartName::Signature).0, Verdict::Unverifiable);
    assert_eq!(both.exit(), 0);

    fs::write(release.join("manifest.json.sig"), &other).unwrap();
    assert_eq!(check(signed.path(), &samples::signers()).exit(), 3);
}

#[test]
fn what_is_not_signed_makes_nothing_pass() {
    let signers = samples::signers();
    let folder = sealed();
    let root = folder.path();
    fs::write(root.join("dateline.yaml"), "allow: [everything]\n").unwrap();
    assert_eq!(check(root, &signers).exit(), 0);
    // Keys that lie in the corpus are not asked.
    let line = format!("press@example.org {}\n", samples::key().public());
    for name in ["allowed_signers", "releases/2/allowed_signers"] {
        fs::write(root.join(name), &line).unwrap();
    }
    let options = VerifyOptions::at(samples::SEALED_AT);
    let corpus = Corpus::open(root).unwrap();
    assert_eq!(verify(&corpus, &options).unwrap().exit(), 3);
    // A listing that agrees with altered records.
    let shard = files(root)
        .into_iter()
        .find(|path| path.starts_with(root.join("records")))
        .unwrap();
    let before = Digest::of(&fs::read(&shard).unwrap()).to_string();
    tamper(&folder, "records/", "news.example/2", "news.example/9");
    let after = Digest::of(&fs::read(&shard).unwrap()).to_string();
    tamper(&folder, "releases/2/files.json", &before, &after);
    let verification = check(root, &signers);
    assert_eq!(part(&verification, PartName::Records).0, Verdict::Failed);
    assert_eq!(verification.exit(), 1);
    fs::remove_file(root.join("releases/2/files.json")).unwrap();
    assert_eq!(check(root, &signers).exit(), 1);
}

/// A stranger's release 2 with other records, sealed and signed behind release 1 of the press.
fn taken_over() -> (TempDir, Digest) {
    let folder = TempDir::new().unwrap();
    let key = samples::key();
    let mut records = samples::records();
    samples::write(folder.path(), &records);
    let first = seal(folder.path(), &samples::options(Some(&key))).unwrap();
    let Some(Record::Article(article)) = records
        .iter_mut()
        .find(|record| record.id().as_str() == "art-2")
    else {
        panic!("there is an article");
    };
    article.source.as_mut().unwrap().name = Some("Forged Courier".to_owned());
    samples::write(folder.path(), &records);
    let stranger = SigningKey::from_seed(&[8; 32]);
    seal(folder.path(), &samples::options(Some(&stranger))).unwrap();
    (folder, first.release().digest)
}

fn judge<'s>(root: &Path, change: impl FnOnce(&mut VerifyOptions<'s>)) -> Verification {
    let mut options = VerifyOptions::at(samples::SEALED_AT);
    change(&mut options);
    verify(&Corpus::open(root).unwrap(), &options).unwrap()
}

#[test]
fn a_citation_does_not_vouch_for_what_a_stranger_sealed_behind_it() {
    let (folder, cited) = taken_over();
    let verification = judge(folder.path(), |options| options.cited = Some(cited));
    assert_eq!(verification.exit(), 3, "{verification:#?}");
    assert_eq!((verification.release, verification.cited), (1, Some(1)));
    let newer = verification.newer.unwrap();
    assert_eq!((newer.release, newer.vouched), (2, false));
    let (verdict, told) = part(&verification, PartName::Records);
    assert_eq!(verdict, Verdict::Unverifiable);
    assert!(
        told.contains("1 here is of a newer release, which release 1 does not cover")
            && told.contains("`art-2`: is of a newer release"),
        "{told}"
    );
    let summary = serde_json::to_string(&verification.summary()).unwrap();
    assert!(
        summary.contains("\"exit\":3,\"release\":1,")
            && summary.contains("\"newer\":{\"release\":2,\"digest\":\"sha256:")
            && summary.contains("\"vouched\":false}"),
        "{summary}"
    );
}

#[test]
fn a_citation_holds_where_the_records_at_hand_are_those_cited() {
    let folder = TempDir::new().unwrap();
    samples::write(folder.path(), &samples::records());
    let first = seal(folder.path(), &samples::options(None)).unwrap();
    // A new title makes a new release, and the records stay.
    let mut options = samples::options(None);
    options.name.title = "Floods and Droughts".to_owned();
    seal(folder.path(), &options).unwrap();
    let cited = first.release().digest;
    let verification = judge(folder.path(), |options| options.cited = Some(cited));
    assert_eq!(verification.exit(), 0, "{verification:#?}");
    assert_eq!(verification.release, 1);
    assert!(!verification.newer.unwrap().vouched);
    // What neither release has is wrong, and not only uncovered.
    let shard = files(folder.path())
        .into_iter()
        .find(|path| path.starts_with(folder.path().join("records")))
        .unwrap();
    let text = fs::read_to_string(&shard).unwrap();
    fs::write(&shard, text.replacen("news.example/2", "news.example/9", 1)).unwrap();
    let verification = judge(folder.path(), |options| options.cited = Some(cited));
    assert_eq!(verification.exit(), 1, "{verification:#?}");
}

#[test]
fn an_allowed_signature_on_the_newest_release_vouches_for_those_behind_it() {
    let folder = sealed();
    let signers = samples::signers();
    let first = Digest::of(&fs::read(folder.path().join("releases/1/manifest.json")).unwrap());
    let verification = judge(folder.path(), |options| {
        options.signers = Some(&signers);
        options.cited = Some(first);
    });
    assert_eq!(verification.exit(), 0, "{verification:#?}");
    assert_eq!(verification.release, 2);
    assert!(verification.newer.unwrap().vouched);
    // Release 1 has lost its own signature, and the second names it.
    fs::remove_file(folder.path().join("releases/1/manifest.json.sig")).unwrap();
    let verification = judge(folder.path(), |options| {
        options.signers = Some(&signers);
        options.release = Some(1);
    });
    assert!(verification.signed, "{verification:#?}");
    assert_eq!(part(&verification, PartName::Signers).0, Verdict::Verified);
    // But not where the chain is broken between them.
    fs::write(
        folder.path().join("releases/1/manifest.json"),
        fs::read_to_string(folder.path().join("releases/1/manifest.json"))
            .unwrap()
            .replacen("Floods", "Floors", 1),
    )
    .unwrap();
    let verification = judge(folder.path(), |options| {
        options.signers = Some(&signers);
        options.release = Some(1);
    });
    assert!(!verification.signed, "{verification:#?}");
    assert_eq!(verification.exit(), 1);
}

#[test]
fn a_release_that_is_asked_for_is_judged_and_what_it_does_not_cover_is_named() {
    let folder = sealed();
    let signers = samples::signers();
    let release = |number| {
        let mut options = VerifyOptions::at(samples::SEALED_AT);
        options.signers = Some(&signers);
        options.release = Some(number);
        verify(&Corpus::open(folder.path()).unwrap(), &options)
    };
    assert_eq!(release(2).unwrap().exit(), 0);
    let first = release(1).unwrap();
    assert_eq!(first.exit(), 3, "{first:#?}");
    let (verdict, told) = part(&first, PartName::Records);
    assert_eq!(verdict, Verdict::Unverifiable);
    assert!(
        told.contains("1 was changed since and is not here")
            && told.contains("`art-4`: is of a newer release"),
        "{told}"
    );
    assert_eq!(
        release(3).unwrap_err().to_string(),
        "there is no release 3 in this copy"
    );
}

#[test]
fn a_newest_release_that_nobody_vouches_for_fails_and_the_vouched_one_is_named() {
    let (folder, _) = taken_over();
    let signers = samples::signers();
    let verification = judge(folder.path(), |options| options.signers = Some(&signers));
    assert_eq!(verification.exit(), 1);
    assert_eq!(
        part(&verification, PartName::Signers),
        (
            Verdict::Failed,
            "no signature is by one of them; release 1 is the newest that one of them signed, and \
             `--release 1` judges it"
                .to_owned()
        )
    );
    // Judged itself, it is what it was, but for the record that was put in the place of one of its own.
    let verification = judge(folder.path(), |options| {
        options.signers = Some(&signers);
        options.release = Some(1);
    });
    assert_eq!(verification.exit(), 3, "{verification:#?}");
    assert!(verification.signed);
}

#[test]
fn nothing_that_is_put_beside_a_signed_release_undoes_it() {
    let signers = samples::signers();
    for (path, bytes) in [
        ("releases/2/manifest.json.2.sig", b"junk".as_slice()),
        ("releases/2/manifest.json.3.sig", b""),
        ("releases/1/manifest.json.2.sig", b"junk"),
        ("releases/2/manifest.json.02.sig", b"junk"),
        ("releases/2/allowed_signers", b"junk"),
        ("releases/2/files.json", b"junk"),
        ("releases/7/README", b"junk"),
        ("releases/notes.txt", b"junk"),
        ("files.json", b"junk"),
        ("dateline.yaml", b"\0"),
        ("inputs/part-00000-0123456789abcdef.jsonl", b"junk"),
    ] {
        let folder = sealed();
        let target = folder.path().join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(&target, bytes).unwrap();
        let verification = check(folder.path(), &signers);
        assert_eq!(verification.exit(), 0, "{path}: {verification:#?}");
    }
    let folder = sealed();
    fs::create_dir(folder.path().join("releases/7")).unwrap();
    let verification = check(folder.path(), &signers);
    assert_eq!((verification.exit(), verification.release), (0, 2));
    assert_eq!(
        part(&verification, PartName::Release),
        (
            Verdict::Unverifiable,
            "`releases/7` has no manifest, and is not judged as a release".to_owned()
        )
    );
    // The next release is sealed all the same, and is the third.
    let mut options = samples::options(None);
    options.name.title = "Floods and Droughts".to_owned();
    options.unsigned = true;
    let sealed = seal(folder.path(), &options).unwrap();
    assert_eq!(sealed.release().manifest.predicate.release, 3);
}

#[cfg(unix)]
#[test]
fn a_signature_that_may_not_be_read_is_not_wrong() {
    let folder = sealed();
    let path = folder.path().join("releases/2/manifest.json.sig");
    fs::remove_file(&path).unwrap();
    // A loop of links cannot be read by anybody, the superuser included.
    std::os::unix::fs::symlink("manifest.json.sig", &path).unwrap();
    let corpus = Corpus::open(folder.path()).unwrap();
    let signers = samples::signers();
    let mut options = VerifyOptions::at(samples::SEALED_AT);
    options.signers = Some(&signers);
    let verification = verify(&corpus, &options).unwrap();
    assert_eq!(verification.exit(), 3, "{verification:#?}");
    assert_eq!(
        part(&verification, PartName::Signature).0,
        Verdict::Unverifiable
    );
    assert_eq!(
        part(&verification, PartName::Signers).0,
        Verdict::Unverifiable
    );
    let further = sshsig::sign(
        &samples::key(),
        &fs::read(folder.path().join("releases/2/manifest.json")).unwrap(),
    );
    fs::write(
        folder.path().join("releases/2/manifest.json.2.sig"),
        further,
    )
    .unwrap();
    assert_eq!(check(folder.path(), &signers).exit(), 0);
}
