//! What is said where a corpus is there already: what changes in it, and what may be chosen.

use std::path::Path;

use dateline::convert::{ConvertError, FirstFew, KeepIds, Outcome, Pairing, Scope, Take};
use dateline::corpus::Part;
use dateline::diagnostic::escape::escape;

use crate::failure::Failure;
use crate::screen;
use crate::screen::{Screen, count};

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "most errors leave nothing to choose"
)]
/// The choices where a conversion would have to guess; none for errors of another kind.
pub(crate) fn choices(error: &ConvertError, take: Take, corpus: &Path) -> Option<String> {
    // What was asked for already is asked for again, so that no advice leads back to an error before.
    let update = if take.update { " --update" } else { "" };
    let ids = if take.ids == KeepIds::New {
        " --new-ids"
    } else {
        ""
    };
    let scope = match take.scope {
        Scope::Add => "--add ",
        Scope::Replace => "--replace ",
        Scope::Same => "",
    };
    let choices = match error {
        ConvertError::Missing { matched: 0, .. } => format!(
            "nothing was written; choose: `--add{update}{ids}` keeps what was made of them and adds these inputs (with \
             `--as LABEL` where names repeat from day to day); `--replace` makes the corpus of these inputs \
             alone; or name those inputs, too"
        ),
        ConvertError::Missing { .. } => format!(
            "nothing was written; choose: `--keep-ids{update}` where these inputs are the same articles in other \
             files: each keeps the id that its text has in the last release; `--add{update}{ids}` keeps what was made of \
             the old files beside them; `--replace` makes the corpus of these inputs alone"
        ),
        ConvertError::Changed { missing, .. } if missing.count > 0 => format!(
            "nothing was written; choose: `--add --update{ids}` takes the files as they are now and keeps what was \
             made of those that the inputs lack; where they are other files of the same name, \
             `--add --as LABEL` keeps both; `--replace` makes the corpus of these inputs alone"
        ),
        ConvertError::Changed { .. } => format!(
            "nothing was written; choose: `{scope}--update{ids}` takes the files as they are now; where they are \
             other files of the same name, `--add --as LABEL` keeps both"
        ),
        ConvertError::NoLedger(_) => {
            "nothing was written; choose: restore the ledger, `inputs/`, from another copy; or `--replace` makes \
             the corpus of these inputs alone; or, where the articles have no traces, `--add` keeps them and adds \
             these inputs"
                .to_owned()
        }
        ConvertError::OtherIds { .. } => {
            let given = format!("{scope}{}", if take.update { "--update " } else { "" });
            format!(
                "nothing was written; choose: `{given}--keep-ids` gives them the ids of the release again; \
                 `{given}--new-ids` gives them new ones, and the old ones are to be withdrawn"
            )
        }
        ConvertError::NotKept { .. } => {
            "nothing was written; choose: `--replace --keep-ids` lets them go; or name the inputs that they were \
             made of, too, with `--keep-ids`"
                .to_owned()
        }
        ConvertError::NoId { file, .. }
        | ConvertError::Order { file, .. }
        | ConvertError::Record { file, .. }
            if file.starts_with(Part::Withdrawals.folder()) =>
        {
            "restore this file from another copy: without it dateline cannot tell which articles must not return"
                .to_owned()
        }
        ConvertError::NoId { .. } | ConvertError::Order { .. } | ConvertError::Record { .. } => format!(
            "`dateline check {}` says what is wrong with the corpus; `--replace` makes it of these inputs alone",
            screen::named(corpus)
        ),
        _ => return None,
    };
    Some(choices)
}

/// Says what changes in a corpus that is there, before it does.
pub(crate) fn tell(outcome: &Outcome, screen: &mut Screen) -> Result<(), Failure> {
    let summary = &outcome.summary;
    if outcome.damaged {
        screen.complain(
            "warning",
            "what the corpus had cannot be read, so all of it goes and nothing is said of what it was",
        );
    }
    let mut named = |what: String, names: &dyn std::fmt::Display| {
        screen.tell(&format!("{what}: {}", escape(&names.to_string())))
    };
    if outcome.renamed.count > 0 {
        named(
            format!("{} renamed", count(outcome.renamed.count, "file")),
            &pairs(&outcome.renamed, "is now"),
        )?;
    }
    if outcome.copies.count > 0 {
        let what = match outcome.copies.count {
            1 => "1 file is a copy of one that the corpus has; both names are in the ledger"
                .to_owned(),
            more => format!(
                "{more} files are copies of ones that the corpus has; both names are in the ledger"
            ),
        };
        named(what, &pairs(&outcome.copies, "of"))?;
    }
    if outcome.edited.count > 0 {
        let files = count(outcome.edited.count, "file");
        named(
            format!("{files} with other bytes than before"),
            &outcome.edited,
        )?;
    }
    if summary.kept_ids > 0 {
        screen.tell(&format!(
            "{} kept the id of the last release by the text",
            count(summary.kept_ids, "article")
        ))?;
    }
    if summary.ambiguous > 0 {
        screen.tell(&format!(
            "{} got new ids: several articles have the same text, so it is not known which was which",
            count(summary.ambiguous, "article")
        ))?;
    }
    if summary.returned > 0 {
        let withdrawn = if summary.returned == 1 {
            "withdrawal as `removed` is"
        } else {
            "withdrawals as `removed` are"
        };
        screen.tell(&format!(
            "{} {withdrawn} taken back: the articles return",
            summary.returned
        ))?;
    }
    going(outcome, screen)
}

/// The first of some pairs: `a` is now `b`, `c` is now `d` and 3 more.
fn pairs(pairs: &FirstFew<Pairing>, between: &str) -> String {
    let first = pairs.first.iter();
    let first = first.map(|pair| format!("`{}` {between} `{}`", pair.one, pair.other));
    let said = first.collect::<Vec<_>>().join(", ");
    let named = u64::try_from(pairs.first.len()).unwrap_or(pairs.count);
    match pairs.count.saturating_sub(named) {
        0 => said,
        more => format!("{said} and {more} more"),
    }
}

fn going(outcome: &Outcome, screen: &mut Screen) -> Result<(), Failure> {
    let FirstFew { first, count: all } = &outcome.going;
    if *all == 0 {
        return Ok(());
    }
    let go = if *all == 1 { "goes" } else { "go" };
    screen.tell(&format!("{} {go}:", count(*all, "article")))?;
    for id in first {
        screen.tell(&format!("  {id}"))?;
    }
    let more = all.saturating_sub(u64::try_from(first.len()).unwrap_or(*all));
    if more > 0 {
        screen.tell(&format!("  and {more} more"))?;
    }
    if outcome.going_released > 0 {
        screen.tell(&format!(
            "  of them in the last release: {}; they are to be withdrawn before the next one is sealed",
            outcome.going_released
        ))?;
    }
    Ok(())
}
