//! Work that several threads do, with results in the order in which it came.
//!
//! Every thread does the same: it takes the next piece of work from the source, which nobody else does
//! meanwhile, does it beside the others, and takes its [`Turn`] when all pieces before have had theirs. So reading
//! and decompressing go on while others work, a thread that is free does what there is to do, and no more pieces
//! are in memory than there are threads. Large pieces are done one after the other, on one more thread: what an
//! allocator keeps of the memory that they took it keeps once. On one thread that is a plain loop.

use std::sync::{Condvar, Mutex, mpsc};
use std::thread::{self, Scope};

/// A piece of more bytes than this is large: see [`Source::is_large`].
pub const LARGE: usize = 4 << 20;

/// How much room to give what has so many bytes.
///
/// What is large gets more than any item has. The system maps such room by itself, gives it pages only where something is
/// written, and has all of it back at once; what comes in ever other sizes an allocator keeps, and gives out again badly.
///
/// ```
/// assert_eq!(dateline::pool::room(6_000), 6_000);
/// assert!(dateline::pool::room(20_000_000) > 32 << 20);
/// ```
#[must_use]
pub const fn room(bytes: usize) -> usize {
    const APART: usize = 33 << 20;
    if LARGE < bytes && bytes < APART {
        APART
    } else {
        bytes
    }
}

/// Where work comes from.
pub trait Source {
    /// A piece of work.
    type Work: Send;

    /// The next piece; none when there is no more.
    fn next(&mut self) -> Option<Self::Work>;

    /// Whether a piece takes so much memory that no other is to be taken while it is done.
    fn is_large(_piece: &Self::Work) -> bool {
        false
    }

    /// Takes back a piece that was done, for its memory.
    fn recycle(&mut self, _spent: Self::Work) {}
}

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

/// A place in the order of the work.
///
/// Whoever drops it untaken, which happens when a thread panics, ends the run: nobody waits for ever.
pub struct Turn<'t, S> {
    turns: &'t Turns<S>,
    number: u64,
    taken: bool,
}

impl<S> Turn<'_, S> {
    /// Waits until all pieces before have had their turn, and gives what is kept in order to `with`.
    ///
    /// Gives nothing where the run has ended early, because of a panic in another thread.
    pub fn take<R>(mut self, with: impl FnOnce(&mut S) -> R) -> Option<R> {
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

/// Gives every piece of work of `source` to `work` with its turn; gives `state` back when all are done.
///
/// `work` runs on all threads of the pool it is called in.
///
/// ```
/// use dateline::pool::{Source, run};
///
/// struct Numbers(u32);
/// impl Source for Numbers {
///     type Work = u32;
///     fn next(&mut self) -> Option<u32> {
///         self.0 += 1;
///         (self.0 <= 4).then_some(self.0)
///     }
/// }
///
/// let squares = run(Numbers(0), Vec::new(), |number, turn| {
///     let square = *number * *number;
///     turn.take(|squares| squares.push(square));
/// });
/// assert_eq!(squares, Some(vec![1, 4, 9, 16]));
/// ```
pub fn run<Q: Source + Send, S: Send>(
    source: Q,
    state: S,
    work: impl Fn(&mut Q::Work, Turn<'_, S>) + Sync,
) -> Option<S> {
    let turns = Turns {
        queue: Mutex::new(Queue {
            next: 0,
            broken: false,
            state,
        }),
        changed: Condvar::new(),
    };
    let turn = |number| Turn {
        turns: &turns,
        number,
        taken: false,
    };
    let source = Mutex::new((source, 0));
    let next = |large: Option<&Alone<Q::Work>>, spent: Option<Q::Work>| {
        let mut source = source.lock().ok()?;
        let (source, number) = &mut *source;
        if let Some(spent) = spent {
            source.recycle(spent);
        }
        loop {
            if turns.queue.lock().ok()?.broken {
                return None;
            }
            let piece = source.next()?;
            let here = *number;
            *number += 1;
            match large {
                Some(large) if Q::is_large(&piece) => source.recycle(large.done(piece, here)?),
                _ => return Some((piece, turn(here))),
            }
        }
    };
    let worker = |large: Option<&Alone<Q::Work>>| {
        let mut spent = None;
        while let Some((mut piece, turn)) = next(large, spent.take()) {
            work(&mut piece, turn);
            spent = Some(piece);
        }
    };
    let threads = rayon::current_num_threads();
    if threads == 1 {
        worker(None);
    } else {
        thread::scope(|scope| {
            let large = Alone::on(scope, |piece, number| work(piece, turn(number)));
            rayon::scope(|scope| (0..threads).for_each(|_| scope.spawn(|_| worker(Some(&large)))));
        });
    }
    turns.queue.into_inner().ok().map(|queue| queue.state)
}

/// A thread of its own for large pieces, which come one after the other.
struct Alone<W> {
    there: mpsc::SyncSender<(W, u64)>,
    back: Mutex<mpsc::Receiver<W>>,
}

impl<W: Send> Alone<W> {
    fn on<'s>(scope: &'s Scope<'s, '_>, work: impl Fn(&mut W, u64) + Send + 's) -> Self
    where
        W: 's,
    {
        let (there, pieces) = mpsc::sync_channel(0);
        let (done, back) = mpsc::channel();
        scope.spawn(move || {
            for (mut piece, number) in pieces {
                work(&mut piece, number);
                if done.send(piece).is_err() {
                    return;
                }
            }
        });
        Self {
            there,
            back: Mutex::new(back),
        }
    }

    /// Waits until a piece is done; nothing where its thread has panicked.
    fn done(&self, piece: W, number: u64) -> Option<W> {
        self.there.send((piece, number)).ok()?;
        self.back.lock().ok()?.recv().ok()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::collections::BTreeSet;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use std::thread;

    use super::{Source, run};

    /// Pieces with these numbers, of which those that ten divides are large.
    struct Numbers(std::ops::Range<usize>);

    impl Source for Numbers {
        type Work = usize;

        fn next(&mut self) -> Option<usize> {
            self.0.next()
        }

        fn is_large(piece: &usize) -> bool {
            piece.is_multiple_of(10)
        }
    }

    fn pool(threads: usize) -> rayon::ThreadPool {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(threads);
        threads.build().unwrap()
    }

    #[test]
    fn large_pieces_are_done_alone_and_in_order() {
        let (large, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let threads = Mutex::new(Vec::new());
        let done = pool(4).install(|| {
            run(Numbers(0..2_000), Vec::new(), |piece, turn| {
                let is_large = Numbers::is_large(piece);
                if is_large {
                    let now = large.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(now, Ordering::SeqCst);
                    threads.lock().unwrap().push(thread::current().id());
                }
                thread::yield_now();
                turn.take(|done| {
                    large.fetch_sub(usize::from(is_large), Ordering::SeqCst);
                    done.push(*piece);
                });
            })
        });
        assert!(done.unwrap().into_iter().eq(0..2_000));
        assert_eq!(most.into_inner(), 1);
        let threads: BTreeSet<String> = threads
            .into_inner()
            .unwrap()
            .into_iter()
            .map(|id| format!("{id:?}"))
            .collect();
        assert_eq!(threads.len(), 1);
    }

    #[test]
    fn a_panic_ends_the_run() {
        for at in [55, 60] {
            let ended = std::panic::catch_unwind(|| {
                pool(2).install(|| {
                    run(Numbers(0..usize::MAX), (), |piece, turn| {
                        assert_ne!(*piece, at, "as the test wants");
                        turn.take(|()| ());
                    })
                })
            });
            assert!(ended.is_err());
        }
    }
}
