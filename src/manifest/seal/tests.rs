#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::{SealError, Sealed, seal};
use crate::corpus::{Corpus, Part, WriteOptions, Writer};
use crate::digest::Digest;
use crate::manifest::key::SigningKey;
use crate::manifest::{Created, VerifyOptions, samples, verify};
use crate::record::{Key, Record, Withdrawal};
use crate::release::Changes;

fn new(records: &[Record]) -> TempDir {
    let folder = TempDir::new().unwrap();
    samples::write(folder.path(), records);
    folder
}

/// Every file of a folder with its bytes.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, at: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, files);
            } else {
                let name = path.strip_prefix(root).unwrap().display().to_string();
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut all = BTreeMap::new();
    walk(root, root, &mut all);
    all
}

fn revise(records: &mut [Record], at: usize, text: &str) {
    if let Some(Record::Article(article)) = records.get_mut(at) {
        article.content.as_mut().unwrap().text = Some(text.to_owned());
        article.seal_content().unwrap();
    }
}

#[test]
fn a_state_is_sealed_and_verifies() {
    let folder = new(&samples::records());
    let key = samples::key();
    let sealed = seal(folder.path(), &samples::options(Some(&key))).unwrap();
    let Sealed::Released(release) = &sealed else {
        panic!("{sealed:?}")
    };
    let predicate = &release.manifest.predicate;
    assert_eq!((predicate.release, predicate.previous), (1, None));
    assert_eq!(predicate.records.size, 4);
    assert_eq!(predicate.traces.size, 3);
    assert_eq!(
        predicate.changes,
        Changes {
            added: 4,
            ..Changes::default()
        }
    );
    assert_eq!(predicate.created.to_string(), "2026-11-01T00:00:00Z");
    assert_eq!(predicate.profiles.len(), 1);
    let all = files(folder.path());
    assert_eq!(Digest::of(&all["releases/1/manifest.json"]), release.digest);
    assert_eq!(
        String::from_utf8_lossy(&all["releases/1/entries.txt"])
            .lines()
            .count(),
        4
    );

    let corpus = Corpus::open(folder.path()).unwrap();
    let signers = samples::signers();
    let mut options = VerifyOptions::at(samples::SEALED_AT);
    let verification = verify(&corpus, &options).unwrap();
    assert_eq!(verification.exit(), 3, "{verification:#?}");
    options.signers = Some(&signers);
    let verification = verify(&corpus, &options).unwrap();
    assert_eq!(verification.exit(), 0, "{verification:#?}");
    options.signers = None;
    options.cited = Some(release.digest);
    assert_eq!(verify(&corpus, &options).unwrap().exit(), 0);
    options.cited = Some(Digest::of(b""));
    assert_eq!(verify(&corpus, &options).unwrap().exit(), 1);
}

#[test]
fn the_same_state_is_not_sealed_again() {
    let folder = new(&samples::records());
    seal(folder.path(), &samples::options(None)).unwrap();
    let before = files(folder.path());
    let mut options = samples::options(None);
    options.created = Created::from_unix(0).unwrap();
    let again = seal(folder.path(), &options).unwrap();
    assert!(matches!(again, Sealed::Unchanged(_)), "{again:?}");
    assert_eq!(files(folder.path()), before);
    // Written again it is still the same.
    samples::write(folder.path(), &samples::records());
    let again = seal(folder.path(), &options).unwrap();
    assert!(matches!(again, Sealed::Unchanged(_)), "{again:?}");
    assert_eq!(files(folder.path()), before);
    // A key signs what is there.
    let key = samples::key();
    options.key = Some(&key);
    let signed = seal(folder.path(), &options).unwrap();
    assert!(matches!(signed, Sealed::Signed(_)), "{signed:?}");
    let mut after = files(folder.path());
    assert!(after.remove("releases/1/manifest.json.sig").is_some());
    assert_eq!(after, before);
    let again = seal(folder.path(), &options).unwrap();
    assert!(matches!(again, Sealed::Unchanged(_)), "{again:?}");
}

