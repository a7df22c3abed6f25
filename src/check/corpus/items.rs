//! Articles with their traces, in the order in which their items lie in the raw files.
//!
//! A corpus is in order of id, which is none of its dump's. A dump may be larger than what the system holds of it in
//! memory, so that reading it to and fro takes hours where reading it through takes minutes. So whatever needs raw bytes
//! waits until all records are read, and is sorted by file, offset and slices; an item that lies in several places waits
//! at its first.

use std::fmt::Write as _;
use std::iter;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::check::CheckError;
use crate::check::line::findings::At;
use crate::corpus::{self, LineRef, Pair, Sorted, Sorter, WriteError};
use crate::dump::Progress;
use crate::pool::{self, Source};
use crate::trace::{Layer, Location};

/// Articles and their traces, which wait for their items.
pub(crate) struct Items(Mutex<Result<Sorter, WriteError>>);

/// An article and its trace: where their lines lie, and their bytes.
pub(crate) struct Item<'p> {
    pub(crate) article: (At<'p>, LineRef<'p>),
    pub(crate) trace: (At<'p>, LineRef<'p>),
}

/// Where the lines of an article and of its trace lie. It heads the two lines in the [`Sorter`].
#[derive(Serialize, Deserialize)]
struct Head {
    article: Lies,
    trace: Lies,
}

/// Where a line lies: its file by the number among those of the check.
#[derive(Serialize, Deserialize)]
struct Lies {
    file: u32,
    line: u64,
    offset: u64,
    ended: bool,
}

impl Default for Items {
    fn default() -> Self {
        Self(Mutex::new(Ok(Sorter::apart())))
    }
}

impl Items {
    /// Lets an article of the file `file`, and its trace of the file `beside`, wait for the item at `location`.
    pub(crate) fn add(
        &self,
        location: &Location,
        (file, article): (u32, LineRef<'_>),
        (beside, trace): (u32, LineRef<'_>),
    ) {
        let head = Head {
            article: Lies::of(file, article),
            trace: Lies::of(beside, trace),
        };
        // Numbers and truths always have a form.
        let mut line = serde_json::to_vec(&head).unwrap_or_default();
        line.reserve_exact(pool::room(article.bytes.len() + trace.bytes.len() + 2));
        for bytes in [article.bytes, trace.bytes] {
            line.push(b'\n');
            line.extend_from_slice(bytes);
        }
        let mut sorter = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pushed = match &mut *sorter {
            Ok(sorter) => sorter.push(key(location), line),
            // All of them are lost already, and that will be said.
            Err(_) => Ok(()),
        };
        if let Err(error) = pushed {
            *sorter = Err(error);
        }
    }

    /// Gives every article with its trace to `work`, on all threads, and what becomes of some of them to `done`.
    ///
    /// `files` are all of the check.
    pub(crate) fn each<S>(
        self,
        files: &[corpus::Source],
        progress: &Progress,
        work: impl Fn(Vec<Item<'_>>) -> S + Sync,
        done: impl Fn(S) + Sync,
    ) -> Result<(), CheckError> {
        let sorter = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let reading = Reading {
            sorted: sorter.and_then(Sorter::finish).map_err(CheckError::Room)?,
            progress,
        };
        let failed = pool::run(reading, None, |batch: &mut Batch, turn| {
            let items: Option<Vec<_>> = batch
                .pairs
                .iter()
                .map(|pair| Item::of(pair, files))
                .collect();
            let failed = match items {
                Some(items) => {
                    done(work(items));
                    batch.failed.take()
                }
                None => Some(garbled()),
            };
            turn.take(|first| *first = first.take().or(failed));
        });
        // Where a thread panicked, so has this one.
        failed
            .flatten()
            .map_or(Ok(()), |error| Err(CheckError::Room(error)))
    }
}

/// That what was read is not what was written.
fn garbled() -> WriteError {
    WriteError::Disk {
        action: "read",
        path: std::env::temp_dir(),
        source: std::io::ErrorKind::InvalidData.into(),
    }
}

/// Pairs from the sorter, some at a time, as work.
struct Reading<'p> {
    sorted: Sorted,
    progress: &'p Progress,
}

/// Some pairs, and why there are no more, where reading failed.
#[derive(Default)]
struct Batch {
    pairs: Vec<Pair>,
    failed: Option<WriteError>,
}

/// How many bytes of lines one thread takes at a time.
const BYTES: usize = 1 << 18;

impl Source for Reading<'_> {
    type Work = Batch;

    fn next(&mut self) -> Option<Batch> {
        let mut batch = Batch::default();
        let mut bytes = 0;
        while bytes < BYTES && batch.failed.is_none() {
            match self.sorted.next() {
                Some(Ok(pair)) => {
                    bytes += pair.line.len();
                    batch.pairs.push(pair);
                }
                Some(Err(error)) => batch.failed = Some(error),
                None => break,
            }
        }
        self.progress.add(u64::try_from(bytes).unwrap_or(u64::MAX));
        let ended = batch.pairs.is_empty() && batch.failed.is_none();
        (!ended).then_some(batch)
    }

    fn is_large(batch: &Batch) -> bool {
        batch.pairs.iter().any(|pair| pair.line.len() > pool::LARGE)
    }
}

impl Lies {
    const fn of(file: u32, line: LineRef<'_>) -> Self {
        Self {
            file,
            line: line.number,
            offset: line.offset,
            ended: line.ended,
        }
    }

