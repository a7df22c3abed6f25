//! What a folder opens as.

use std::fs;

use super::{SMALL, content, fill, lines, working};
use crate::corpus::{Corpus, FileDefect, OpenError, Part, WriteError, Writer};

#[test]
fn what_is_no_corpus_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let open = |name: &str| Corpus::open(folder.path().join(name)).map(drop);
    assert!(matches!(open("nothing"), Err(OpenError::Missing(_))));
    assert!(matches!(open(""), Err(OpenError::NotACorpus(_))));
    fs::write(folder.path().join("file"), "").unwrap();
    assert!(matches!(open("file"), Err(OpenError::NotACorpus(_))));
    fs::create_dir(folder.path().join("records")).unwrap();
    assert!(matches!(open(""), Err(OpenError::NotACorpus(_))));
    fs::write(folder.path().join("dateline.yaml"), "").unwrap();
    assert!(open("").is_ok());
}

#[test]
fn shards_packed_in_another_way_are_read_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let mut writer = Writer::open(root, SMALL).unwrap();
    fill(&mut writer, Part::Records, &lines(0..5, "x")).unwrap();
    writer.commit().unwrap();
    let before = working(root);
    let state = Corpus::open(root).unwrap().working().unwrap();
    let first = root.join(state.files()[0].name.to_string());
    let packed = zstd::stream::encode_all(&*fs::read(&first).unwrap(), 1).unwrap();
    let beside = first.with_extension("jsonl.zst");
    fs::write(&beside, packed).unwrap();

    // Both are there: what is listed counts.
    let state = Corpus::open(root).unwrap().working().unwrap();
    assert_eq!(content(&state), before);
    assert_eq!(state.unnamed().len(), 1);
    assert!(state.missing().is_empty());

    // The listed one is gone: what is there counts, and what is listed still holds of the rest.
    fs::remove_file(&first).unwrap();
    let state = Corpus::open(root).unwrap().working().unwrap();
    assert_eq!(content(&state), before);
    assert_eq!(state.missing().len(), 1);
    let listed = state.files().iter().map(|file| file.listed.is_some());
    assert_eq!(listed.collect::<Vec<_>>(), [false, true, true]);

    // A writer takes it as it is.
    drop(Writer::open(root, SMALL).unwrap());
    assert_eq!(working(root), before);

    // Without any listing.
    fs::remove_file(root.join("files.json")).unwrap();
    let state = Corpus::open(root).unwrap().working().unwrap();
    assert_eq!(content(&state), before);
    assert_eq!(state.listing(), None);
}

#[test]
fn a_file_is_held_to_its_listing() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let mut writer = Writer::open(root, SMALL).unwrap();
    fill(&mut writer, Part::Records, &lines(0..1, "x")).unwrap();
    writer.commit().unwrap();
    let state = Corpus::open(root).unwrap().working().unwrap();
    let file = &state.files()[0];
    let path = root.join(file.name.to_string());
    let bytes = fs::read(&path).unwrap();
    let mut flipped = bytes.clone();
    flipped[3] ^= 1;
    fs::write(&path, &flipped).unwrap();
    let defect = state.check_file(file).unwrap();
    assert!(matches!(defect, Some(FileDefect::Digest { .. })));
    fs::write(&path, &bytes[1..]).unwrap();
    let defect = state.check_file(file).unwrap();
    assert_eq!(
        defect.map(|defect| defect.to_string()).as_deref(),
        Some("has 26 bytes where `files.json` says 27")
    );
}

#[test]
fn a_damaged_listing_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("files.json"), "{").unwrap();
    let error = Corpus::open(folder.path()).unwrap().working().unwrap_err();
    assert_eq!(
        error.to_string(),
        "`files.json`: is not strict JSON at byte 1: expected a key in double quotes or \
         `}`, found the end of the text"
    );
    assert!(Writer::open(folder.path(), SMALL).is_err());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_corpus_is_read_and_never_written_beside() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("corpus");
    let mut writer = Writer::open(&root, SMALL).unwrap();
    fill(&mut writer, Part::Records, &lines(0..1, "x")).unwrap();
    writer.commit().unwrap();
    let corpus = Corpus::open(&root).unwrap();
    let path = root.join(corpus.shards()[0].to_string());
    let outside = folder.path().join("outside");
    fs::rename(&path, &outside).unwrap();
    std::os::unix::fs::symlink(&outside, &path).unwrap();
    let state = corpus.working().unwrap();
    assert_eq!(state.lines(Part::Records).unwrap().count(), 1);
    let Err(error) = Writer::open(&root, SMALL) else {
        panic!("it is written to");
    };
    assert!(matches!(error, WriteError::Linked { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains("is a link that leads out of the corpus")
    );

    // Within the corpus a link is a file like others.
    fs::remove_file(&path).unwrap();
    fs::rename(&outside, root.join("annexed")).unwrap();
    std::os::unix::fs::symlink("../annexed", &path).unwrap();
    drop(Writer::open(&root, SMALL).unwrap());
}
