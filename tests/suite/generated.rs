//! What the benchmark generates has nothing wrong with it: what is timed is the way of good records.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use dateline::check::Options;
use dateline::check_corpus;
use dateline::corpus::{Container, Corpus};

#[path = "../../benches/check/corpora.rs"]
mod corpora;
#[path = "../../benches/check/generator.rs"]
mod generator;
#[path = "../../benches/check/words.rs"]
mod words;

#[test]
fn the_generated_corpus_is_clean() {
    let folder = tempfile::tempdir().unwrap();
    let path = corpora::folder(folder.path(), Container::Zst);
    corpora::write(&path, 400_000, Container::Zst).unwrap();
    assert_eq!(corpora::shards(&path).unwrap().len(), 1);
    let report = check_corpus(&Corpus::open(&path).unwrap(), &Options::default()).unwrap();
    let first = report.diagnostics();
    assert!(first.is_empty(), "{:?}", first.first());
    assert!(report.records().relation > 0 && report.records().withdrawal > 0);
    assert_eq!(report.facets().sealed, Some(true));
}
