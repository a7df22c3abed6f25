//! `dateline withdraw`

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use dateline::corpus::Corpus;
use dateline::diagnostic::escape::{escape, shown};
use dateline::record::{Id, Time, WithdrawalReason, normalised_url};
use dateline::takedown::Private;
use dateline::withdraw::{
    Keying, Outcome, Request, Selection, WithdrawError, missing, preview, withdraw,
};

use crate::args;
use crate::failure::{Exit, Failure};
use crate::screen;
use crate::screen::{Screen, count};
use crate::{clock, config, file, seal, stdin};

/// How many names of one kind are listed.
const LISTED: usize = 20;

pub(crate) fn run(args: &args::Withdraw, screen: &mut Screen) -> Result<Exit, Failure> {
    let request = request(args)?;
    if args.missing && request.select.is_empty() {
        screen.tell(
            "nothing is missing: every article of the last release is in the corpus or was withdrawn",
        )?;
        if request.also.is_empty() && request.distinct.is_empty() {
            return Ok(Exit::Clean);
        }
    }
    let decides = request.select.is_empty() && request.also.is_empty();
    let outcome = if args.dry_run {
        preview(&args.corpus, &request).map_err(|error| failure(args, error))?
    } else {
        if args.reason.is_none() && !decides {
            // A held item is not in the corpus, and a decision about it needs no reason.
            let outcome = preview(&args.corpus, &request).map_err(|error| failure(args, error))?;
            if !outcome.withdrawals.is_empty() || !request.select.is_empty() {
                return Err(Failure::new("a withdrawal needs --reason")
                    .hint(format!("add --reason with one of {}", reasons().join(", "))));
            }
        }
        withdraw(&args.corpus, &request).map_err(|error| failure(args, error))?
    };
    tell(args, &request, &outcome, screen)?;
    Ok(Exit::Clean)
}

fn request(args: &args::Withdraw) -> Result<Request, Failure> {
    let ids = |names: &[String]| -> Result<BTreeSet<Id>, Failure> {
        let ids = names.iter().map(|id| id.parse::<Id>());
        Ok(ids.collect::<Result<_, _>>()?)
    };
    let mut urls: BTreeSet<String> = args.url.iter().cloned().collect();
    if let Some(file) = &args.urls {
        urls.extend(self::urls(file)?);
    }
    let names = if args.missing {
        let missing = missing(&Corpus::open(&args.corpus)?)?;
        missing.iter().map(Id::to_string).collect()
    } else {
        args.ids.iter().cloned().collect()
    };
    let date = match &args.date {
        Some(date) => date.parse::<Time>()?,
        None => clock::created(None)?.day().parse::<Time>()?,
    };
    let reason = match &args.reason {
        Some(reason) => self::reason(reason)?,
        None => WithdrawalReason::Unspecified,
    };
    let keying = if args.private || reason.is_private() && !args.public {
        let mut random = [0; 32];
        getrandom::fill(&mut random).map_err(|error| {
            Failure::new(format!("cannot get random bytes from the system: {error}"))
        })?;
        Keying::Private(random)
    } else {
        Keying::Public
    };
    // The name goes into a receipt, which dateline never sends anywhere.
    let user = || {
        ["USER", "LOGNAME", "USERNAME"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok())
    };
    Ok(Request {
        select: Selection {
            names,
            urls,
            domains: args.domain.iter().cloned().collect(),
        },
        also: ids(&args.also)?,
        distinct: ids(&args.distinct)?,
        reason,
        keying,
        date,
        by: args
            .by
            .clone()
            .or_else(user)
            .unwrap_or_else(|| "unknown".to_owned()),
        notice: args.notice.clone(),
        private: private(&args.corpus, &args.beside),
        write: config::write_options(&args.corpus)?,
    })
}

/// The private folder next to a corpus.
pub(crate) fn private(corpus: &Path, beside: &args::Beside) -> Private {
    match &beside.private_dir {
        Some(path) => Private::at(path),
        None => Private::beside(corpus),
    }
}

/// The URLs in a file: its lines that are neither blank nor comments.
fn urls(file: &Path) -> Result<Vec<String>, Failure> {
    let (name, read) = if stdin::is_named(file) {
        (
            "<stdin>".into(),
            file::rest(io::stdin().lock(), file::LARGEST),
        )
    } else {
        (file.display().to_string(), file::read(file))
    };
    let at = |what: String| Failure::new(format!("{name}{what}"));
    let bytes = read.map_err(|error| at(format!(": {error}")))?;
    let text = String::from_utf8(bytes).map_err(|error| at(format!(": not UTF-8: {error}")))?;
    let mut urls = Vec::new();
    for (line, number) in text.trim_start_matches('\u{feff}').lines().zip(1..) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if normalised_url(line).is_none() {
            let what = format!(":{number}: `{}` is not an http or https URL", shown(line));
            return Err(
                at(what).hint("write one URL per line; lines that begin with # are comments")
            );
        }
        urls.push(line.to_owned());
    }
    if urls.is_empty() {
        return Err(at(" contains no URLs".to_owned()));
    }
    Ok(urls)
}

