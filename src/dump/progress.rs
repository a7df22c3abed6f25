//! How far an operation has come.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many bytes an operation has read of what it is to read. All clones are one count: whoever keeps
/// one can look at it while the work goes on.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<AtomicU64>);

impl Progress {
    /// Notes that so many bytes more were read.
    pub fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }

    /// How many were read.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
