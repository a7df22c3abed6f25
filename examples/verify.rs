//! Verifies the example corpus twice: by its signer, and by the digest that a paper would cite.

use std::fs;

use dateline::corpus::Corpus;
use dateline::digest::Digest;
use dateline::manifest::VerifyOptions;
use dateline::manifest::signers::AllowedSigners;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let corpus = Corpus::open("examples/demo-corpus")?;
    let signers = AllowedSigners::parse(&fs::read("examples/demo-key/allowed_signers")?)?;

    // Signatures are judged as of this instant, in seconds since 1970.
    let mut by_signer = VerifyOptions::at(1_770_000_000);
    by_signer.signers = Some(&signers);
    assert_eq!(dateline::verify(&corpus, &by_signer)?.exit(), 0);

    let manifest = fs::read("examples/demo-corpus/releases/1/manifest.json")?;
    let mut by_digest = VerifyOptions::at(1_770_000_000);
    by_digest.cited = Some(Digest::of(&manifest));
    assert_eq!(dateline::verify(&corpus, &by_digest)?.exit(), 0);

    // Nothing is wrong without either, but nobody vouches for it.
    assert_eq!(
        dateline::verify(&corpus, &VerifyOptions::at(1_770_000_000))?.exit(),
        3
    );
    Ok(())
}
