//! Shards of a corpus against the entries of a release.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::sample::{Sample, article, edit, relation, sealed, text, trace, withdrawal};
use crate::check::{Against, AgainstError, CheckError, Options, check_against, record_file};
use crate::corpus::{Corpus, Part};
use crate::diagnostic::{Format, Report, Styles};
use crate::manifest::{CorpusName, Created, SealOptions, seal};
use crate::record::Record;

/// A sealed corpus of articles `art-01` to `art-09` in three shards, a relation and a withdrawal.
struct Sealed {
    sample: Sample,
    shards: Vec<PathBuf>,
}

fn articles(numbers: std::ops::RangeInclusive<u32>) -> Vec<Value> {
    numbers
        .map(|number| article(&format!("art-{number:02}")))
        .collect()
}

fn release(root: &Path) {
    let options = SealOptions {
        private: None,
        name: CorpusName {
            origin: "news.example".to_owned(),
            title: "Example".to_owned(),
            license: None,
        },
        created: Created::from_unix(1_793_491_200).unwrap(),
        key: None,
        unsigned: false,
    };
    seal(root, &options).unwrap();
}

impl Sealed {
    fn new() -> Self {
        let sample = Sample::new();
        let mut shards = Vec::new();
        for (index, numbers) in (0..).zip([1..=3, 4..=6, 7..=9]) {
            shards.push(sample.shard(Part::Records, index, &text(&articles(numbers))));
        }
        let related = relation("references", "art-01", "art-09");
        sample.shard(Part::Relations, 0, &text(&[related]));
        sample.shard(
            Part::Withdrawals,
            0,
            &text(&[withdrawal("art-075", "privacy")]),
        );
        release(&sample.root());
        Self { sample, shards }
    }

    /// Writes another state of the shard at `index`, under the name it has.
    fn change(&self, index: usize, lines: &[Value]) -> &Path {
        std::fs::write(&self.shards[index], text(lines)).unwrap();
        &self.shards[index]
    }

    fn against(&self) -> Against {
        Against::open(&self.sample.root(), None).unwrap()
    }

    fn check(&self, shards: &[&Path]) -> Report {
        check(shards, &self.against()).unwrap()
    }

    fn shown(&self, shards: &[&Path]) -> Vec<String> {
        self.sample.shown(&self.check(shards))
    }
}

fn check(shards: &[&Path], against: &Against) -> Result<Report, CheckError> {
    let files: Vec<_> = shards
        .iter()
        .map(|path| record_file(path).unwrap())
        .collect();
    check_against(&files, against, &Options::default())
}

fn revised(id: &str) -> Value {
    sealed(edit(
        article(id),
        "/content/text",
        Some(json!("It snowed.")),
    ))
}

fn line(report: &Report) -> String {
    report.compared().unwrap().to_string()
}

/// `corpus-against-counts`
#[test]
fn what_became_of_records_is_counted() {
    let corpus = Sealed::new();
    let report = corpus.check(&[&corpus.shards[1]]);
    assert_eq!(corpus.sample.shown(&report), Vec::<String>::new());
    assert_eq!(
        line(&report),
        "release 1: 3 unchanged, 0 revised, 0 added, 0 withdrawn, 0 reinstated, 0 removed, 0 vanished"
    );

    let lines = [
        article("art-04"),
        revised("art-05"),
        article("art-057"),
        article("art-06"),
    ];
    let report = corpus.check(&[corpus.change(1, &lines)]);
    assert_eq!(corpus.sample.shown(&report), Vec::<String>::new());
    assert_eq!(
        line(&report),
        "release 1: 2 unchanged, 1 revised, 1 added, 0 withdrawn, 0 reinstated, 0 removed, 0 vanished"
    );
    let mut out = Vec::new();
    report
        .write(&mut out, Format::Json, &Styles::plain())
        .unwrap();
    let written: Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(
        written["compared"],
        json!({
            "release": 1, "unchanged": 2, "revised": 1, "added": 1, "withdrawn": 0,
            "reinstated": 0, "removed": 0, "vanished": 0,
        })
    );
    let mut out = Vec::new();
    report
        .write(&mut out, Format::Concise, &Styles::plain())
        .unwrap();
    assert!(
        String::from_utf8(out)
            .unwrap()
            .contains("against release 1: 2 unchanged")
    );
}

