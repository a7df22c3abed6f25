//! Converts the invented dumps into a corpus in a temporary folder.

use std::path::PathBuf;

use dateline::convert::{Options, Take};
use dateline::corpus::Config;
use dateline::dump::inputs;
use dateline::profile;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let config = Config::default_for("corpus");
    let options = Options {
        profiles: profile::builtin().iter().collect(),
        only_profiles: false,
        take: Take::default(),
        config: &config,
        limit: None,
        private: None,
        progress: dateline::dump::Progress::default(),
    };
    let files = inputs(&[PathBuf::from("examples/dumps")])?;
    let outcome = dateline::convert(&folder.path().join("corpus"), &files, &options)?;
    assert_eq!(outcome.summary.records, 6);
    assert_eq!(outcome.summary.relations, 1);
    Ok(())
}
