//! Checks the example corpus, replaying every trace on the raw dump, and then the dump itself.

use std::path::PathBuf;

use dateline::check::{Facet, Options};
use dateline::convert::Converter;
use dateline::corpus::Corpus;
use dateline::dump::inputs;
use dateline::profile;
use dateline::record::IdRule;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let raw = inputs(&[PathBuf::from("examples/dumps")])?;
    let options = Options {
        raw: raw.clone(),
        require: vec![Facet::Traced],
        ..Options::default()
    };
    let report = dateline::check_corpus(&Corpus::open("examples/demo-corpus")?, &options)?;
    assert!(!report.has_errors());
    assert_eq!(report.facets().replayed, Some(6));

    let converter = Converter {
        profiles: &profile::builtin().iter().collect::<Vec<_>>(),
        only_profiles: false,
        ids: IdRule::Derived,
        notes: true,
    };
    let report = dateline::check_dump(&raw, &converter, &Options::default());
    assert!(!report.has_errors());
    assert!(report.counts().notes > 0);
    Ok(())
}
