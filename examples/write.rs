//! Builds a corpus of one article, without a dump, and checks it.

use std::io::Write as _;

use dateline::check::Options;
use dateline::corpus::Config;
use dateline::record::{AbsentKey, AbsentReason, Fetch};
use dateline::{Article, CorpusBuilder};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let raw = b"<h1>Night ferry returns</h1><p>It runs again after nine years.</p>";
    let mut fetch = Fetch::default();
    fetch.time = Some("2026-02-12T06:00:00Z".parse()?);
    fetch.url = Some("https://news.example/ferry".to_owned());
    fetch.status = Some(200);
    let article = Article::builder(raw)
        .media_type("text/html")
        .fetch(fetch)
        .url("https://news.example/ferry")
        .headline("Night ferry returns")
        .published("2026-02-11".parse()?)
        .language("en")
        .text("It runs again after nine years.")
        .absent(AbsentKey::Authors, AbsentReason::NotInDump)
        .build()?;

    let path = folder.path().join("corpus");
    let mut new = CorpusBuilder::create(&path, Config::default_for("corpus"))?;
    new.add(&article)?;
    let corpus = new.commit()?;

    let report = dateline::check_corpus(&corpus, &Options::default())?;
    assert!(!report.has_errors());
    let mut out = std::io::stdout();
    for read in corpus.articles()? {
        writeln!(out, "{}", read?.id)?;
    }
    Ok(())
}
