//! Files among the shards that are not read, and corpora and files with nothing to read.

use std::fs;

use super::sample::{Sample, article, text};
use crate::check::{Options, check_records, record_file};
use crate::corpus::{Corpus, Part};
use crate::diagnostic::codes;
use crate::manifest::{Sealed, samples, seal};

/// The codes that the tests of this file see.
pub(super) const CODES: [&str; 4] = [
    "shard-unlisted",
    "shard-unread",
    "among-foreign",
    "line-short",
];

fn check(sample: &Sample) -> Vec<String> {
    sample.shown(&sample.check(&Options::default()))
}

/// A sealed corpus of two articles.
fn sealed() -> Sample {
    let sample = Sample::new();
    sample.write();
    let sealed = seal(&sample.root(), &samples::options(None)).unwrap();
    assert!(matches!(sealed, Sealed::Released(_)));
    assert_eq!(check(&sample), Vec::<String>::new());
    sample
}

/// `corpus-strangers`
#[test]
fn a_shard_that_no_listing_names_is_an_error() {
    let sample = sealed();
    let shard = sample.shard(Part::Records, 1, b"{\"format\":\"dateline/1\",broken\n");
    assert_eq!(check(&sample), ["shard-unlisted records"]);
    // A writer at work, or one that was stopped, notes the shards that are its own.
    let writing = sample.root().join(".dateline-tmp");
    fs::create_dir(&writing).unwrap();
    assert_eq!(check(&sample), ["shard-unlisted records"]);
    let name = shard.strip_prefix(sample.root()).unwrap();
    let journal = writing.join("journal");
    for (noted, code) in [
        (format!("{}\n", name.display()), "shard-unread records"),
        // Half a line names nothing, and nothing but the name of a shard does.
        (format!("{}", name.display()), "shard-unlisted records"),
        ("records\n*\n../x\n".to_owned(), "shard-unlisted records"),
    ] {
        fs::write(&journal, noted).unwrap();
        assert_eq!(check(&sample), [code]);
    }
    fs::remove_dir_all(&writing).unwrap();
    // Without the listing every shard is one of the corpus.
    let listing = sample.root().join("releases/1/files.json");
    let listed = fs::read(&listing).unwrap();
    fs::remove_file(&listing).unwrap();
    let found = check(&sample);
    assert!(
        found.contains(&"json-syntax records:1".to_owned()),
        "{found:?}"
    );
    fs::write(&listing, listed).unwrap();
    fs::remove_file(shard).unwrap();
    assert_eq!(check(&sample), Vec::<String>::new());
}

#[test]
fn shards_of_the_release_are_no_strangers_to_a_state_after_it() {
    use crate::corpus::{WriteOptions, Writer};

    let sample = sealed();
    let mut writer = Writer::open(sample.root(), WriteOptions::default()).unwrap();
    let mut records = writer.part(Part::Records);
    for id in ["art-1", "art-2", "art-3"] {
        let line = article(id).to_string();
        records.push(id, line.as_bytes()).unwrap();
    }
    let records = records.finish().unwrap();
    writer.set(records);
    writer.set(writer.part(Part::Traces).finish().unwrap());
    writer.commit().unwrap();
    let corpus = Corpus::open(sample.root()).unwrap();
    assert!(!corpus.working().unwrap().unnamed().is_empty());
    assert_eq!(check(&sample), ["entries-mismatch releases"]);
    sample.shard(Part::Relations, 7, b"\n");
    assert_eq!(
        check(&sample),
        ["shard-unlisted relations", "entries-mismatch releases"]
    );
}