#[test]
fn two_builds_are_one_release() {
    let one = new(&samples::records());
    let mut reversed = samples::records();
    reversed.reverse();
    let other = new(&reversed);
    for folder in [&one, &other] {
        seal(folder.path(), &samples::options(None)).unwrap();
    }
    assert_eq!(files(one.path()), files(other.path()));
}

#[test]
fn what_changes_makes_the_next_release() {
    let key = samples::key();
    let options = samples::options(Some(&key));
    let mut records = samples::records();
    let folder = new(&records);
    let first = seal(folder.path(), &options).unwrap();
    revise(&mut records, 0, "Another text.");
    records.push(Record::Article(Box::new(samples::article(4, "New."))));
    records.retain(|record| !matches!(record, Record::Relation(_)));
    samples::write(folder.path(), &records);
    let second = seal(folder.path(), &options).unwrap();
    let predicate = &second.release().manifest.predicate;
    assert_eq!(predicate.release, 2);
    let previous = predicate.previous.unwrap();
    assert_eq!(previous.digest, first.release().digest);
    assert_eq!(
        predicate.changes,
        Changes {
            added: 1,
            revised: 1,
            removed: 1,
            ..Changes::default()
        }
    );
    let names: Vec<String> = files(folder.path()).into_keys().collect();
    assert!(
        !names.contains(&"releases/1/entries.txt".to_owned()),
        "{names:?}"
    );

    // The first release is known from the second; but records that it does not cover lie here.
    let corpus = Corpus::open(folder.path()).unwrap();
    let mut options = VerifyOptions::at(samples::SEALED_AT);
    options.cited = Some(first.release().digest);
    let verification = verify(&corpus, &options).unwrap();
    assert_eq!(verification.exit(), 3, "{verification:#?}");
    assert_eq!(verification.release, 1);
    let newer = verification.newer.unwrap();
    assert_eq!((newer.release, newer.vouched), (2, false));
}

#[test]
fn an_article_that_vanished_is_refused() {
    let mut records = samples::records();
    let folder = new(&records);
    seal(folder.path(), &samples::options(None)).unwrap();
    records.retain(|record| record.id().as_str() != "art-3");
    samples::write(folder.path(), &records);
    let before = files(folder.path());
    let error = seal(folder.path(), &samples::options(None)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "1 of the release before is neither there nor withdrawn: art-3; bring them back, and withdraw only what is meant to go"
    );
    assert_eq!(files(folder.path()), before);
}

/// The first five of those that vanished are named.
#[test]
fn five_that_vanished_are_named() {
    let article = |n: u8| Record::Article(Box::new(samples::article(n, "Text.")));
    let folder = new(&(1..=30).map(article).collect::<Vec<_>>());
    seal(folder.path(), &samples::options(None)).unwrap();
    for (left, more) in [(25, false), (24, true)] {
        samples::write(folder.path(), &(1..=left).map(article).collect::<Vec<_>>());
        let error = seal(folder.path(), &samples::options(None)).unwrap_err();
        let SealError::Vanished { count, ids } = &error else {
            panic!("{error}")
        };
        assert_eq!((*count, ids.len()), (u64::from(30 - left), 5));
        assert_eq!(error.to_string().contains(", …"), more, "{error}");
    }
}

