//! Stored lines looked at by all threads of the pool, and what comes of them taken in order.
//!
//! Each thread reads the next chunk, looks at its lines and takes its turn: memory is bounded by one chunk a thread
//! and what comes of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::lines::{Chunk, Chunks, Line, LineRef, ReadError};
use crate::dump::Progress;
use crate::pool::{self, Source, Turn};

/// The chunks of files, as work.
struct Reading<'p> {
    chunks: Chunks,
    progress: &'p Progress,
    /// Whether no more are wanted.
    ended: &'p AtomicBool,
}

impl Source for Reading<'_> {
    type Work = Result<Chunk, ReadError>;

    fn next(&mut self) -> Option<Self::Work> {
        if self.ended.load(Ordering::Relaxed) {
            return None;
        }
        let item = self.chunks.next()?;
        if let Ok(chunk) = &item {
            let read = u64::try_from(chunk.bytes.len()).unwrap_or(u64::MAX);
            self.progress.add(read);
        }
        Some(item)
    }

    fn is_large(item: &Self::Work) -> bool {
        item.as_ref()
            .is_ok_and(|chunk| chunk.bytes.len() > pool::LARGE)
    }

    fn recycle(&mut self, spent: Self::Work) {
        if let Ok(chunk) = spent {
            self.chunks.recycle(chunk.bytes);
        }
    }
}

/// Gives every chunk of `chunks`, and every failure to read, to `work` with its turn; gives `state`
/// back when all are done.
pub(crate) fn run<S: Send>(
    chunks: Chunks,
    progress: &Progress,
    state: S,
    work: impl Fn(Result<&Chunk, &ReadError>, Turn<'_, S>) + Sync,
) -> Option<S> {
    let reading = Reading {
        chunks,
        progress,
        ended: &AtomicBool::new(false),
    };
    pool::run(reading, state, |item, turn| {
        work(item.as_ref(), turn);
    })
}

/// A line where it is stored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stored<'c> {
    /// The file it is in.
    pub(crate) file: &'c Arc<str>,
    /// The place of that file among the sources that are read, from 0.
    pub(crate) source: usize,
    /// The line.
    pub(crate) line: LineRef<'c>,
}

impl<'l> From<&'l Line> for Stored<'l> {
    fn from(line: &'l Line) -> Self {
        Self {
            file: &line.file,
            source: 0,
            line: LineRef {
                number: line.number,
                offset: line.offset,
                bytes: &line.bytes,
                ended: line.ended,
            },
        }
    }
}

impl Chunk {
    /// The lines, in order, where they are stored.
    pub(crate) fn stored(&self) -> impl Iterator<Item = Stored<'_>> {
        self.lines().map(|line| Stored {
            file: &self.file,
            source: self.source,
            line,
        })
    }
}

