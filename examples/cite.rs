//! Prints a citation of the example corpus.

use std::fs;
use std::io::Write as _;

use dateline::cite::Style;
use dateline::digest::Digest;
use dateline::manifest::Manifest;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bytes = fs::read("examples/demo-corpus/releases/1/manifest.json")?;
    let entry = dateline::cite(
        &Manifest::parse(&bytes)?,
        &Digest::of(&bytes),
        Style::Bibtex,
    );
    assert!(entry.contains("sha256:"));
    std::io::stdout().write_all(entry.as_bytes())?;
    Ok(())
}