/// The release before is the one that its manifest says, in each of what it says.
#[test]
fn a_release_before_that_was_altered_is_not_built_on() {
    type Edit = fn(&mut crate::manifest::Manifest);
    let changes: [Edit; 2] = [
        |manifest| manifest.subject[0].digest.sha256 = Digest::of(b"other"),
        |manifest| manifest.predicate.records.root = Digest::of(b"other"),
    ];
    let mut records = samples::records();
    for change in changes {
        let folder = new(&records[..3]);
        seal(folder.path(), &samples::options(None)).unwrap();
        let path = folder.path().join("releases/1/manifest.json");
        let mut manifest = crate::manifest::Manifest::parse(&fs::read(&path).unwrap()).unwrap();
        change(&mut manifest);
        fs::write(&path, manifest.to_bytes().unwrap()).unwrap();
        samples::write(folder.path(), &records);
        let error = seal(folder.path(), &samples::options(None)).unwrap_err();
        assert!(
            matches!(error, SealError::Altered { release: 1 }),
            "{error}"
        );
    }
    // That of another release in its place.
    let folder = new(&records[..3]);
    seal(folder.path(), &samples::options(None)).unwrap();
    samples::write(folder.path(), &records);
    seal(folder.path(), &samples::options(None)).unwrap();
    let second = fs::read(folder.path().join("releases/2/manifest.json")).unwrap();
    fs::create_dir(folder.path().join("releases/3")).unwrap();
    for name in ["entries.txt", "traces.txt", "inputs.jsonl", "files.json"] {
        let from = folder.path().join("releases/2").join(name);
        fs::copy(from, folder.path().join("releases/3").join(name)).unwrap();
    }
    fs::write(folder.path().join("releases/3/manifest.json"), second).unwrap();
    revise(&mut records, 0, "Revised.");
    samples::write(folder.path(), &records);
    let error = seal(folder.path(), &samples::options(None)).unwrap_err();
    assert!(
        matches!(error, SealError::Altered { release: 3 }),
        "{error}"
    );
}

/// A trace is of an article: one of a relation, a withdrawal or nothing is refused.
#[test]
fn a_trace_of_no_article_is_refused() {
    let mut records = samples::records();
    let relation = records[3].id().clone();
    let gone = records.remove(2);
    records.push(samples::withdrawal(&gone));
    for id in [relation.as_str(), gone.id().as_str(), "art-9", "art-0"] {
        let folder = new(&records);
        let state = Corpus::open(folder.path()).unwrap().working().unwrap();
        let mut lines: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for line in state.lines(Part::Traces).unwrap() {
            let bytes = line.unwrap().bytes;
            let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            lines.insert(value["id"].as_str().unwrap().to_owned(), bytes);
        }
        let text = String::from_utf8(lines["art-1"].clone()).unwrap();
        let stray = text.replacen("\"id\":\"art-1\"", &format!("\"id\":\"{id}\""), 1);
        lines.insert(id.to_owned(), stray.into_bytes());
        let mut writer = Writer::open(folder.path(), WriteOptions::default()).unwrap();
        let mut traces = writer.part(Part::Traces);
        for (id, line) in &lines {
            traces.push(id, line).unwrap();
        }
        writer.set(traces.finish().unwrap());
        writer.commit().unwrap();
        let error = seal(folder.path(), &samples::options(None)).unwrap_err();
        assert!(error.to_string().contains(id), "{error}");
    }
}

/// Articles without their content are sealed, and counted.
#[test]
fn withheld_articles_are_counted() {
    let mut records = samples::records();
    if let Some(Record::Article(article)) = records.first_mut() {
        article.content = None;
    }
    let folder = new(&records);
    let sealed = seal(folder.path(), &samples::options(None)).unwrap();
    assert_eq!(sealed.release().withheld, 1);
}

#[test]
fn what_is_withdrawn_is_what_was_released() {
    let mut records = samples::records();
    let folder = new(&records);
    seal(folder.path(), &samples::options(None)).unwrap();
    let released = records.remove(2);
    let other = Record::Article(Box::new(samples::article(3, "Another text.")));
    records.push(samples::withdrawal(&other));
    samples::write(folder.path(), &records);
    let error = seal(folder.path(), &samples::options(None)).unwrap_err();
    let message = format!(
        "the withdrawal of `art-3`: `was` is not the digest of the record in release 1, which is {}",
        released.digest().unwrap()
    );
    assert!(error.to_string().ends_with(&message), "{error}");
    records.pop();
    records.push(samples::withdrawal(&released));
    samples::write(folder.path(), &records);
    let sealed = seal(folder.path(), &samples::options(None)).unwrap();
    assert_eq!(sealed.release().manifest.predicate.changes.withdrawn, 1);
}