    fn line<'p>(
        &self,
        bytes: &'p [u8],
        files: &'p [corpus::Source],
    ) -> Option<(At<'p>, LineRef<'p>)> {
        let line = LineRef {
            number: self.line,
            offset: self.offset,
            bytes,
            ended: self.ended,
        };
        let file = files.get(usize::try_from(self.file).ok()?)?;
        Some((At::of(&file.file, line), line))
    }
}

impl<'p> Item<'p> {
    fn of(pair: &'p Pair, files: &'p [corpus::Source]) -> Option<Self> {
        let mut lines = pair.line.splitn(3, |byte| *byte == b'\n');
        let head: Head = serde_json::from_slice(lines.next()?).ok()?;
        Some(Self {
            article: head.article.line(lines.next()?, files)?,
            trace: head.trace.line(lines.next()?, files)?,
        })
    }
}

/// What items are sorted by: the file, where in it, and where in what is unpacked there.
fn key(location: &Location) -> String {
    let slices = location.layers.iter().filter_map(|layer| {
        let Layer::Slice { start, .. } = layer else {
            return None;
        };
        Some(*start)
    });
    let mut key = format!("{}\0", location.path);
    for place in iter::once(location.offset).chain(slices) {
        // Writing to a text cannot fail.
        let _ = write!(key, "{place:016x}");
    }
    key
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::sync::{Arc, Mutex};

    use super::Items;
    use crate::check::CheckError;
    use crate::corpus::{Container, LineRef, Sorter, Source, WriteError};
    use crate::dump::Progress;
    use crate::trace::{Layer, Location};

    fn line(number: u64, bytes: &[u8]) -> LineRef<'_> {
        LineRef {
            number,
            offset: number * 100,
            bytes,
            ended: true,
        }
    }

    fn sliced(offset: u64, start: u64) -> Location {
        let slice = Layer::Slice {
            start,
            end: start + 1,
        };
        Location {
            layers: vec![Layer::Gzip, slice],
            ..Location::range("packed", offset, 9)
        }
    }

    #[test]
    fn items_come_in_the_order_of_the_raw_files_with_their_lines() {
        let file = |name: &str| Source {
            file: Arc::from(name),
            path: name.into(),
            container: Container::Plain,
        };
        let files = [file("articles"), file("traces")];
        let locations = [
            sliced(70, 200),
            Location::range("b", 1_000, 5),
            sliced(70, 30),
            Location::range("b", 20, 5),
            Location::range("a", 7, 5),
            sliced(5, 1_000),
            Location::range("b.txt", 3, 5),
        ];
        let items = Items::default();
        for (number, location) in (1..).zip(&locations) {
            let bytes = format!("article {number}");
            let (article, trace) = (line(number, bytes.as_bytes()), line(number + 10, b"trace"));
            items.add(location, (0, article), (1, trace));
        }
        let came = Mutex::new(Vec::new());
        let progress = Progress::default();
        let add = |numbers| came.lock().unwrap().extend::<Vec<u64>>(numbers);
        let one = rayon::ThreadPoolBuilder::new().num_threads(1);
        let work = || {
            items.each(
                &files,
                &progress,
                |items| {
                    let number = items.into_iter().map(|item| {
                        let (at, article) = item.article;
                        assert_eq!((at.file, at.line), ("articles", article.number));
                        let bytes = format!("article {}", article.number);
                        assert_eq!(article.bytes, bytes.as_bytes());
                        let (at, trace) = item.trace;
                        assert_eq!((at.file, at.offset), ("traces", trace.offset));
                        assert_eq!(trace, line(article.number + 10, b"trace"));
                        article.number
                    });
                    number.collect()
                },
                add,
            )
        };
        one.build().unwrap().install(work).unwrap();
        assert_eq!(came.into_inner().unwrap(), [5, 4, 2, 7, 6, 3, 1]);
        assert!(progress.bytes() > 0);
    }

    #[test]
    fn a_full_disk_is_an_error() {
        let full = std::io::ErrorKind::StorageFull.into();
        let items = Items(Mutex::new(Err(WriteError::Disk {
            action: "write",
            path: "/tmp".into(),
            source: full,
        })));
        items.add(
            &sliced(0, 1),
            (0, line(1, b"article")),
            (1, line(1, b"trace")),
        );
        let ended = items.each(&[], &Progress::default(), |_| (), |()| ());
        assert!(matches!(ended, Err(CheckError::Room(_))), "{ended:?}");
        let said = ended.unwrap_err().to_string();
        assert!(said.contains("`/tmp`") && said.contains("TMPDIR"), "{said}");
    }

    #[test]
    fn what_is_not_as_it_was_written_is_an_error() {
        let mut sorter = Sorter::apart();
        sorter
            .push("a".to_owned(), b"{}\narticle".to_vec())
            .unwrap();
        let items = Items(Mutex::new(Ok(sorter)));
        let ended = items.each(&[], &Progress::default(), |_| (), |()| ());
        assert!(matches!(ended, Err(CheckError::Room(_))), "{ended:?}");
    }
}
