//! `dateline build`

use std::path::Path;

use dateline::build::{Obstacle, obstacle};
use dateline::cite::{Style, cite};
use dateline::diagnostic::escape::escape;
use dateline::diagnostic::{Format, Report, codes};
use dateline::look::word;

use crate::args;
use crate::failure::{Exit, Failure};
use crate::key::Signing;
use crate::screen::Screen;
use crate::{convert, ending, report, seal, withdraw};

/// Up to this many errors are shown with their lines.
const FEW: u64 = 3;

pub(crate) fn run(args: &args::Build, screen: &mut Screen) -> Result<Exit, Failure> {
    let signing = Signing::read(&args.release)?;
    let from = convert::Given::read(&args.from, &args.taking)?;
    let outcome = convert::convert(&from, &args.output, &args.about, Some(&signing), screen)?;
    let shown = escape(&args.output.display().to_string()).into_owned();

    let private = withdraw::private(&args.output, &args.from.beside);
    let report = ending::check(
        &args.output,
        from.files,
        args.taking.add,
        private.clone(),
        screen,
    )?;
    let obstacle = obstacle(&outcome, &report, args.allow_refused);
    if obstacle == Some(Obstacle::Errors) {
        let form = if report.counts().errors > FEW {
            Format::Concise
        } else {
            Format::Full
        };
        report::show(&report, form, screen)?;
        screen.complain("error", "the corpus was not sealed, because it has errors");
        if let Some(help) = lost(&report, &args.output, &signing) {
            screen.complain(" help", &help);
        }
        return Ok(Exit::Problems);
    }
    if let Some(facets) = facets(&report) {
        screen.tell(&format!("checked: {facets}"))?;
    }
    if obstacle.is_some() {
        tell_refused(outcome.summary.refused, &shown, screen);
        return Ok(Exit::Problems);
    }
    let sealed = seal::seal_with(&args.output, &signing, &private)?;
    seal::tell(&args.output, &sealed, screen)?;
    let release = sealed.release();
    let citation = cite(&release.manifest, &release.digest, Style::Text);
    screen.tell(&format!("the corpus is in {shown}; cite it as"))?;
    screen.tell(&format!("  {}", escape(citation.trim_end())))?;
    // The records differed from the previous release before this one was sealed.
    let exit = ending::tell(&report, &args.output, &[codes::ENTRIES_MISMATCH], screen)?;
    Ok(if outcome.summary.held > outcome.summary.held_before {
        Exit::Problems
    } else {
        exit
    })
}

/// Says that nothing was sealed because items were refused.
fn tell_refused(refused: u64, corpus: &str, screen: &mut Screen) {
    let items = if refused == 1 {
        "1 item was".to_owned()
    } else {
        format!("{refused} items were")
    };
    let line = format!("`{corpus}` was not sealed, because {items} refused");
    screen.complain("error", &line);
    let help = "to see them, run `dateline check DUMP` (the first 100, or `--limit N`); to seal without them, use \
                --allow-refused";
    screen.complain(" help", help);
}

/// How to go on if articles of the previous release are gone.
fn lost(report: &Report, corpus: &Path, signing: &Signing) -> Option<String> {
    let gone = report.count_of(codes::ARTICLE_VANISHED) > 0;
    gone.then(|| {
        format!(
            "if the articles are gone on purpose, run dateline withdraw {} --missing --reason removed (they may come \
             back; --dry-run lists them), then {}; otherwise, build again with the inputs that they were made from",
            word(&corpus.display().to_string()),
            seal::next(corpus, Some(signing))
        )
    })
}

/// The provenance facets of the records, before anything is sealed.
fn facets(report: &Report) -> Option<String> {
    let mut facets = report.facets();
    (facets.sealed, facets.signed) = (None, None);
    facets.sentence(report.records().article)
}
