//! `dateline withdraw`

use std::collections::BTreeSet;

use dateline::corpus::Corpus;
use dateline::record::{Id, Time, WithdrawalReason};
use dateline::withdraw::{Request, WithdrawError, missing, preview, withdraw};

use crate::args;
use crate::failure::{Exit, Failure};
use crate::screen::Screen;
use crate::{clock, config, seal};

pub(crate) fn run(args: &args::Withdraw, screen: &mut Screen) -> Result<Exit, Failure> {
    let ids = if args.missing {
        missing(&Corpus::open(&args.corpus)?)?
    } else {
        let ids = args.ids.iter().map(|id| id.parse::<Id>());
        ids.collect::<Result<BTreeSet<_>, _>>()?
    };
    if args.missing && ids.is_empty() {
        screen.tell(
            "nothing is missing: each article of the last release is there or was withdrawn",
        )?;
        return Ok(Exit::Clean);
    }
    let date = match &args.date {
        Some(date) => date.parse::<Time>()?,
        None => clock::created(None)?.day().parse::<Time>()?,
    };
    let request = Request {
        ids,
        reason: reason(&args.reason)?,
        date,
        notice: args.notice.clone(),
        write: config::write_options(&args.corpus)?,
    };
    let outcome = if args.dry_run {
        preview(&args.corpus, &request).map_err(failure)?
    } else {
        withdraw(&args.corpus, &request).map_err(failure)?
    };
    let would = if args.dry_run {
        "would withdraw"
    } else {
        "withdrew"
    };
    for withdrawal in &outcome.withdrawals {
        screen.line(&format!(
            "{would} {} ({})",
            withdrawal.id,
            withdrawal.reason.name()
        ))?;
    }
    screen.tell(&format!(
        "  traces gone with them: {}; relations: {}",
        outcome.traces, outcome.relations
    ))?;
    for (copy, gone) in &outcome.copies {
        screen.tell(&format!(
            "  the text of {gone} stays under another id: {copy}"
        ))?;
    }
    if !args.dry_run {
        if outcome
            .withdrawals
            .iter()
            .any(|gone| gone.release.is_some())
        {
            screen.tell(
                "  the last release, texts included, stays on disk until the next one is sealed",
            )?;
        }
        screen.tell(&format!("next: {}", seal::next(&args.corpus, None)))?;
    }
    Ok(Exit::Clean)
}

fn failure(error: WithdrawError) -> Failure {
    let unknown = matches!(error, WithdrawError::Unknown(_));
    let failure = Failure::from(error);
    if unknown {
        failure.hint("ids are written whole here; `dateline show CORPUS BEGINNING` finds one")
    } else {
        failure
    }
}

fn reason(name: &str) -> Result<WithdrawalReason, Failure> {
    WithdrawalReason::ALL
        .into_iter()
        .find(|reason| reason.name() == name)
        .ok_or_else(|| {
            let names: Vec<&str> = WithdrawalReason::ALL
                .iter()
                .map(|reason| reason.name())
                .collect();
            Failure::new(format!("`{name}` is no reason"))
                .hint(format!("one of {}", names.join(", ")))
        })
}
