//! How much a hostile file may make of few bytes.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Cause, wide};

/// How many layers there may be, and how much they may give.
///
/// Each layer may give [`spare`](Self::spare) bytes and [`ratio`](Self::ratio) more for each byte read of
/// the file so far. The bytes of the file count, not those of the layer before, so nesting gains nothing.
/// `deflate` and `gzip` give at most 1,032 bytes for each byte, so the default stops neither where it is
/// the only one. A file that another codec shrank further is refused once it gives more than `spare`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Limits {
    /// How many layers there may be; 8 by default.
    pub depth: usize,
    /// How many bytes a layer may give of any file; 16 MiB by default.
    pub spare: u64,
    /// How many more bytes a layer may give for each byte of the file; 1,100 by default.
    pub ratio: u64,
    /// How many bytes the last layer may give; no limit by default.
    pub size: Option<u64>,
    /// What all layers may give together with others; no limit by default.
    pub budget: Option<Arc<Budget>>,
}

/// How many bytes all that is read of one file may come to, however many locations it is read for.
///
/// Each location may have layers of its own, so that few bytes of a trace could ask for very much work: the limit
/// depends on the file alone. Once it is spent, which locations are not read depends on the order in which they are
/// asked for; none of them is called wrong.
#[derive(Debug)]
pub struct Budget {
    most: u64,
    spent: AtomicU64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 8,
            spare: 16 << 20,
            ratio: 1_100,
            size: None,
            budget: None,
        }
    }
}

impl Limits {
    /// These limits with another [`size`](Self::size).
    #[must_use]
    pub fn with_size(self, size: u64) -> Self {
        Self {
            size: Some(size),
            ..self
        }
    }

    /// These limits with a [`budget`](Self::budget).
    #[must_use]
    pub fn within(self, budget: &Arc<Budget>) -> Self {
        Self {
            budget: Some(Arc::clone(budget)),
            ..self
        }
    }

    /// How many bytes a layer may give, once so many of the file are read.
    const fn most(&self, read: u64) -> u64 {
        self.spare.saturating_add(self.ratio.saturating_mul(read))
    }
}

impl Budget {
    /// What is enough to read a file of `bytes` bytes once through as many layers as there may be, each of which
    /// gives as much as it may.
    #[must_use]
    pub fn of(bytes: u64, limits: &Limits) -> Self {
        let most = limits.most(bytes).saturating_mul(wide(limits.depth));
        Self {
            most,
            spent: AtomicU64::new(0),
        }
    }

    /// Spends bytes.
    ///
    /// # Errors
    ///
    /// [`Cause::Budget`], where more are spent than there are.
    pub fn spend(&self, bytes: u64) -> Result<(), Cause> {
        let limit = self.most;
        let spent = self.spent.fetch_add(bytes, Ordering::Relaxed);
        if spent.saturating_add(bytes) > limit {
            return Err(Cause::Budget { limit });
        }
        Ok(())
    }
}

/// The reader of the file's range, which counts what is read of it.
pub(super) struct Outermost<'r> {
    bytes: Box<dyn Read + Send + 'r>,
    read: Arc<AtomicU64>,
}

/// Holds what one layer gives to the limits.
pub(super) struct Meter {
    limits: Limits,
    read: Arc<AtomicU64>,
    given: u64,
}

impl<'r> Outermost<'r> {
    /// The reader, and the meter that its layers' are made of.
    pub(super) fn new(bytes: Box<dyn Read + Send + 'r>, limits: &Limits) -> (Self, Meter) {
        let read = Arc::new(AtomicU64::new(0));
        let meter = Meter {
            limits: limits.clone(),
            read: Arc::clone(&read),
            given: 0,
        };
        (Self { bytes, read }, meter)
    }
}

impl Read for Outermost<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buf)?;
        self.read.fetch_add(wide(count), Ordering::Relaxed);
        Ok(count)
    }
}

impl Meter {
    /// The meter of a layer that may give at most `size` bytes.
    pub(super) fn of(&self, size: Option<u64>) -> Self {
        Self {
            limits: Limits {
                size,
                ..self.limits.clone()
            },
            read: Arc::clone(&self.read),
            given: 0,
        }
    }

    /// Counts bytes that the layer gives.
    pub(super) fn give(&mut self, count: usize) -> Result<(), Cause> {
        self.given = self.given.saturating_add(wide(count));
        if let Some(limit) = self.limits.size
            && self.given > limit
        {
            return Err(Cause::Size { limit });
        }
        let limit = self.limits.most(self.read.load(Ordering::Relaxed));
        if self.given > limit {
            return Err(Cause::Ratio { limit });
        }
        let budget = self.limits.budget.as_ref();
        budget.map_or(Ok(()), |budget| budget.spend(wide(count)))
    }
}
