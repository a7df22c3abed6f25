//! What a release says: its entries, what changed since the one before, its ledger, and its folder being
//! written (`spec/manifest.md`).

mod changes;
mod draft;
mod entry;
mod history;
mod leaf;
mod ledger;
mod pairs;
mod rebuild;
mod standing;
mod summary;

pub(crate) use changes::Changed;
pub use changes::{Changes, changes};
pub use draft::{ReleaseDraft, ReleaseFile};
pub use entry::{Change, ChangeReader, EntriesError, EntriesErrorKind, Entry, EntryReader};
pub(crate) use history::releases_of;
pub use history::{Entries, EntriesOfError, HistoryError, released};
pub(crate) use leaf::{Content, Leaf, Placed, leaf, leaves};
pub use leaf::{Defect, Problem};
pub use ledger::{
    LedgerEntries, LedgerError, LedgerErrorKind, LedgerFiles, LedgerReader, LedgerWriter, Misplaced,
};
pub(crate) use pairs::{Keyed, Pair, Pairs};
pub(crate) use rebuild::{At, Origin, Rebuilt, rebuild};
pub use standing::WithdrawalFault;
pub(crate) use standing::{Standing, standing};
pub(crate) use summary::in_order;
pub use summary::{Counts, OrderError, Summariser, Summary};

#[cfg(test)]
mod tests;