fn tell(
    args: &args::Withdraw,
    request: &Request,
    outcome: &Outcome,
    screen: &mut Screen,
) -> Result<(), Failure> {
    let (withdrew, decided, nothing) = if args.dry_run {
        (
            "would withdraw",
            "would decide",
            "nothing in the corpus would be withdrawn; the decisions would apply to the next build",
        )
    } else {
        (
            "withdrew",
            "decided",
            "nothing in the corpus was withdrawn; the decisions apply to the next build",
        )
    };
    for withdrawal in &outcome.withdrawals {
        let line = format!(
            "{withdrew} {} ({})",
            withdrawal.id,
            withdrawal.reason.name()
        );
        if args.dry_run {
            screen.line(&line)?;
        } else {
            screen.tell(&line)?;
        }
    }
    for (ids, what) in [
        (&request.also, "is withdrawn, too"),
        (&request.distinct, "is a different article and stays"),
    ] {
        for id in ids {
            screen.tell(&format!("  {decided}: {id} {what}"))?;
        }
    }
    if outcome.withdrawals.is_empty() {
        screen.tell(&format!("  {nothing}"))?;
        return Ok(());
    }
    screen.tell(&format!(
        "  along with {} and {}",
        count(outcome.traces, "trace"),
        count(outcome.relations, "relation")
    ))?;
    lists(outcome, screen)?;
    if !args.dry_run {
        next(args, request, outcome, screen)?;
    }
    Ok(())
}

/// Lists copies of the withdrawn articles, links to them, and where they are.
fn lists(outcome: &Outcome, screen: &mut Screen) -> Result<(), Failure> {
    let copies: Vec<String> = outcome.copies.iter().map(ToString::to_string).collect();
    list(
        screen,
        "copies to decide about, with --also ID or --distinct ID",
        &copies,
    )?;
    let links = outcome
        .links
        .iter()
        .map(|(id, gone)| format!("{id} -> {gone}"));
    list(
        screen,
        "records that still link to them",
        &links.collect::<Vec<_>>(),
    )?;
    let releases = outcome.releases.iter().map(|(id, all)| {
        let numbers: Vec<String> = all.iter().map(u64::to_string).collect();
        format!("{id}: {}", numbers.join(", "))
    });
    list(
        screen,
        "releases that contain them",
        &releases.collect::<Vec<_>>(),
    )?;
    let paths: Vec<String> = outcome.paths.iter().cloned().collect();
    list(
        screen,
        "files of the dump that they came from, which dateline leaves in place",
        &paths,
    )?;
    let shared = outcome
        .shared
        .iter()
        .map(|(id, count)| format!("{id}: {count}"));
    list(
        screen,
        "records whose URLs are not used as keys, because articles with other texts share them",
        &shared.collect::<Vec<_>>(),
    )?;
    let unprotected: Vec<String> = outcome.unprotected.iter().map(Id::to_string).collect();
    list(
        screen,
        "records whose text is withheld or too short to be a key",
        &unprotected,
    )?;
    list(
        screen,
        "URLs and domains that match no article",
        &outcome.unmatched,
    )?;
    Ok(())
}

/// What to know and do after a withdrawal.
fn next(
    args: &args::Withdraw,
    request: &Request,
    outcome: &Outcome,
    screen: &mut Screen,
) -> Result<(), Failure> {
    if outcome
        .withdrawals
        .iter()
        .any(|gone| gone.release.is_some())
    {
        screen.tell(
            "  the last release stays on disk, including its texts, until the next one is sealed",
        )?;
    }
    if let Keying::Private(_) = request.keying
        && !request.reason.is_keyless()
    {
        screen.tell(&format!(
            "  the keys are private: keep {}; without it, only ids can be recognised",
            screen::named(request.private.path())
        ))?;
    }
    if let Some(receipt) = &outcome.receipt {
        screen.tell(&format!("receipt: {}", screen::named(receipt)))?;
    }
    screen.tell(&format!("next: {}", seal::next(&args.corpus, None)))?;
    Ok(())
}

fn list(screen: &mut Screen, about: &str, names: &[String]) -> Result<(), Failure> {
    if names.is_empty() {
        return Ok(());
    }
    screen.tell(&format!("  {about}:"))?;
    for name in names.iter().take(LISTED) {
        screen.tell(&format!("    {}", escape(name)))?;
    }
    if names.len() > LISTED {
        screen.tell(&format!("    and {} more", names.len() - LISTED))?;
    }
    Ok(())
}

fn failure(args: &args::Withdraw, error: WithdrawError) -> Failure {
    let hint = if matches!(error, WithdrawError::Undecided(_)) {
        Some(
            "decide about each: --also ID withdraws it, too; --distinct ID keeps it; to list them all, \
             use --dry-run"
                .to_owned(),
        )
    } else if matches!(
        error,
        WithdrawError::Unknown(_) | WithdrawError::Unmatched { .. }
    ) {
        Some(format!(
            "to list articles, run `dateline list {}`, with --url or --domain to narrow it down",
            screen::named(&args.corpus)
        ))
    } else {
        None
    };
    let failure = Failure::from(error);
    match hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

fn reasons() -> Vec<&'static str> {
    WithdrawalReason::ALL
        .iter()
        .map(|reason| reason.name())
        .collect()
}

fn reason(name: &str) -> Result<WithdrawalReason, Failure> {
    WithdrawalReason::ALL
        .into_iter()
        .find(|reason| reason.name() == name)
        .ok_or_else(|| {
            Failure::new(format!("`{name}` is not a reason"))
                .hint(format!("use one of {}", reasons().join(", ")))
        })
}

/// Says how many items are held until a person decides.
pub(crate) fn tell_held(
    (held, before, locked): (u64, u64, u64),
    screen: &mut Screen,
) -> Result<(), Failure> {
    if held > before {
        screen.complain(
            "warning",
            &format!(
                "{} held as possible copies of withdrawn articles; to decide, use --also or --distinct of \
                 `dateline withdraw`",
                count(held - before, "item")
            ),
        );
    }
    if before > 0 {
        screen.tell(&format!("  held as before: {}", count(before, "item")))?;
    }
    if locked > 0 {
        screen.complain(
            "warning",
            &format!(
                "{} private, and the secret is not in the folder next to the corpus: only ids are recognised; \
                 to use another folder, add --private-dir",
                count(locked, "withdrawal")
            ),
        );
    }
    Ok(())
}