/// `corpus-against-members`: neither key order nor line ends nor a container make a record another.
#[test]
fn a_shard_written_otherwise_is_unchanged() {
    let corpus = Sealed::new();
    let lines: String = articles(4..=6)
        .iter()
        .flat_map(|line| [line.to_string().replace("\":", "\": "), "\r\n".to_owned()])
        .collect();
    std::fs::write(&corpus.shards[1], lines).unwrap();
    let report = corpus.check(&[&corpus.shards[1]]);
    assert!(!report.has_errors());
    assert_eq!(report.compared().unwrap().unchanged, 3);
}

#[test]
fn what_was_read_is_counted_once() {
    let corpus = Sealed::new();
    let options = Options::default();
    let files = [record_file(&corpus.shards[1]).unwrap()];
    check_against(&files, &corpus.against(), &options).unwrap();
    let bytes = std::fs::metadata(&corpus.shards[1]).unwrap().len();
    assert_eq!(options.progress.bytes(), bytes);
}

/// `corpus-against-gone`
#[test]
fn what_is_gone_from_among_a_shards_ids_has_vanished() {
    let corpus = Sealed::new();
    let report = corpus.check(&[corpus.change(1, &[article("art-04"), article("art-06")])]);
    assert_eq!(corpus.sample.shown(&report), ["article-vanished records"]);
    let found = report.diagnostics()[0];
    assert_eq!(
        found.message,
        "article `art-05` of release 1 is gone without a withdrawal"
    );
    assert_eq!(found.place.record.as_deref(), Some("art-05"));
    assert_eq!(report.compared().unwrap().vanished, Some(1));

    // Its last id: what stands between two shards shows where both are given.
    let one = corpus
        .change(1, &[article("art-04"), article("art-05")])
        .to_owned();
    assert_eq!(corpus.shown(&[&one]), Vec::<String>::new());
    assert_eq!(
        corpus.shown(&[&one, &corpus.shards[2]]),
        ["article-vanished records"]
    );
    assert_eq!(
        corpus.shown(&[&corpus.shards[2], &one]),
        ["article-vanished records"]
    );
    // Before the first id of the first shard there is nothing.
    let first = corpus.change(0, &articles(2..=3)).to_owned();
    assert_eq!(corpus.shown(&[&first]), ["article-vanished records"]);

    // What was withdrawn did not vanish.
    let was = Record::read(article("art-06").to_string().as_bytes()).unwrap();
    let was = json!(was.digest().unwrap().to_string());
    let gone = corpus.sample.shard(
        Part::Withdrawals,
        0,
        &text(&[
            edit(withdrawal("art-06", "privacy"), "/was", Some(was)),
            withdrawal("art-075", "privacy"),
        ]),
    );
    let report = corpus.check(&[&one, &corpus.shards[2], &gone]);
    assert_eq!(corpus.sample.shown(&report), Vec::<String>::new());
    assert_eq!(report.compared().unwrap().withdrawn, 1);
}

/// `corpus-against-gone`
#[test]
fn nothing_is_said_to_be_gone_where_that_is_not_known() {
    let corpus = Sealed::new();
    // Out of order.
    let disordered = corpus
        .change(1, &[article("art-09"), article("art-01")])
        .to_owned();
    // Named otherwise: any selection of records.
    let other = corpus.sample.root().join("some.jsonl");
    std::fs::write(&other, text(&[article("art-01"), article("art-09")])).unwrap();
    // A line that is no JSON may be the record that is missed.
    let unread = corpus
        .sample
        .root()
        .join("records/part-00003-0123456789abcdef.jsonl");
    let lines = [article("art-04"), article("art-06")].map(|line| line.to_string());
    std::fs::write(&unread, lines.join("\n{\n") + "\n").unwrap();
    // Two shards that overlap cover together what each does.
    let overlapping = corpus.change(2, &articles(1..=9)).to_owned();
    for (shards, found) in [
        (vec![&*disordered], vec!["shard-order records:2 /id"]),
        (vec![&*other], vec![]),
        (vec![&*unread], vec!["json-syntax records:2"]),
    ] {
        let report = corpus.check(&shards);
        assert_eq!(corpus.sample.shown(&report), found);
        assert!(
            line(&report).ends_with("removed and vanished not known"),
            "{}",
            line(&report)
        );
    }
    let report = corpus.check(&[&corpus.shards[0], &overlapping]);
    assert_eq!(report.compared().unwrap().vanished, Some(0));
}

