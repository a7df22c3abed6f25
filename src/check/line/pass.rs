//! Files read chunk by chunk, each chunk checked by one of several threads, and taken in order.

use crate::corpus::{Chunk, Chunks, ReadError};
use crate::dump::Progress;
use crate::pool::{self, Source, Turn};

/// The chunks of files, as work.
struct Reading<'p> {
    chunks: Chunks,
    progress: &'p Progress,
}

impl Source for Reading<'_> {
    type Work = Result<Chunk, ReadError>;

    fn next(&mut self) -> Option<Self::Work> {
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
    let reading = Reading { chunks, progress };
    pool::run(reading, state, |item, turn| work(item.as_ref(), turn))
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