/// Lets all threads `look` at the lines of `chunks`, and gives what they find to `take` in the order of the lines.
///
/// What a failure to read means is for `look` to say, which gets it in its place.
///
/// # Errors
///
/// The first error of `look` or `take` in the order of the lines; of what lies behind it nothing is taken.
pub(crate) fn lines<T, E: Send>(
    chunks: Chunks,
    look: impl Fn(Result<Stored<'_>, ReadError>) -> Result<Option<T>, E> + Sync,
    take: impl FnMut(T) -> Result<(), E> + Send,
) -> Result<(), E> {
    let ended = AtomicBool::new(false);
    let reading = Reading {
        chunks,
        progress: &Progress::default(),
        ended: &ended,
    };
    let done = pool::run(reading, (take, Ok(())), |item, turn| {
        let mut found = Vec::new();
        let mut see = |line| look(line).map(|one| found.extend(one));
        let seen = match item {
            Ok(chunk) => chunk.stored().try_for_each(|line| see(Ok(line))),
            Err(_) => std::mem::replace(item, Ok(Chunk::default()))
                .map_or_else(|error| see(Err(error)), |_| Ok(())),
        };
        turn.take(|(take, result)| {
            if result.is_ok() {
                *result = found.into_iter().try_for_each(take).and(seen);
                ended.store(result.is_err(), Ordering::Relaxed);
            }
        });
    });
    // Where a thread panicked, so has this one.
    done.map_or(Ok(()), |(_, result)| result)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::{Progress, Stored, lines, run};
    use crate::corpus::{Chunks, Container, ReadError, Source};

    /// Files of several chunks each, and one that is not there.
    fn sources(folder: &std::path::Path) -> Vec<Source> {
        let lines = "seventeen letters\n".repeat(150_000);
        let source = |name: &str| Source {
            file: Arc::from(name),
            path: folder.join(name),
            container: Container::Plain,
        };
        std::fs::write(folder.join("a"), &lines).unwrap();
        std::fs::write(folder.join("c"), &lines).unwrap();
        vec![source("a"), source("b"), source("c")]
    }

    fn on<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> R {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(work)
    }

    #[test]
    fn turns_come_in_the_order_of_chunks() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = None;
        for threads in [1, 2, 4] {
            let bytes = AtomicU64::new(0);
            let progress = Progress::default();
            let order = on(threads, || {
                run(
                    Chunks::new(sources(folder.path())),
                    &progress,
                    Vec::new(),
                    |item, turn| {
                        let place = item.map(|chunk| (chunk.source, chunk.line)).ok();
                        let length = item.map_or(0, |chunk| chunk.bytes.len());
                        bytes.fetch_add(u64::try_from(length).unwrap(), Ordering::Relaxed);
                        turn.take(|order| order.push(place));
                    },
                )
            });
            let order = order.unwrap();
            assert!(order.len() > 5 && order.contains(&None), "{order:?}");
            assert_eq!(bytes.into_inner(), 2 * 150_000 * 18);
            assert_eq!(*first.get_or_insert_with(|| order.clone()), order);
        }
    }

    /// What `lines` gives on so many threads of the numbers of lines; `wrong` says which are errors to `look`, and
    /// how many lines are taken before it is one to take more.
    fn numbers(
        threads: usize,
        sources: Vec<Source>,
        wrong: impl Fn(u64) -> bool + Sync,
        most: usize,
    ) -> (Vec<(String, u64)>, Result<(), String>) {
        let look = |line: Result<Stored<'_>, ReadError>| match line {
            Ok(Stored { file, line, .. }) if wrong(line.number) => {
                Err(format!("{file}:{}", line.number))
            }
            Ok(Stored { line, .. }) if line.number.is_multiple_of(2) => Ok(None),
            Ok(Stored { file, line, .. }) => Ok(Some((file.to_string(), line.number))),
            Err(error) => Ok(Some((error.file().to_owned(), 0))),
        };
        let mut taken = Vec::new();
        let ended = on(threads, || {
            lines(Chunks::new(sources), look, |one| {
                if taken.len() == most {
                    return Err(format!("behind {}:{}", one.0, one.1));
                }
                taken.push(one);
                Ok(())
            })
        });
        (taken, ended)
    }

    #[test]
    fn lines_are_taken_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let expected = |file: &str| {
            let file = file.to_owned();
            (1..=150_000)
                .step_by(2)
                .map(move |line| (file.clone(), line))
        };
        let expected: Vec<_> = expected("a")
            .chain([("b".to_owned(), 0)])
            .chain(expected("c"))
            .collect();
        for threads in [1, 2, 4] {
            let (taken, ended) = numbers(threads, sources(folder.path()), |_| false, usize::MAX);
            assert_eq!(ended, Ok(()));
            assert!(taken == expected, "on {threads} threads");
        }
    }

    #[test]
    fn the_first_error_in_order_ends_the_lines() {
        let folder = tempfile::tempdir().unwrap();
        for threads in [1, 2, 4] {
            // Of many lines that are wrong, the first; what lies before it is taken.
            let (taken, ended) = numbers(
                threads,
                sources(folder.path()),
                |line| line > 99_999,
                usize::MAX,
            );
            assert_eq!(ended, Err("a:100000".to_owned()));
            assert_eq!(taken.len(), 50_000);
            // An error to take before it, and one behind it.
            let (taken, ended) = numbers(
                threads,
                sources(folder.path()),
                |line| line > 99_999,
                30_000,
            );
            assert_eq!(ended, Err("behind a:60001".to_owned()));
            assert_eq!(taken.len(), 30_000);
            let (_, ended) = numbers(threads, sources(folder.path()), |line| line > 9, 30_000);
            assert_eq!(ended, Err("a:10".to_owned()));
        }
    }

    #[test]
    fn no_more_chunks_are_held_than_there_are_threads() {
        let folder = tempfile::tempdir().unwrap();
        let (held, most) = (AtomicU64::new(0), AtomicU64::new(0));
        let look = |line: Result<Stored<'_>, ReadError>| {
            // The first line of a chunk opens it, and each that is found in it is taken in its turn.
            let now = held.fetch_add(1, Ordering::SeqCst) + 1;
            most.fetch_max(now, Ordering::SeqCst);
            line.map(|_| Some(()))
        };
        let take = |()| {
            held.fetch_sub(1, Ordering::SeqCst);
            Ok(())
        };
        let sources = sources(folder.path()).into_iter().step_by(2);
        on(2, || lines(Chunks::new(sources), look, take)).unwrap();
        // A chunk has some 60 000 lines of 18 bytes.
        assert!(most.into_inner() <= 2 * ((1 << 20) / 18 + 1));
    }

    #[test]
    fn a_panic_ends_the_pass() {
        let folder = tempfile::tempdir().unwrap();
        let sources = sources(folder.path());
        let ended = std::panic::catch_unwind(|| {
            on(2, || {
                run(
                    Chunks::new(sources),
                    &Progress::default(),
                    (),
                    |item, turn| {
                        assert!(item.is_ok_and(|chunk| chunk.line == 1), "on purpose");
                        turn.take(|()| ());
                    },
                )
            })
        });
        assert!(ended.is_err());
    }
}
