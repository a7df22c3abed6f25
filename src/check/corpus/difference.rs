//! How the records differ from those of a release: counted, and the first of each kind named.

use super::ids::{Ids, Key, LineId, RecordKey};
use crate::corpus::{Chunks, Source};
use crate::diagnostic::escape;
use crate::json::Tape;
use crate::record::RecordType;
use crate::release::Entry;

/// How many ids of each kind are named.
const NAMED: usize = 3;

/// A release's entries beside the records of a corpus.
pub(crate) struct Difference<'i> {
    ids: &'i Ids,
    /// Of each record whether the release has its id.
    met: Vec<bool>,
    revised: FirstIds,
    reinstated: FirstIds,
    gone: FirstIds,
    removed: FirstIds,
    withdrawn: FirstIds,
    retyped: FirstIds,
    repeats: bool,
}

/// How many there are, and the first of them.
#[derive(Debug, Default)]
struct FirstIds {
    count: u64,
    ids: Vec<String>,
}

impl FirstIds {
    fn add(&mut self, entry: &Entry) {
        self.count += 1;
        if self.ids.len() < NAMED {
            self.ids.push(entry.id.to_string());
        }
    }

    /// ``2 added: `art-1`, `art-2` ``; nothing where there is none.
    fn shown(&self, what: &str) -> Option<String> {
        if self.count == 0 {
            return None;
        }
        let ids = self.ids.iter().map(|id| format!("`{}`", escape::shown(id)));
        let ids: Vec<String> = ids.collect();
        let more = if self.count > u64::try_from(ids.len()).unwrap_or(u64::MAX) {
            ", …"
        } else {
            ""
        };
        Some(format!("{} {what}: {}{more}", self.count, ids.join(", ")))
    }
}

impl<'i> Difference<'i> {
    /// Nothing compared yet. `ids` are sorted.
    pub(crate) fn new(ids: &'i Ids) -> Self {
        Self {
            ids,
            met: vec![false; ids.len()],
            revised: FirstIds::default(),
            reinstated: FirstIds::default(),
            gone: FirstIds::default(),
            removed: FirstIds::default(),
            withdrawn: FirstIds::default(),
            retyped: FirstIds::default(),
            repeats: false,
        }
    }

    /// Takes the next entry of the release; they come in order of id.
    pub(crate) fn take(&mut self, entry: &Entry) {
        use RecordType::{Article, Relation, Withdrawal};

        let sealed = RecordKey::new(entry.kind, entry.digest);
        let mut here = None;
        let mut unchanged = false;
        let range = self.ids.range(Key::of(entry.id.as_str()));
        self.repeats |= range.len() > 1;
        for index in range {
            if let Some(met) = self.met.get_mut(index) {
                *met = true;
            }
            let record = self.ids.record(index);
            unchanged |= record.is_some_and(|(_, key)| key == sealed);
            here = Some(here.unwrap_or(record.map(|(kind, _)| kind)));
        }
        if unchanged {
            return;
        }
        let kind = match (entry.kind, here) {
            (Relation, None) => &mut self.removed,
            (Article | Withdrawal, None) => &mut self.gone,
            (Article | Relation, Some(Some(Withdrawal))) => &mut self.withdrawn,
            (Withdrawal, Some(Some(Article))) => &mut self.reinstated,
            (Relation, Some(Some(Article))) | (Article | Withdrawal, Some(Some(Relation))) => {
                &mut self.retyped
            }
            // A line with the id that holds no record is not what the release has, either.
            (Article, Some(Some(Article) | None))
            | (Relation, Some(Some(Relation) | None))
            | (Withdrawal, Some(Some(Withdrawal) | None)) => &mut self.revised,
        };
        kind.add(entry);
    }

    /// Whether a record of the release is on two lines, which is a finding of its own.
    pub(crate) const fn has_repeats(&self) -> bool {
        self.repeats
    }

    /// Whether something that the release has is not here.
    pub(crate) const fn has_gone(&self) -> bool {
        self.gone.count > 0 || self.removed.count > 0
    }

    /// The articles and withdrawals of release `number` that are not here, as `2 of release 1: art-1, art-2`.
    pub(crate) fn gone(&self, number: u64) -> Option<String> {
        self.gone.shown(&format!("of release {number}"))
    }

    /// What differs, as `1 revised: art-2; 2 added: art-7, art-8`; nothing where nothing does.
    ///
    /// Where some lines could not be read, `unsure`, nothing is said to be gone.
    pub(crate) fn shown(&self, files: &[Source], unsure: bool) -> Option<String> {
        let gone = [
            self.gone.shown("gone"),
            self.removed.shown(if self.removed.count == 1 {
                "relation gone"
            } else {
                "relations gone"
            }),
        ];
        let parts = [
            self.revised.shown("revised"),
            self.retyped.shown("of another type"),
            self.reinstated.shown("back from withdrawal"),
        ];
        let parts = parts
            .into_iter()
            .chain(gone.into_iter().filter(|_| !unsure))
            .chain([
                self.added(files).shown("added"),
                self.withdrawn.shown("withdrawn"),
            ]);
        let parts: Vec<String> = parts.flatten().collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    /// The records that the release does not have. The first are named, in the order of their lines.
    fn added(&self, files: &[Source]) -> FirstIds {
        let added = self.met.iter().enumerate().filter(|(_, met)| !**met);
        // An id that is taken twice is a finding of its own.
        let added = added.filter(|(index, _)| !self.ids.is_repeat(*index));
        let mut count = 0;
        let mut first: Vec<LineId> = Vec::new();
        for (index, _) in added {
            count += 1;
            let Some(line) = self.ids.line_at(index) else {
                continue;
            };
            let at = first.partition_point(|other| *other < line);
            if at < NAMED {
                first.insert(at, line);
                first.truncate(NAMED);
            }
        }
        FirstIds {
            count,
            ids: read_ids(&first, files),
        }
    }
}

/// The ids of lines, which are in order; of one that is not there any more nothing.
fn read_ids(lines: &[LineId], files: &[Source]) -> Vec<String> {
    let mut ids = Vec::new();
    for (number, source) in (0_u32..).zip(files) {
        let wanted = lines.iter().filter(|line| line.file == number);
        let Some(last) = wanted.clone().next_back() else {
            continue;
        };
        'file: for chunk in Chunks::new([source.clone()]).flatten() {
            for line in chunk.lines() {
                let here = LineId::new(number, line.number);
                if here > *last {
                    break 'file;
                }
                if lines.binary_search(&here).is_ok() {
                    ids.extend(id(line.bytes));
                }
            }
        }
    }
    ids
}

fn id(line: &[u8]) -> Option<String> {
    let tape = Tape::parse(line.trim_ascii_end()).ok()?;
    Some(tape.root().get("id")?.as_str()?.into_owned())
}
