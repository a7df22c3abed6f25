//! `dateline cite`

use dateline::cite::{Style, cite};
use dateline::corpus::{Corpus, steady};
use dateline::diagnostic::escape::escape;

use crate::args;
use crate::failure::{Exit, Failure};
use crate::screen::Screen;
use crate::{release, seal};

pub(crate) fn run(args: &args::Cite, screen: &mut Screen) -> Result<Exit, Failure> {
    let read = |corpus: &Corpus| {
        let number = args.release.or(corpus.newest()).ok_or_else(|| {
            Failure::new(format!(
                "`{}` has no release to cite",
                args.corpus.display()
            ))
            .hint(seal::next(&args.corpus, None))
        })?;
        release::manifest(corpus, number)
    };
    let (manifest, digest) = steady(&args.corpus, read)?;
    let style = match args.style {
        args::Style::Bibtex => Style::Bibtex,
        args::Style::Text => Style::Text,
    };
    for line in cite(&manifest, &digest, style).lines() {
        screen.line(&escape(line))?;
    }
    Ok(Exit::Clean)
}