/// `corpus-strangers`, `corpus-among`
#[test]
fn whatever_lies_among_the_records_is_told() {
    let sample = sealed();
    let records = sample.root().join("records");
    fs::create_dir(records.join("more")).unwrap();
    for (name, bytes, code) in [
        ("all.jsonl", "no record\n", Some("shard-unlisted")),
        (".hidden", "{}\n", Some("shard-unlisted")),
        ("more/train.csv", "id,text\n", Some("shard-unlisted")),
        ("Thumbs.db", "{}\n", Some("shard-unlisted")),
        ("train.parquet", "PAR1\u{15}", Some("among-foreign")),
        ("all.jsonl.xz", "\u{fffd}", Some("shard-unlisted")),
        (".gitkeep", "", None),
        ("empty.jsonl", "\n\n", None),
        ("desktop.ini", "[.ShellClassInfo]\n", None),
    ] {
        let path = records.join(name);
        fs::write(&path, bytes).unwrap();
        let expected: Vec<String> = code
            .map(|code| format!("{code} records"))
            .into_iter()
            .collect();
        assert_eq!(check(&sample), expected, "{name}");
        let sealed = seal(&sample.root(), &samples::options(None));
        assert_eq!(sealed.is_err(), code.is_some(), "{name}");
        fs::remove_file(path).unwrap();
    }
}

/// `corpus-strangers`
#[test]
fn without_a_listing_files_of_any_name_are_read() {
    let sample = sealed();
    fs::remove_file(sample.root().join("releases/1/files.json")).unwrap();
    let records = sample.root().join("records");
    let shard = fs::read_dir(&records)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let lines = fs::read(&shard).unwrap();
    fs::remove_file(&shard).unwrap();
    fs::write(records.join("train"), lines).unwrap();
    assert_eq!(check(&sample), Vec::<String>::new());
    fs::write(records.join(".more"), "{}\n").unwrap();
    let found = check(&sample);
    assert!(!found.is_empty(), "{found:?}");
}

/// `corpus-empty`
#[test]
fn nothing_to_check_is_an_error() {
    let sample = Sample::new();
    fs::create_dir_all(sample.root()).unwrap();
    let settings = "format: dateline-config/1\norigin: news.example\ntitle: Example\n";
    fs::write(sample.root().join("dateline.yaml"), settings).unwrap();
    assert_eq!(check(&sample), ["input-empty "]);
    let shard = sample.shard(Part::Records, 0, b"");
    assert_eq!(check(&sample), ["input-empty "]);

    let empty = |paths: &[&std::path::Path]| {
        let files: Vec<_> = paths
            .iter()
            .map(|path| record_file(path).unwrap())
            .collect();
        check_records(&files, &Options::default()).count_of(codes::INPUT_EMPTY)
    };
    assert_eq!(empty(&[&shard]), 1);
    let other = sample.root().join("other.jsonl");
    fs::write(&other, "").unwrap();
    assert_eq!(empty(&[&shard, &other]), 1);
    // Programs that write in parallel leave some files empty.
    fs::write(&other, text(&[article("art-1")])).unwrap();
    assert_eq!(empty(&[&shard, &other]), 0);
}

/// `corpus-id-once`, `corpus-id-order`
#[test]
fn shards_may_overlap_and_no_id_is_there_twice() {
    let sample = Sample::new();
    fs::create_dir_all(sample.root()).unwrap();
    let lines = |ids: &[&str]| {
        let articles: Vec<_> = ids.iter().map(|id| article(id)).collect();
        text(&articles)
    };
    sample.shard(Part::Records, 0, &lines(&["art-1", "art-4"]));
    sample.shard(Part::Records, 1, &lines(&["art-2", "art-3"]));
    let counted = |sample: &Sample| {
        let report = sample.check(&Options::default());
        [codes::SHARD_ORDER, codes::RECORD_ID_DUPLICATE].map(|code| report.count_of(code))
    };
    assert_eq!(counted(&sample), [0, 0]);
    sample.shard(Part::Records, 2, &lines(&["art-0", "art-3"]));
    assert_eq!(counted(&sample), [0, 1]);
    sample.shard(Part::Records, 3, &lines(&["art-6", "art-5"]));
    assert_eq!(counted(&sample), [1, 1]);
}

/// `corpus-line-record`
#[test]
fn many_lines_that_are_too_short_are_few_findings() {
    let sample = Sample::new();
    fs::create_dir_all(sample.root()).unwrap();
    let shard = sample.shard(Part::Records, 0, "{}\n".repeat(10_000).as_bytes());
    let files = [record_file(&shard).unwrap()];
    for report in [
        check_records(&files, &Options::default()),
        sample.check(&Options::default()),
    ] {
        assert_eq!(report.count_of(codes::LINE_SHORT), 1);
        assert!(report.counts().errors < 1_000, "{:?}", report.counts());
    }
}