/// `corpus-against-ids`
#[test]
fn an_id_of_the_release_keeps_its_type() {
    let corpus = Sealed::new();
    let taken = relation("references", "art-01", "art-09");
    let id = taken["id"].as_str().unwrap().to_owned();
    let mut lines = articles(7..=9);
    lines.insert(1, article("art-075"));
    lines.push(article(&id));
    let report = corpus.check(&[corpus.change(2, &lines)]);
    assert_eq!(
        corpus.sample.shown(&report),
        [
            "withdrawn-returned records:2 /id",
            "record-id-duplicate records:5 /id"
        ]
    );
    let messages: Vec<_> = report
        .diagnostics()
        .iter()
        .map(|found| found.message.clone())
        .collect();
    assert_eq!(
        messages,
        [
            "`art-075` was withdrawn: it is the id of a withdrawal of release 1".to_owned(),
            format!("`{id}` is the id of a relation of release 1"),
        ]
    );
    assert_eq!(report.compared().unwrap().reinstated, 1);
}

#[test]
fn an_id_stands_once_in_all_files() {
    let corpus = Sealed::new();
    let twice = corpus.change(1, &articles(3..=6)).to_owned();
    let found = corpus.shown(&[&corpus.shards[0], &twice]);
    assert_eq!(found, ["record-id-duplicate records:1 /id"]);
}

/// `corpus-against-resolves`
#[test]
fn relations_lead_to_these_files_or_the_release() {
    let corpus = Sealed::new();
    let relations = |lines: &[Value]| {
        let mut lines = lines.to_vec();
        lines.sort_by_key(|line| line["id"].to_string());
        corpus.sample.shard(Part::Relations, 0, &text(&lines))
    };
    let old = relation("references", "art-01", "art-09");
    let mut stale = relation("references", "art-04", "art-05");
    stale["to_content"] = article("art-05")["content_digest"].clone();
    let lines = [
        old.clone(),
        relation("references", "art-02", "art-075"),
        relation("references", "art-02", "art-10"),
        relation("references", "art-02", old["id"].as_str().unwrap()),
        stale,
    ];
    let path = relations(&lines);
    let mut found = corpus.shown(&[&path]);
    found.sort();
    let dangling = |found: &[String]| {
        let of = |one: &&String| {
            one.starts_with("relation-dangling relations:") && one.ends_with(" /to")
        };
        found.iter().filter(of).count()
    };
    assert_eq!((found.len(), dangling(&found)), (2, 2), "{found:?}");
    // With the article it is about beside it, more shows; in whichever order they are named.
    let shard = corpus
        .change(
            1,
            &[article("art-04"), revised("art-05"), article("art-06")],
        )
        .to_owned();
    for files in [[&*path, &shard], [&shard, &path]] {
        let found = corpus.shown(&files);
        assert_eq!((found.len(), dangling(&found)), (3, 2), "{found:?}");
        assert!(
            found
                .iter()
                .any(|one| one.starts_with("relation-stale relations:")),
            "{found:?}"
        );
    }
}

#[test]
fn what_was_withdrawn_stays_away_under_other_ids() {
    let corpus = Sealed::new();
    let mut gone = withdrawal("art-075", "privacy");
    gone["raw_digest"] = article("art-04")["raw"]["digest"].clone();
    let gone = corpus.sample.shard(Part::Withdrawals, 0, &text(&[gone]));
    let shard = corpus.change(1, &articles(4..=6)).to_owned();
    let found = corpus.shown(&[&shard, &gone]);
    assert_eq!(
        found,
        [1, 2, 3].map(|line| format!("withdrawn-returned records:{line} /raw/digest"))
    );
}