/// `withdrawal-fixed`
#[test]
fn a_sealed_withdrawal_only_ever_says_less() {
    type Edit<'c> = &'c dyn Fn(&mut Withdrawal);

    let sealed = |change: Edit<'_>| {
        let mut records = samples::records();
        let folder = new(&records);
        seal(folder.path(), &samples::options(None)).unwrap();
        let Record::Withdrawal(mut gone) = samples::withdrawal(&records.remove(2)) else {
            unreachable!("it is one")
        };
        gone.notice = Some("At the request of the publisher.".to_owned());
        gone.url_digests = vec![Key::Public(Digest::of(b"https://news.example/3"))];
        records.push(Record::Withdrawal(gone.clone()));
        samples::write(folder.path(), &records);
        seal(folder.path(), &samples::options(None)).unwrap();
        change(&mut gone);
        records.pop();
        records.push(Record::Withdrawal(gone));
        samples::write(folder.path(), &records);
        seal(folder.path(), &samples::options(None)).map_err(|error| error.to_string())
    };
    let key = Key::Public(Digest::of(b"https://news.example/4"));
    let refused: [(&str, Edit<'_>); 5] = [
        ("date", &|gone| gone.date = "2026-11-01".parse().unwrap()),
        ("notice", &|gone| gone.notice = Some("Another.".to_owned())),
        ("raw_digest", &|gone| gone.raw_digest = Some(key)),
        ("url_digests", &|gone| gone.url_digests = vec![key]),
        ("url_keys", &|gone| gone.url_keys = vec![key]),
    ];
    for (member, change) in refused {
        let error = sealed(change).unwrap_err();
        let said = format!("the withdrawal of `art-3`: `{member}` is not as release 2 has it");
        assert!(error.starts_with(&said), "{error}");
    }
    let less = sealed(&|gone| {
        gone.notice = None;
        gone.url_digests.clear();
    });
    assert_eq!(
        less.unwrap().release().manifest.predicate.changes.revised,
        1
    );
}

#[test]
fn another_origin_is_another_chain() {
    let folder = new(&samples::records());
    seal(folder.path(), &samples::options(None)).unwrap();
    let mut options = samples::options(None);
    options.name.origin = "example.org/other".to_owned();
    assert_eq!(
        seal(folder.path(), &options).unwrap_err().to_string(),
        "the origin is `example.org/other`, in the release before it was `example.org/floods`; a chain has one origin"
    );
    options.name.origin = "Not an origin".to_owned();
    let fresh = new(&samples::records());
    let error = seal(fresh.path(), &options).unwrap_err().to_string();
    assert!(error.contains("/predicate/corpus/origin"), "{error}");
    // Another title is a release.
    let mut options = samples::options(None);
    options.name.title = "Floods and Droughts".to_owned();
    let sealed = seal(folder.path(), &options).unwrap();
    assert_eq!(
        sealed.release().manifest.predicate.changes,
        Changes::default()
    );
    assert_eq!(sealed.release().manifest.predicate.release, 2);
}

#[test]
fn what_is_wrong_with_a_line_is_told_by_place() {
    for (from, to, message) in [
        (
            "Text 2",
            "Text 9",
            "line 2: the content of record `art-2` has the digest",
        ),
        ("art-2", "art-1", "line 2: id `art-1` occurs twice"),
        (
            "\"type\":\"article\"",
            "\"type\":\"relation\"",
            "line 1: `type` is `relation`",
        ),
        ("dateline/1", "dateline/2", "line 1: `/format`"),
        ("{\"format\"", "[\"format\"", "line 1: column 10"),
    ] {
        let folder = new(&samples::records());
        let (name, bytes) = files(folder.path())
            .into_iter()
            .find(|(name, _)| name.starts_with("records/"))
            .unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(folder.path().join(&name), text.replace(from, to)).unwrap();
        let error = seal(folder.path(), &samples::options(None))
            .unwrap_err()
            .to_string();
        assert!(error.contains(message), "{message}: {error}");
        assert!(error.starts_with("records/part-00000-"), "{error}");
        assert!(!folder.path().join("releases/1").exists());
    }
}

