//! What depends on the order in which the lines of a corpus are read.

use std::collections::BTreeSet;

use super::boilerplate::{Boilerplate, Ends};
use super::ids::{self, Ids, LineId};
use super::trace_lines::SharedLine;
use super::traces::Traces;
use crate::check::line::findings::{At, named};
use crate::check::line::short;
use crate::check::line::value::pointer;
use crate::check::rules::checked::Checked;
use crate::corpus::{Chunk, LineRef};
use crate::diagnostic::{Diagnostic, codes, escape};
use crate::json::Tape;

/// What depends on the order of lines.
pub(crate) struct Order<'o> {
    pub(crate) ids: Ids,
    /// The last id.
    pub(crate) last: Option<String>,
    /// The files that were said to be out of order.
    pub(crate) said: BTreeSet<u32>,
    pub(crate) traces: Option<Traces<'o>>,
    pub(crate) boilerplate: Boilerplate,
    pub(crate) runs: short::Runs,
}

/// What a chunk shows of the order of lines.
#[derive(Default)]
pub(crate) struct ChunkOrder {
    pub(crate) ids: Vec<ids::RecordNote>,
    /// The first id, and where it stands.
    pub(crate) first: Option<(u64, String)>,
    pub(crate) last: Option<String>,
    pub(crate) disorder: Option<Disorder>,
    /// The lines that texts begin and end with.
    pub(crate) ends: Vec<(LineId, Ends)>,
}

/// That a line stands behind one of a greater id.
pub(crate) struct Disorder {
    pub(crate) line: u64,
    /// That id.
    pub(crate) before: String,
}

impl Order<'_> {
    /// Takes in what a chunk of this file shows: gives where the file is first out of order, and for
    /// each of `lines` its trace.
    pub(crate) fn take(
        &mut self,
        file: u32,
        seen: ChunkOrder,
        lines: &[Checked<'_>],
    ) -> (Option<Disorder>, Vec<Option<SharedLine>>) {
        self.ids.extend(seen.ids);
        for (line, ends) in seen.ends {
            self.boilerplate.add(line, ends);
        }
        let between = match (&self.last, seen.first) {
            (Some(before), Some((line, first))) if *before > first => Some(Disorder {
                line,
                before: before.clone(),
            }),
            _ => None,
        };
        if seen.last.is_some() {
            self.last = seen.last;
        }
        let disorder = between
            .or(seen.disorder)
            .filter(|_| !self.said.contains(&file));
        if disorder.is_some() {
            self.said.insert(file);
        }
        let Some(traces) = &mut self.traces else {
            return (disorder, Vec::new());
        };
        traces.disordered.records |= disorder.is_some();
        let beside = lines.iter().map(|one| {
            let number = one.line.number;
            if one.is_blank() {
                return None;
            }
            traces.beside(one.id(), LineId::new(file, number))
        });
        let beside = beside.collect();
        (disorder, beside)
    }
}

/// That a line of a chunk is out of order.
pub(crate) fn disordered(chunk: &Chunk, disorder: &Disorder) -> Option<Diagnostic> {
    let mut lines = chunk.lines();
    let line: LineRef<'_> = lines.find(|line| line.number == disorder.line)?;
    let tape = Tape::parse(line.bytes.trim_ascii_end()).ok()?;
    let value = tape.root().get("id")?;
    let id = value.as_str()?;
    let (shown, before) = escape::apart(&id, &disorder.before);
    let message = format!(
        "id `{shown}` follows `{before}`; ids ascend in a shard, and other lines of the file may be out of \
         order, too"
    );
    let at = At::of(&chunk.file, line);
    let place = at.place(line.bytes, value.span()).pointer(pointer("/id"));
    Some(Diagnostic::new(
        codes::SHARD_ORDER,
        place.record(named(&id)),
        message,
    ))
}