/// `corpus-against-unsure`: the line that cannot be read may be the article that is missed.
#[test]
fn nothing_is_said_to_lead_nowhere_while_lines_could_not_be_read() {
    let corpus = Sealed::new();
    let lines = [article("art-04"), article("art-06")].map(|line| line.to_string());
    std::fs::write(&corpus.shards[1], lines.join("\n{\n") + "\n").unwrap();
    let shard = &corpus.shards[1];
    let related = relation("references", "art-04", "art-055");
    let relations = corpus
        .sample
        .shard(Part::Relations, 0, &text(std::slice::from_ref(&related)));
    let traces = corpus.sample.shard(
        Part::Traces,
        0,
        &text(&[trace("art-055"), trace("art-06"), trace("art-065")]),
    );
    let report = corpus.check(&[shard, &relations, &traces]);
    assert_eq!(
        corpus.sample.shown(&report),
        ["lines-unread records", "json-syntax records:2"]
    );
    let message = &report.diagnostics()[0].message;
    assert_eq!(
        message,
        "1 line of these files could not be read; so it is not known whether 3 of the records that relations and traces name are there"
    );

    // A line of relations is no article; where it alone cannot be read, all is known.
    let whole = corpus.change(1, &articles(4..=6)).to_owned();
    std::fs::write(&relations, format!("{related}\n{{\n")).unwrap();
    // Nor is a line that holds nothing.
    let blank = std::fs::read_to_string(&whole).unwrap() + "\n";
    std::fs::write(&whole, blank).unwrap();
    assert_eq!(
        corpus.shown(&[&whole, &relations, &traces]),
        [
            "line-empty records:4",
            "relation-dangling relations:1 /to",
            "json-syntax relations:2",
            "trace-orphan traces:1 /id",
            "trace-orphan traces:3 /id"
        ]
    );
}

#[test]
fn traces_are_of_articles() {
    let corpus = Sealed::new();
    let traces = corpus.sample.shard(
        Part::Traces,
        0,
        &text(&[trace("art-01"), trace("art-075"), trace("art-10")]),
    );
    let found = corpus.shown(&[&traces]);
    assert_eq!(
        found,
        ["trace-orphan traces:2 /id", "trace-orphan traces:3 /id"]
    );
}

/// `corpus-against-root`
#[test]
fn entries_are_believed_only_with_their_root() {
    let corpus = Sealed::new();
    let shard = corpus.shards[1].clone();
    let entries = corpus.sample.root().join("releases/1/entries.txt");
    let good = std::fs::read_to_string(&entries).unwrap();
    let lines: Vec<&str> = good.lines().collect();
    let other = Record::read(revised("art-05").to_string().as_bytes())
        .unwrap()
        .digest()
        .unwrap();
    let altered = good.replace(&lines[4][15..], &other.hex());
    assert_ne!(altered, good);
    let short = good.replacen(&format!("{}\n", lines[0]), "", 1);
    for bad in [altered, short] {
        std::fs::write(&entries, bad).unwrap();
        let error = check(&[&shard], &corpus.against()).unwrap_err();
        assert!(
            matches!(error, CheckError::Against(AgainstError::Altered { .. })),
            "{error}"
        );
        assert!(
            error.to_string().contains("are not those of its manifest"),
            "{error}"
        );
    }
    std::fs::write(&entries, good.replace(" article ", " articel ")).unwrap();
    let error = check(&[&shard], &corpus.against()).unwrap_err();
    assert!(
        matches!(error, CheckError::Against(AgainstError::Entries(_))),
        "{error}"
    );
}

/// `corpus-against-manifest`: what is copied out of a corpus is enough.
#[test]
fn a_manifest_and_its_entries_are_enough() {
    let corpus = Sealed::new();
    let root = corpus.sample.root();
    let folder = tempfile::tempdir().unwrap();
    let entries = std::fs::read(root.join("releases/1/entries.txt")).unwrap();
    let packed = zstd::encode_all(entries.as_slice(), 3).unwrap();
    std::fs::write(folder.path().join("entries.txt.zst"), packed).unwrap();
    let manifest = folder.path().join("manifest.json");
    std::fs::copy(root.join("releases/1/manifest.json"), &manifest).unwrap();
    let shard = corpus.change(1, &[article("art-04"), article("art-06")]);
    for path in [
        &manifest,
        folder.path(),
        &root.join("releases/1/manifest.json"),
        &root.join("releases/1"),
    ] {
        let against = Against::open(path, None).unwrap();
        let report = check(&[shard], &against).unwrap();
        assert_eq!(
            corpus.sample.shown(&report),
            ["article-vanished records"],
            "{}",
            path.display()
        );
    }
    assert!(matches!(
        Against::open(&manifest, Some(2)),
        Err(AgainstError::Number { .. })
    ));
    std::fs::remove_file(folder.path().join("entries.txt.zst")).unwrap();
    assert!(matches!(
        Against::open(&manifest, None),
        Err(AgainstError::NoEntries(_))
    ));
    std::fs::write(&manifest, "{}\n").unwrap();
    assert!(matches!(
        Against::open(&manifest, None),
        Err(AgainstError::Manifest { .. })
    ));
    assert!(matches!(
        Against::open(&root, Some(7)),
        Err(AgainstError::NoRelease {
            number: Some(7),
            ..
        })
    ));
    assert!(matches!(
        Against::open(&root.join("none"), None),
        Err(AgainstError::Open(_))
    ));
}