fn signature(folder: &Path, name: &str) -> std::path::PathBuf {
    folder.join("releases/1").join(name)
}

/// Shows `signature-form`: what is beside the manifest is looked at, whatever its name.
#[test]
fn a_junk_signature_signs_nothing_and_is_not_overwritten() {
    let folder = new(&samples::records());
    seal(folder.path(), &samples::options(None)).unwrap();
    let junk = signature(folder.path(), "manifest.json.sig");
    fs::write(&junk, "junk").unwrap();
    let again = seal(folder.path(), &samples::options(None)).unwrap();
    let release = again.release();
    assert!(!release.signers.is_signed());
    assert_eq!(release.signers.wrong[0].0, "manifest.json.sig");
    // It lies in the way of no other.
    let key = samples::key();
    let signed = seal(folder.path(), &samples::options(Some(&key))).unwrap();
    let release = signed.release();
    assert!(matches!(signed, Sealed::Signed(_)));
    assert_eq!(release.signature.as_deref(), Some("manifest.json.2.sig"));
    assert_eq!(release.signers.keys, [key.public()]);
    assert_eq!(fs::read_to_string(junk).unwrap(), "junk");
}

#[test]
fn every_key_signs_once_in_the_next_file() {
    let folder = new(&samples::records());
    let keys = [samples::key(), SigningKey::from_seed(&[8; 32])];
    let [first, second] = &keys;
    seal(folder.path(), &samples::options(Some(first))).unwrap();
    let signed = seal(folder.path(), &samples::options(Some(second))).unwrap();
    assert!(matches!(signed, Sealed::Signed(_)), "{signed:?}");
    let both = [first.public(), second.public()];
    assert_eq!(signed.release().signers.keys, both);
    let before = files(folder.path());
    assert!(before.contains_key("releases/1/manifest.json.2.sig"));
    for key in &keys {
        let again = seal(folder.path(), &samples::options(Some(key))).unwrap();
        assert!(matches!(again, Sealed::Unchanged(_)), "{again:?}");
        assert_eq!(again.release().signers.keys, both);
    }
    assert_eq!(files(folder.path()), before);
    // A name with a zero is no name of a signature, and the first free one is taken.
    let second_file = signature(folder.path(), "manifest.json.2.sig");
    fs::rename(
        second_file,
        signature(folder.path(), "manifest.json.02.sig"),
    )
    .unwrap();
    let again = seal(folder.path(), &samples::options(Some(second))).unwrap();
    assert_eq!(
        again.release().signature.as_deref(),
        Some("manifest.json.2.sig")
    );
}

#[test]
fn a_release_after_a_signed_one_is_signed_unless_it_is_said() {
    let folder = new(&samples::records());
    let key = samples::key();
    seal(folder.path(), &samples::options(Some(&key))).unwrap();
    let mut records = samples::records();
    revise(&mut records, 0, "Another text.");
    samples::write(folder.path(), &records);
    let before = files(folder.path());
    let refused = seal(folder.path(), &samples::options(None)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!(
            "release 1 is signed by {}, and no key was given to sign the next one",
            key.public().fingerprint()
        )
    );
    assert_eq!(files(folder.path()), before);
    let mut options = samples::options(None);
    options.unsigned = true;
    let sealed = seal(folder.path(), &options).unwrap();
    assert!(matches!(&sealed, Sealed::Released(release) if !release.signers.is_signed()));
    // Behind an unsigned one nothing is asked.
    revise(&mut records, 0, "A third text.");
    samples::write(folder.path(), &records);
    seal(folder.path(), &samples::options(None)).unwrap();
}

#[test]
fn nothing_is_not_sealed() {
    let folder = new(&[]);
    let refused = seal(folder.path(), &samples::options(None)).unwrap_err();
    assert!(matches!(refused, SealError::Empty), "{refused}");
    assert!(!folder.path().join("releases").exists());
}
