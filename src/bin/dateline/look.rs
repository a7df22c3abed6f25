//! `dateline PATH`

use std::path::Path;

use dateline::diagnostic::escape::escape;
use dateline::look::{FileLook, LookError, look};

use crate::check;
use crate::failure::{Exit, Failure};
use crate::screen::Screen;

pub(crate) fn run(path: &Path, limit: Option<usize>, screen: &mut Screen) -> Result<Exit, Failure> {
    let shown = path.display().to_string();
    if shown == "-" && !path.exists() {
        return Err(check::no_standard_input());
    }
    let found = look(path, &shown).map_err(|error| {
        let missing = matches!(error, LookError::Missing(_));
        let failure = Failure::from(error);
        if missing {
            failure.hint(
                "name a dump, a corpus or a release; to list the commands, run `dateline --help`",
            )
        } else {
            failure
        }
    })?;
    screen.line(&format!("{}: {}", escape(&shown), escape(&found.what)))?;
    for (name, value) in &found.facts {
        screen.line(&format!("  {name:<12} {}", escape(value)))?;
    }
    if !found.files.is_empty() {
        screen.line("files:")?;
        for line in lines(&found.files, limit) {
            screen.line(&line)?;
        }
    }
    screen.line("next:")?;
    for command in &found.next {
        screen.line(&format!("  {}", escape(command)))?;
    }
    Ok(Exit::Clean)
}

/// How many files of a dump are listed by default.
const LISTED: usize = 100;

/// The first `limit` files of a dump, one per line.
pub(crate) fn lines(files: &[FileLook], limit: Option<usize>) -> Vec<String> {
    let limit = limit.unwrap_or(LISTED);
    let listed = files.iter().take(limit);
    let mut lines: Vec<String> = listed.map(|file| format!("  {file}")).collect();
    let more = match files.len().saturating_sub(limit) {
        0 => return lines,
        1 => "1 more file".to_owned(),
        more => format!("{more} more files"),
    };
    lines.push(format!(
        "  and {more}; to list the first N, run `dateline PATH --limit N`"
    ));
    lines
}