/// `corpus-against-origin`: of the corpus that is named, and of the one that a shard lies in.
#[test]
fn a_release_of_another_corpus_is_told() {
    let corpus = Sealed::new();
    let root = corpus.sample.root();
    let shard = &corpus.shards[1];
    let copy = tempfile::tempdir().unwrap();
    let manifest = copy.path().join("manifest.json");
    for name in ["manifest.json", "entries.txt"] {
        let from = root.join("releases/1").join(name);
        std::fs::copy(from, copy.path().join(name)).unwrap();
    }
    for (origin, found) in [
        ("news.example", vec![]),
        ("other.example", vec!["origin-mismatch dateline.yaml"]),
    ] {
        let config = format!("format: dateline-config/1\norigin: {origin}\ntitle: Example\n");
        std::fs::write(root.join("dateline.yaml"), config).unwrap();
        for path in [&root, &manifest] {
            let report = check(&[shard], &Against::open(path, None).unwrap()).unwrap();
            assert_eq!(corpus.sample.shown(&report), found);
        }
    }
    std::fs::write(root.join("dateline.yaml"), "titel: Example\n").unwrap();
    for path in [&root, &manifest] {
        let report = check(&[shard], &Against::open(path, None).unwrap()).unwrap();
        assert_eq!(
            corpus.sample.shown(&report),
            ["corpus-config dateline.yaml:1"]
        );
    }
}

/// `corpus-against-since`
#[test]
fn an_older_release_is_rebuilt_from_what_changed() {
    let corpus = Sealed::new();
    let root = corpus.sample.root();
    for (number, id) in [(2, "art-045"), (3, "art-046")] {
        std::fs::remove_file(root.join("files.json")).ok();
        let folder = root.join("records");
        let name = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let shard = name
            .into_iter()
            .find(|path| path.to_str().unwrap().contains("part-00001"))
            .unwrap();
        let mut lines: Vec<Value> = std::fs::read_to_string(&shard)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        lines.insert(number - 1, article(id));
        std::fs::remove_file(&shard).unwrap();
        corpus.sample.shard(Part::Records, 1, &text(&lines));
        release(&root);
    }
    assert!(!root.join("releases/1/entries.txt").exists());
    let shard = Corpus::open(&root).unwrap().shards()[1].to_string();
    let shard = root.join(shard);
    for (since, unchanged, added) in [(1, 3, 2), (2, 4, 1), (3, 5, 0)] {
        for path in [
            root.clone(),
            root.join(format!("releases/{since}/manifest.json")),
        ] {
            let against = Against::open(&path, Some(since)).unwrap();
            let compared = check(&[&shard], &against).unwrap().compared().unwrap();
            let found = (
                compared.release,
                compared.unchanged,
                compared.added,
                compared.vanished,
            );
            assert_eq!(found, (since, unchanged, added, Some(0)));
        }
    }
}

/// `corpus-against-unread`: the other shards may be gone.
#[test]
fn no_other_shard_is_opened() {
    let corpus = Sealed::new();
    let root = corpus.sample.root();
    let kept = corpus.shards[1].clone();
    for part in ["records", "relations", "withdrawals"] {
        for entry in std::fs::read_dir(root.join(part)).unwrap() {
            let path = entry.unwrap().path();
            if path != kept {
                std::fs::remove_file(path).unwrap();
            }
        }
    }
    let report = corpus.check(&[&kept]);
    assert_eq!(corpus.sample.shown(&report), Vec::<String>::new());
    assert_eq!(report.files(), 1);
}
