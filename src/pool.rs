//! Work that several threads do, with results in the order in which it came.
//!
//! Every thread does the same: it takes the next piece of work from the source, which nobody else does
//! meanwhile, does it beside the others, and takes its [`Turn`] when all pieces before have had theirs. So reading
//! and decompressing go on while others work, a thread that is free does what there is to do, and no more pieces
//! are in memory than there are threads. Large pieces are done alone: those that are worked on have no more than
//! [`AT_ONCE`] bytes together, or there is one. On one thread that is a plain loop.

use std::sync::{Condvar, Mutex};

/// How many bytes the pieces have that are worked on at the same time, unless one has more alone.
pub const AT_ONCE: usize = 32 << 20;

/// Where work comes from.
pub trait Source {
    /// A piece of work.
    type Work: Send;

    /// The next piece; none when there is no more.
    fn next(&mut self) -> Option<Self::Work>;

    /// About how many bytes a piece has.
    fn size(_piece: &Self::Work) -> usize {
        0
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
    /// How many bytes the pieces have whose turn is to come.
    held: usize,
    state: S,
}

impl<S> Turns<S> {
    /// Waits until there is room for a piece of `size` bytes, and gives it the place `number`; nothing where the run
    /// has ended early. Whoever waits is the last in the order, so that those before need nothing from it.
    fn enter(&self, number: u64, size: usize) -> Option<Turn<'_, S>> {
        let mut queue = self.queue.lock().ok()?;
        while queue.held > 0 && queue.held.saturating_add(size) > AT_ONCE && !queue.broken {
            queue = self.changed.wait(queue).ok()?;
        }
        if queue.broken {
            return None;
        }
        queue.held = queue.held.saturating_add(size);
        Some(Turn {
            turns: self,
            number,
            size,
            taken: false,
        })
    }
}

/// A place in the order of the work.
///
/// Whoever drops it untaken, which happens when a thread panics, ends the run: nobody waits for ever.
pub struct Turn<'t, S> {
    turns: &'t Turns<S>,
    number: u64,
    size: usize,
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
        queue.held = queue.held.saturating_sub(self.size);
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
            held: 0,
            state,
        }),
        changed: Condvar::new(),
    };
    let source = Mutex::new((source, 0));
    let thread = || {
        let mut spent = None;
        loop {
            let (mut piece, turn) = {
                let Ok(mut source) = source.lock() else {
                    return;
                };
                let (source, number) = &mut *source;
                if let Some(spent) = spent.take() {
                    source.recycle(spent);
                }
                let Some(piece) = source.next() else { return };
                let Some(turn) = turns.enter(*number, Q::size(&piece)) else {
                    return;
                };
                *number += 1;
                (piece, turn)
            };
            work(&mut piece, turn);
            spent = Some(piece);
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
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::{AT_ONCE, Source, run};

    /// Pieces of these sizes.
    struct Sizes(std::vec::IntoIter<usize>);

    impl Source for Sizes {
        type Work = usize;

        fn next(&mut self) -> Option<usize> {
            self.0.next()
        }

        fn size(piece: &usize) -> usize {
            *piece
        }
    }

    fn pool(threads: usize) -> rayon::ThreadPool {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(threads);
        threads.build().unwrap()
    }

    #[test]
    fn large_pieces_are_done_alone_and_in_order() {
        let (held, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let sizes: Vec<usize> = (0..200)
            .map(|number| match number % 5 {
                0 => AT_ONCE * 2,
                1 => AT_ONCE,
                2 => AT_ONCE / 2,
                _ => 1 << 10,
            })
            .collect();
        let source = Sizes(sizes.clone().into_iter());
        let done = pool(4).install(|| {
            run(source, Vec::new(), |piece, turn| {
                let now = held.fetch_add(*piece, Ordering::SeqCst) + *piece;
                most.fetch_max(now, Ordering::SeqCst);
                std::thread::yield_now();
                turn.take(|done| {
                    held.fetch_sub(*piece, Ordering::SeqCst);
                    done.push(*piece);
                });
            })
        });
        assert_eq!(done.unwrap(), sizes);
        assert!(most.into_inner() <= AT_ONCE * 2);
    }

    #[test]
    fn a_panic_ends_the_run() {
        let done = AtomicUsize::new(0);
        let source = Sizes(vec![AT_ONCE; 1_000].into_iter());
        let run = || {
            run(source, (), |_, turn| {
                assert!(done.fetch_add(1, Ordering::SeqCst) < 3, "as the test wants");
                turn.take(|()| ());
            })
        };
        let run = std::panic::AssertUnwindSafe(run);
        let ended = std::panic::catch_unwind(|| pool(2).install(run.0));
        assert!(ended.is_err());
        assert!(done.into_inner() <= 5);
    }
}
