//! Files read chunk by chunk, each chunk checked by one of several threads, and taken in order.
//!
//! Every thread does the same: it reads the next chunk, which nobody else does meanwhile, checks it
//! beside the others, and takes its [`Turn`] when all chunks before have had theirs. So reading and
//! decompressing go on while others check, a thread that is free does what there is to do, and no more
//! chunks are in memory than there are threads. On one thread that is a plain loop.

use std::sync::{Condvar, Mutex};

use crate::corpus::{Chunk, Chunks, ReadError};
use crate::dump::Progress;

/// What the threads take turns with.
struct Turns<S> {
    queue: Mutex<Queue<S>>,
    changed: Condvar,
}

struct Queue<S> {
    /// Whose turn it is.
    next: u64,
    /// Whether somebody went away without a turn, so that nobody behind gets one.
    broken: bool,
    state: S,
}

/// A place in the order of chunks.
///
/// Whoever drops it untaken, which happens when a thread panics, ends the pass: nobody waits for ever.
pub(super) struct Turn<'t, S> {
    turns: &'t Turns<S>,
    number: u64,
    taken: bool,
}

impl<S> Turn<'_, S> {
    /// Waits until all chunks before have had their turn, and gives what is kept in order to `with`.
    ///
    /// Gives nothing where the pass has ended early, because of a panic in another thread.
    pub(super) fn take<R>(mut self, with: impl FnOnce(&mut S) -> R) -> Option<R> {
        let mut queue = self.turns.queue.lock().ok()?;
        while queue.next != self.number {
            if queue.broken {
                return None;
            }
            queue = self.turns.changed.wait(queue).ok()?;
        }
        let given = with(&mut queue.state);
        queue.next += 1;
        drop(queue);
        self.taken = true;
        self.turns.changed.notify_all();
        Some(given)
    }
}

impl<S> Drop for Turn<'_, S> {
    fn drop(&mut self) {
        if !self.taken {
            if let Ok(mut queue) = self.turns.queue.lock() {
                queue.broken = true;
            }
            self.turns.changed.notify_all();
        }
    }
}

/// Gives every chunk of `chunks`, and every failure to read, to `work` with its turn; gives `state`
/// back when all are done.
///
/// `work` runs on all threads of the pool it is called in.
pub(super) fn run<S: Send>(
    chunks: Chunks,
    progress: &Progress,
    state: S,
    work: impl Fn(Result<&Chunk, &ReadError>, Turn<'_, S>) + Sync,
) -> Option<S> {
    let turns = Turns {
        queue: Mutex::new(Queue {
            next: 0,
            broken: false,
            state,
        }),
        changed: Condvar::new(),
    };
    let reader = Mutex::new((chunks, 0));
    let thread = || {
        let mut spent = None;
        loop {
            let (item, number) = {
                let Ok(mut reader) = reader.lock() else {
                    return;
                };
                let (chunks, number) = &mut *reader;
                if let Some(bytes) = spent.take() {
                    chunks.recycle(bytes);
                }
                let Some(item) = chunks.next() else { return };
                if let Ok(chunk) = &item {
                    progress.add(u64::try_from(chunk.bytes.len()).unwrap_or(u64::MAX));
                }
                let here = *number;
                *number += 1;
                (item, here)
            };
            let turn = Turn {
                turns: &turns,
                number,
                taken: false,
            };
            work(item.as_ref(), turn);
            spent = item.ok().map(|chunk| chunk.bytes);
        }
    };
    let threads = rayon::current_num_threads();
    if threads == 1 {
        thread();
    } else {
        rayon::scope(|scope| (0..threads).for_each(|_| scope.spawn(|_| thread())));
    }
    turns.queue.into_inner().ok().map(|queue| queue.state)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::{Progress, run};
    use crate::corpus::{Chunks, Container, Source};

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
