//! Which ids the given shards would hold.

use std::ops::Bound;
use std::path::Path;

use crate::corpus::{Part, ShardName, Source};
use crate::record::RecordType;
use crate::release::Entry;

/// The ids that the given shards would hold, were they in the release; a stretch for each file.
#[derive(Debug, Default)]
pub(super) struct Stretches(Vec<Stretch>);

/// From where to where the ids of a shard go.
#[derive(Debug)]
struct Stretch {
    file: u32,
    /// The part and the index that its name gives it; without a name nothing is known.
    shard: Option<(Part, u32)>,
    /// The first and the last id, while they are in order.
    ids: Option<(String, String)>,
    /// Whether lines are out of order, of another part, or could not be read.
    broken: bool,
    /// How many lines, at least, could not be read.
    unread: u64,
}

/// What an id must be between to be one of a shard's.
#[derive(Debug)]
struct Span {
    file: u32,
    part: Part,
    from: Bound<String>,
    to: String,
}

/// The same, by part and then by id, ready to be asked.
#[derive(Debug)]
pub(super) struct Covered {
    spans: Vec<Span>,
    judged: bool,
    /// How many lines, at least, could not be read that may have been of articles or withdrawals.
    pub(super) unread: u64,
}

impl Stretches {
    /// Of files of which nothing was read yet.
    pub(super) fn new(files: &[Source]) -> Self {
        let stretches = (0..).zip(files).map(|(file, source)| Stretch {
            file,
            shard: shard(&source.path),
            ids: None,
            broken: false,
            unread: 0,
        });
        Self(stretches.collect())
    }

    /// A line of the file at `file`, or the rest of it, could not be read or is no record.
    pub(super) fn unread(&mut self, file: usize) {
        if let Some(stretch) = self.0.get_mut(file) {
            stretch.broken = true;
            stretch.unread += 1;
        }
    }

    /// Takes the next id of the file at `file`. Where that is the first out of order in a shard, gives
    /// the id before it.
    pub(super) fn take(&mut self, file: usize, id: &str, kind: RecordType) -> Option<String> {
        let stretch = self.0.get_mut(file)?;
        if stretch.shard.is_none_or(|(part, _)| part != Part::of(kind)) {
            stretch.broken = true;
        }
        if stretch.broken {
            return None;
        }
        match &mut stretch.ids {
            None => stretch.ids = Some((id.to_owned(), id.to_owned())),
            Some((_, last)) if id < last.as_str() => {
                stretch.broken = true;
                return Some(last.clone());
            }
            Some((_, last)) => {
                last.clear();
                last.push_str(id);
            }
        }
        None
    }

    /// What the shards cover, when all were read. Those that overlap cover together what each does.
    pub(super) fn finish(self) -> Covered {
        // What a shard without a record would hold is not known.
        let is_known = |one: &Stretch| match one.shard {
            Some((Part::Traces, _)) => !one.broken,
            Some(_) => !one.broken && one.ids.is_some(),
            None => false,
        };
        let judged = self.0.iter().any(|one| one.ids.is_some()) && self.0.iter().all(is_known);
        let unread = self.0.iter().filter(|one| one.may_be_target());
        let unread = unread.map(|one| one.unread).sum();
        let mut shards: Vec<(Part, u32, u32, String, String)> = self
            .0
            .into_iter()
            .filter(|stretch| !stretch.broken)
            .filter_map(|stretch| {
                let ((part, index), (first, last)) = stretch.shard.zip(stretch.ids)?;
                Some((part, index, stretch.file, first, last))
            })
            .collect();
        shards.sort_by(|one, two| (one.0, &one.3, one.1).cmp(&(two.0, &two.3, two.1)));
        let mut spans: Vec<Span> = Vec::new();
        let mut before: Option<(Part, u32, String)> = None;
        for (part, index, file, first, last) in shards {
            if let Some((other, _, end)) = &mut before
                && *other == part
                && *end >= first
            {
                if *end < last {
                    end.clone_from(&last);
                    if let Some(span) = spans.last_mut() {
                        span.to = last;
                    }
                }
                continue;
            }
            let before = before.replace((part, index, last.clone()));
            let before = before.filter(|(other, ..)| *other == part);
            let next = |at: &u32| at.checked_add(1) == Some(index);
            let from = match before {
                Some((_, at, end)) if next(&at) => Bound::Excluded(end),
                None if index == 0 => Bound::Unbounded,
                Some(_) | None => Bound::Included(first),
            };
            spans.push(Span {
                file,
                part,
                from,
                to: last,
            });
        }
        Covered {
            spans,
            judged,
            unread,
        }
    }
}

impl Stretch {
    /// Whether its lines may be records that relations lead to and traces are of.
    fn may_be_target(&self) -> bool {
        let part = self.shard.map(|(part, _)| part);
        part.is_none_or(|part| matches!(part, Part::Records | Part::Withdrawals))
    }
}

/// The part and the index that the name of a file gives it, where it is a shard's.
pub(super) fn shard(path: &Path) -> Option<(Part, u32)> {
    let path = std::path::absolute(path).ok()?;
    let name = path.file_name()?.to_str()?;
    let folder = path.parent()?.file_name()?.to_str()?;
    let shard: ShardName = format!("{folder}/{name}").parse().ok()?;
    Some((shard.part(), shard.index()))
}

impl Covered {
    /// The file that would hold the record of this entry, where one of them would.
    pub(super) fn file_of(&self, entry: &Entry) -> Option<u32> {
        let id = entry.id.as_str();
        let part = Part::of(entry.kind);
        let before = |span: &Span| (span.part, span.to.as_str()) < (part, id);
        let span = self.spans.get(self.spans.partition_point(before))?;
        let within = match &span.from {
            Bound::Unbounded => true,
            Bound::Included(from) => from.as_str() <= id,
            Bound::Excluded(from) => from.as_str() < id,
        };
        (span.part == part && within).then_some(span.file)
    }

    /// Whether of every file it is known what it would hold.
    pub(super) const fn judged(&self) -> bool {
        self.judged
    }
}
