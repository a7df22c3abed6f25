//! Reads the articles of the example corpus, and the trace of one.

use std::io::Write as _;

use dateline::Corpus;
use dateline::record::Record;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let corpus = Corpus::open("examples/demo-corpus")?;
    let mut out = std::io::stdout();
    let mut ids = Vec::new();
    for article in corpus.articles()? {
        let article = article?;
        let headline = article.article.and_then(|about| about.headline);
        writeln!(out, "{}  {}", article.id, headline.unwrap_or_default())?;
        ids.push(article.id);
    }
    assert_eq!(ids.len(), 6);
    assert_eq!(corpus.relations()?.count(), 1);

    // The beginning of an id is enough where no other begins so.
    let first = ids.first().ok_or("the corpus is empty")?;
    let begin = first.as_str().get(..12).unwrap_or_default();
    let Some(Record::Article(article)) = corpus.get(begin)? else {
        return Err(format!("`{begin}` is not an article of the corpus").into());
    };
    let trace = corpus.trace(&article.id)?.ok_or("it has no trace")?;
    for location in &trace.locations {
        writeln!(out, "made from {}", location.path)?;
    }
    Ok(())
}
