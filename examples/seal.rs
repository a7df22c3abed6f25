//! Seals a copy of the example corpus: nothing changed, so nothing is written.

use dateline::corpus::Config;
use dateline::manifest::{CorpusName, Created, SealOptions, Sealed};

#[path = "shared/copy.rs"]
mod copy;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let corpus = copy::of_demo_corpus()?;
    let config = Config::open(corpus.path())?.ok_or("the corpus has no dateline.yaml")?;
    let options = SealOptions {
        private: None,
        name: CorpusName::from(&config),
        created: "2026-02-01T00:00:00Z".parse::<Created>()?,
        key: None,
        unsigned: false,
    };
    let sealed = dateline::seal(corpus.path(), &options)?;
    assert!(matches!(sealed, Sealed::Unchanged(_)));
    assert_eq!(sealed.release().manifest.predicate.release, 1);
    Ok(())
}
