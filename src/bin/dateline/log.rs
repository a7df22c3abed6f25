//! `dateline log`

use dateline::corpus::{Corpus, MANIFEST, RELEASES, steady};
use dateline::diagnostic::escape::escape;

use crate::args;
use crate::failure::{Exit, Failure};
use crate::release;
use crate::screen::{Screen, count};

pub(crate) fn run(args: &args::Log, screen: &mut Screen) -> Result<Exit, Failure> {
    let read = |corpus: &Corpus| {
        let numbers = corpus.releases().iter().rev();
        let manifests: Result<Vec<_>, Failure> = numbers
            .map(|&number| release::manifest(corpus, number))
            .collect();
        Ok::<_, Failure>((corpus.clone(), manifests?))
    };
    let (corpus, manifests) = steady(&args.corpus, read)?;
    if corpus.releases().is_empty() {
        screen.tell("no release yet")?;
    }
    for number in corpus.hollow() {
        screen.complain(
            "warning",
            &format!("`{RELEASES}/{number}` is not a release, because it has no `{MANIFEST}`"),
        );
    }
    for (manifest, digest) in manifests {
        let predicate = &manifest.predicate;
        let (records, changes) = (&predicate.records, &predicate.changes);
        screen.line(&format!(
            "release {} of {}",
            predicate.release, predicate.created
        ))?;
        screen.line(&format!("  {digest}"))?;
        screen.line(&format!(
            "  {}: {}, {}, {}",
            escape(&predicate.corpus.title),
            count(records.article, "article"),
            count(records.relation, "relation"),
            count(records.withdrawal, "withdrawal")
        ))?;
        screen.line(&format!(
            "  {} added, {} revised, {} withdrawn, {} reinstated",
            changes.added, changes.revised, changes.withdrawn, changes.reinstated
        ))?;
    }
    Ok(Exit::Clean)
}
