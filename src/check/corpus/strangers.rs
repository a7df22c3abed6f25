//! Files that lie among the records and are not read.

use std::collections::BTreeSet;

use crate::check::CheckError;
use crate::check::line::findings::file_name;
use crate::corpus::{Corpus, FILES, FileName, OpenError, Part, ShardName, State};
use crate::diagnostic::{Diagnostic, Place, codes};

/// A finding for each file among the records that the state does not include: `verify` reads such a file,
/// and a check of the state does not.
pub(crate) fn of(corpus: &Corpus, state: &State) -> Result<Vec<Diagnostic>, CheckError> {
    let place = |path: &str| Place::file(&*file_name(corpus.root(), path));
    let stranger = |path: &str| {
        let message =
            format!("no `{FILES}` names this file: it is no part of the corpus, and is not read");
        Diagnostic::new(codes::SHARD_UNLISTED, place(path), message)
            .hint("move it out of the corpus; no command writes to the corpus while it is there")
    };
    let mut found = Vec::new();
    let unlisted = unlisted(corpus, state)?;
    let journaled = if unlisted.is_empty() {
        BTreeSet::new()
    } else {
        corpus.journaled()
    };
    for shard in unlisted {
        let path = shard.to_string();
        found.push(if journaled.contains(&shard) {
            let message = format!("no `{FILES}` names this shard: it is not read");
            Diagnostic::new(codes::SHARD_UNREAD, place(&path), message).hint(
                "a command that writes is at work or was stopped, and this is its own; the next such \
                 command removes what was left behind",
            )
        } else {
            stranger(&path)
        });
    }
    let strays = corpus.strays();
    // Without a listing they are read.
    if state.listing().is_some() && state.missing().is_empty() {
        let files = strays.files.iter();
        found.extend(files.map(|file| stranger(&file.source.file)));
    }
    for other in strays.others {
        let place = place(&other.file);
        let message = other.kind.to_string();
        found.push(if other.kind.is_unverifiable() {
            Diagnostic::new(codes::FILE_UNREADABLE, place, message)
        } else {
            Diagnostic::new(codes::AMONG_FOREIGN, place, message).hint(
                "move it out of the corpus; no command writes to the corpus while it is there",
            )
        });
    }
    Ok(found)
}

/// The shards that neither the state nor the newest release has.
fn unlisted(corpus: &Corpus, state: &State) -> Result<Vec<ShardName>, CheckError> {
    if state.unnamed().is_empty() {
        return Ok(Vec::new());
    }
    let sealed = match corpus.sealed() {
        Ok(sealed) => sealed,
        // Which shards are those of the release is not known.
        Err(OpenError::Listing { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let sealed: BTreeSet<&FileName> = sealed
        .iter()
        .flat_map(State::files)
        .map(|file| &file.name)
        .collect();
    // Ledgers are no records, and are not checked.
    let shards = state.unnamed().iter().filter(|shard| {
        shard.part() != Part::Inputs && !sealed.contains(&FileName::Shard((*shard).clone()))
    });
    Ok(shards.cloned().collect())
}
