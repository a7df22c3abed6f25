//! A part of the new state: what is new beside what stays.
//!
//! The lines of a part that are there are read beside those that were made, both in order of their ids. A
//! shard all of whose lines stay is kept as it is, byte for byte; what is new, and what is left of the
//! other shards, goes into new shards behind those.

use std::collections::BTreeSet;

use super::ConvertError;
use crate::corpus::{Line, Lines, Pair, Part, StateFile, Writer};
use crate::json::{Tape, canonical};

/// Makes the part of what `decide` gives: for each id, in order, it is asked for the line that is to be
/// there, given the line that is there and the one that was made. It gives none for what goes.
///
/// With `anew` nothing that is there is looked at, and nothing of it stays. Gives how many lines the part
/// then has.
pub(super) fn join(
    writer: &mut Writer,
    part: Part,
    anew: bool,
    made: impl Iterator<Item = Result<Pair, ConvertError>>,
    mut decide: impl FnMut(
        &str,
        Option<&Line>,
        Option<Vec<u8>>,
    ) -> Result<Option<Vec<u8>>, ConvertError>,
) -> Result<u64, ConvertError> {
    let files: Vec<StateFile> = if anew {
        Vec::new()
    } else {
        writer.before().part(part).cloned().collect()
    };
    if files.is_empty() {
        return write(writer, part, made, decide);
    }
    let mut old = Old::new(writer.before().sorted(part)?)?;
    let mut made = made.peekable();
    let mut out = writer.sorter();
    let (mut touched, mut gone) = (BTreeSet::new(), BTreeSet::new());
    let (mut count, mut fresh) = (0_u64, false);
    loop {
        let ahead = match (old.id(), made.peek()) {
            (None, None) => break,
            (Some(_), None) => true,
            (Some(id), Some(Ok(next))) => id <= next.key.as_str(),
            (_, Some(_)) => false,
        };
        let before = if ahead { old.take()? } else { None };
        let new = match &before {
            Some((id, _)) => made.next_if(|next| next.as_ref().is_ok_and(|next| next.key == *id)),
            None => made.next(),
        };
        let new = new.transpose()?;
        let Some(id) = before
            .as_ref()
            .map(|(id, _)| id.clone())
            .or_else(|| new.as_ref().map(|new| new.key.clone()))
        else {
            break;
        };
        let there = before.as_ref().map(|(_, line)| line);
        let wanted = decide(&id, there, new.map(|new| new.line))?;
        count += u64::from(wanted.is_some());
        match (before, wanted) {
            (Some((_, line)), Some(wanted)) if same(&line, &wanted) => {}
            (before, wanted) => {
                if let Some((id, line)) = before {
                    touched.insert(line.file.to_string());
                    gone.insert(id);
                }
                if let Some(line) = wanted {
                    fresh = true;
                    out.push(id, line)?;
                }
            }
        }
    }
    if !fresh && touched.is_empty() {
        return Ok(count);
    }
    let is_touched = |file: &&StateFile| touched.contains(&file.name.to_string());
    for file in files.iter().filter(is_touched) {
        for line in Lines::new([writer.before().source(file)?]) {
            let line = line?;
            let id = id_of(&line)?;
            if !gone.contains(&id) {
                out.push(id, line.bytes)?;
            }
        }
    }
    let mut shards = writer.part(part);
    for file in files.iter().filter(|file| !is_touched(file)) {
        shards.keep(&writer.stored(file)?)?;
    }
    shards.extend(out.finish()?)?;
    writer.set(shards.finish()?);
    Ok(count)
}

/// The same where nothing is there.
fn write(
    writer: &mut Writer,
    part: Part,
    made: impl Iterator<Item = Result<Pair, ConvertError>>,
    mut decide: impl FnMut(
        &str,
        Option<&Line>,
        Option<Vec<u8>>,
    ) -> Result<Option<Vec<u8>>, ConvertError>,
) -> Result<u64, ConvertError> {
    let mut shards = writer.part(part);
    let mut count = 0;
    for pair in made {
        let Pair { key, line } = pair?;
        if let Some(line) = decide(&key, None, Some(line))? {
            shards.push(&key, &line)?;
            count += 1;
        }
    }
    writer.set(shards.finish()?);
    Ok(count)
}

/// The lines that are there, one ahead.
struct Old {
    lines: Lines,
    next: Option<(String, Line)>,
}

impl Old {
    fn new(lines: Lines) -> Result<Self, ConvertError> {
        let mut old = Self { lines, next: None };
        old.take()?;
        Ok(old)
    }

    fn id(&self) -> Option<&str> {
        self.next.as_ref().map(|(id, _)| id.as_str())
    }

    fn take(&mut self) -> Result<Option<(String, Line)>, ConvertError> {
        let next = match self.lines.next().transpose()? {
            Some(line) => Some((id_of(&line)?, line)),
            None => None,
        };
        let taken = std::mem::replace(&mut self.next, next);
        match (&taken, &self.next) {
            (Some((before, _)), Some((id, line))) if before >= id => Err(ConvertError::Order {
                file: line.file.to_string(),
                line: line.number,
                id: id.clone(),
            }),
            _ => Ok(taken),
        }
    }
}

/// The id that a line names.
pub(crate) fn id_of(line: &Line) -> Result<String, ConvertError> {
    let tape = Tape::parse(line.bytes.trim_ascii_end()).ok();
    let id = tape
        .as_ref()
        .and_then(|tape| tape.root().get("id")?.as_str());
    id.map(std::borrow::Cow::into_owned)
        .ok_or_else(|| ConvertError::NoId {
            file: line.file.to_string(),
            line: line.number,
        })
}

/// Whether a line says what another says, in whatever spelling.
fn same(line: &Line, wanted: &[u8]) -> bool {
    let canonical = |bytes: &[u8]| {
        let tape = Tape::parse(bytes.trim_ascii_end()).ok()?;
        let mut written = Vec::new();
        canonical::write(tape.root(), &mut written);
        Some(written)
    };
    line.ended
        && (line.bytes == wanted
            || canonical(&line.bytes).is_some_and(|one| Some(one) == canonical(wanted)))
}
