//! Corpora as they are built: several shards, compressed, from dumps.

use std::path::{Path, PathBuf};

use super::sample::relation;
use crate::check::{Options, check_corpus};
use crate::convert::collected::collect;
use crate::convert::{Converter, Made};
use crate::corpus::{Container, Corpus, Part, WriteOptions, Writer};
use crate::diagnostic::{Format, Report, Styles};
use crate::dump::{self, Input};
use crate::json::canonical;
use crate::profile::{Profile, builtin};
use crate::record::IdRule;
use crate::record::Record;
use crate::trace::TraceLine;

fn inputs(dumps: &Path) -> Vec<Input> {
    dump::inputs(&[dumps.to_owned()]).unwrap()
}

/// Converts a dump and writes a corpus with two records or so in a shard.
fn build(dumps: &Path, corpus: &Path) -> Vec<Made> {
    let profiles: Vec<&Profile> = builtin().iter().collect();
    let converter = Converter {
        profiles: &profiles,
        only_profiles: false,
        ids: IdRule::Derived,
        notes: true,
    };
    let mut made = Vec::new();
    let mut entries = Vec::new();
    for mut file in collect(&converter, &inputs(dumps)) {
        made.append(&mut file.made);
        entries.push(file.entry);
    }
    made.sort_by(|one, two| one.article.id.cmp(&two.article.id));
    let mut writer = Writer::open(
        corpus,
        WriteOptions {
            shard_bytes: 6_000,
            compress: Container::Gz,
            traces: Container::Zst,
        },
    )
    .unwrap();
    let mut records = writer.part(Part::Records);
    let mut traces = writer.part(Part::Traces);
    for Made { article, trace } in &made {
        let id = article.id.clone();
        let line = Record::Article(Box::new(article.clone()))
            .to_line()
            .unwrap();
        records.push(id.as_str(), &line).unwrap();
        let trace = TraceLine {
            id: id.clone(),
            trace: trace.clone(),
        };
        traces
            .push(id.as_str(), &canonical::to_vec(&trace).unwrap())
            .unwrap();
    }
    let mut relations = writer.part(Part::Relations);
    if let [one, two, ..] = made.as_slice() {
        let relation = relation(
            "references",
            one.article.id.as_str(),
            two.article.id.as_str(),
        );
        let id = relation["id"].as_str().unwrap();
        relations.push(id, relation.to_string().as_bytes()).unwrap();
    }
    for part in [records, traces, relations] {
        writer.set(part.finish().unwrap());
    }
    let mut ledger = writer.ledger();
    for entry in &entries {
        ledger.push(entry).unwrap();
    }
    writer.set(ledger.finish().unwrap());
    writer.commit().unwrap();
    made
}

fn checked(corpus: &Path, dumps: &Path, threads: usize) -> Report {
    let options = Options {
        raw: inputs(dumps),
        ..Options::default()
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    pool.install(|| check_corpus(&Corpus::open(corpus).unwrap(), &options).unwrap())
}

fn json(report: &Report) -> String {
    let mut out = Vec::new();
    report
        .write(&mut out, Format::Json, &Styles::plain())
        .unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_examples_are_good() {
    let dumps = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/dumps");
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("corpus");
    let made = build(&dumps, &corpus);
    let report = checked(&corpus, &dumps, 2);
    assert_eq!(report.counts().total(), 0, "{}", json(&report));
    let articles = u64::try_from(made.len()).unwrap();
    assert_eq!(report.records().article, articles);
    assert_eq!(report.records().relation, 1);
    assert_eq!(report.facets().replayed, Some(articles));
    assert!(report.files() > 3, "{}", report.files());
}

#[test]
fn the_report_is_the_same_at_every_number_of_threads() {
    let dumps = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/dumps");
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("corpus");
    build(&dumps, &corpus);
    let other = folder.path().join("dumps");
    std::fs::create_dir(&other).unwrap();
    for input in inputs(&dumps) {
        let text = std::fs::read_to_string(&input.file).unwrap();
        std::fs::write(other.join(&input.path), text.replace("the", "teh")).unwrap();
    }
    let one = checked(&corpus, &other, 1);
    assert!(one.counts().errors > 3);
    assert_eq!(json(&one), json(&checked(&corpus, &other, 2)));
    assert_eq!(json(&one), json(&checked(&corpus, &other, 4)));
}

#[test]
fn the_seeds_are_good() {
    let Some(shared) = std::env::var_os("DATELINE_SHARED") else {
        eprintln!("not run: DATELINE_SHARED is not set");
        return;
    };
    let dumps = PathBuf::from(shared).join("seeds");
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("corpus");
    build(&dumps, &corpus);
    let report = checked(&corpus, &dumps, 2);
    assert_eq!(report.counts().total(), 0, "{}", json(&report));
    assert_eq!(report.facets().replayed, Some(5));
}
