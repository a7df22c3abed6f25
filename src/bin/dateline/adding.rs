//! Messages about an existing corpus: what changes in it, and which choices there are.

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
/// The choices if a conversion would have to guess; none for other errors.
pub(crate) fn choices(error: &ConvertError, take: Take, corpus: &Path) -> Option<String> {
    // Repeats the options that were given, so that the advice does not lead back to an earlier error.
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
            "nothing was written; choose one: `--add{update}{ids}` keeps the articles from the missing files and adds \
             these inputs (add `--as LABEL` if file names repeat from day to day); `--replace` makes the corpus from \
             these inputs only; or name the missing inputs, too"
        ),
        ConvertError::Missing { .. } => format!(
            "nothing was written; choose one: `--keep-ids{update}`, if these inputs are the same articles in other \
             files, gives each article the id that its text has in the last release; `--add{update}{ids}` also keeps \
             the articles from the old files; `--replace` makes the corpus from these inputs only"
        ),
        ConvertError::Changed { missing, .. } if missing.count > 0 => format!(
            "nothing was written; choose one: `--add --update{ids}` accepts the changed files and keeps the articles \
             from the missing ones; `--add --as LABEL` keeps both, if they are different files with the same name; \
             `--replace` makes the corpus from these inputs only"
        ),
        ConvertError::Changed { .. } => format!(
            "nothing was written; choose one: `{scope}--update{ids}` accepts the changed files; `--add --as LABEL` \
             keeps both, if they are different files with the same name"
        ),
        ConvertError::NoLedger(_) => {
            "nothing was written; choose one: restore the ledger, `inputs/`, from another copy; `--replace` makes \
             the corpus from these inputs only; `--add`, if the articles have no traces, keeps them and adds these \
             inputs"
                .to_owned()
        }
        ConvertError::OtherIds { .. } => {
            let given = format!("{scope}{}", if take.update { "--update " } else { "" });
            format!(
                "nothing was written; choose one: `{given}--keep-ids` keeps the ids of the release; \
                 `{given}--new-ids` assigns new ones, and you have to withdraw the old ones"
            )
        }
        ConvertError::NotKept { .. } => {
            "nothing was written; choose one: `--replace --keep-ids` removes them; or name the inputs that they were \
             made from, too, with `--keep-ids`"
                .to_owned()
        }
        ConvertError::NoId { file, .. }
        | ConvertError::Order { file, .. }
        | ConvertError::Record { file, .. }
            if file.starts_with(Part::Withdrawals.folder()) =>
        {
            "restore this file from another copy; without it, dateline cannot tell which articles must not come back"
                .to_owned()
        }
        ConvertError::NoId { .. } | ConvertError::Order { .. } | ConvertError::Record { .. } => format!(
            "to see what is wrong with the corpus, run `dateline check {}`; `--replace` makes it from these inputs only",
            screen::named(corpus)
        ),
        _ => return None,
    };
    Some(choices)
}

/// Says what changes in an existing corpus, before it does.
pub(crate) fn tell(outcome: &Outcome, screen: &mut Screen) -> Result<(), Failure> {
    let summary = &outcome.summary;
    if outcome.damaged {
        screen.complain(
            "warning",
            "the old contents of the corpus cannot be read, so all of them are removed without being listed",
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
            1 => "1 file is a copy of a file that the corpus has; both names are in the ledger"
                .to_owned(),
            more => format!(
                "{more} files are copies of files that the corpus has; both names are in the ledger"
            ),
        };
        named(what, &pairs(&outcome.copies, "of"))?;
    }
    if outcome.edited.count > 0 {
        let files = count(outcome.edited.count, "file");
        named(
            format!("{files} changed since the last time"),
            &outcome.edited,
        )?;
    }
    if summary.kept_ids > 0 {
        screen.tell(&format!(
            "{} kept the id from the last release, because the text is the same",
            count(summary.kept_ids, "article")
        ))?;
    }
    if summary.ambiguous > 0 {
        screen.tell(&format!(
            "{} got new ids, because several articles have the same text and could not be told apart",
            count(summary.ambiguous, "article")
        ))?;
    }
    if summary.returned > 0 {
        let withdrawn = if summary.returned == 1 {
            "withdrawal with the reason `removed` is"
        } else {
            "withdrawals with the reason `removed` are"
        };
        screen.tell(&format!(
            "{} {withdrawn} undone; the articles come back",
            summary.returned
        ))?;
    }
    going(outcome, screen)
}

/// The first of the pairs: `a` is now `b`, `c` is now `d` and 3 more.
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
    screen.tell(&format!("removes {}:", count(*all, "article")))?;
    for id in first {
        screen.tell(&format!("  {id}"))?;
    }
    let more = all.saturating_sub(u64::try_from(first.len()).unwrap_or(*all));
    if more > 0 {
        screen.tell(&format!("  and {more} more"))?;
    }
    if outcome.going_released > 0 {
        screen.tell(&format!(
            "  of these, in the last release: {}; withdraw them before you seal the next one",
            outcome.going_released
        ))?;
    }
    Ok(())
}
