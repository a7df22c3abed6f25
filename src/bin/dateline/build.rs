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

/// Up to how many errors are shown with their lines.
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
        screen.complain(
            "error",
            "what was built does not check clean, so it was not sealed",
        );
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
    // That the records differed from the release before is what was sealed.
    let exit = ending::tell(&report, &args.output, &[codes::ENTRIES_MISMATCH], screen)?;
    Ok(if outcome.summary.held > outcome.summary.held_before {
        Exit::Problems
    } else {
        exit
    })
}

/// Says that items were refused, and so nothing was sealed.
fn tell_refused(refused: u64, corpus: &str, screen: &mut Screen) {
    let items = if refused == 1 {
        "1 item was".to_owned()
    } else {
        format!("{refused} items were")
    };
    let line = format!("{items} refused, so {corpus} was not sealed");
    screen.complain("error", &line);
    let help = "`dateline check` of the dump shows them (the first 100, or `--limit N`); --allow-refused seals without them";
    screen.complain(" help", help);
}

/// How to go on where articles of the release before are gone.
fn lost(report: &Report, corpus: &Path, signing: &Signing) -> Option<String> {
    let gone = report.count_of(codes::ARTICLE_VANISHED) > 0;
    gone.then(|| {
        format!(
            "where articles went on purpose, let them go: dateline withdraw {} --missing --reason removed \
             (free to return; --dry-run lists them), then {}; where they did not, build again with the inputs \
             that they were made of",
            word(&corpus.display().to_string()),
            seal::next(corpus, Some(signing))
        )
    })
}

/// What is known of the provenance of the records, before anything is sealed.
fn facets(report: &Report) -> Option<String> {
    let mut facets = report.facets();
    (facets.sealed, facets.signed) = (None, None);
    facets.sentence(report.records().article)
}
