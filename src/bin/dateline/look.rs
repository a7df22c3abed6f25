//! `dateline PATH`

use std::path::Path;

use dateline::diagnostic::escape::escape;
use dateline::look::{FileLook, LookError, look};

use crate::check;
use crate::failure::{Exit, Failure};
use crate::screen::Screen;

pub(crate) fn run(path: &Path, screen: &mut Screen) -> Result<Exit, Failure> {
    let shown = path.display().to_string();
    if shown == "-" && !path.exists() {
        return Err(check::no_standard_input());
    }
    let found = look(path, &shown).map_err(|error| {
        let missing = matches!(error, LookError::Missing(_));
        let failure = Failure::from(error);
        if missing {
            failure.hint("name a dump, a corpus or a release; `dateline --help` lists the commands")
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
        for line in lines(&found.files) {
            screen.line(&line)?;
        }
    }
    screen.line("next:")?;
    for command in &found.next {
        screen.line(&format!("  {}", escape(command)))?;
    }
    Ok(Exit::Clean)
}

/// How many files of a dump are listed.
const LISTED: usize = 100;

/// Files of a dump, one a line.
pub(crate) fn lines(files: &[FileLook]) -> Vec<String> {
    let listed = files.iter().take(LISTED);
    let mut lines: Vec<String> = listed.map(|file| format!("  {file}")).collect();
    match files.len().saturating_sub(LISTED) {
        0 => {}
        1 => lines.push("  and 1 more file".to_owned()),
        more => lines.push(format!("  and {more} more files")),
    }
    lines
}
