//! Finds the relations of a copy of the example corpus anew.

use dateline::corpus::WriteOptions;

#[path = "shared/copy.rs"]
mod copy;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let corpus = copy::of_demo_corpus()?;
    let (relations, changed) = dateline::link(corpus.path(), WriteOptions::default())?;
    assert_eq!((relations, changed), (1, false));
    Ok(())
}
