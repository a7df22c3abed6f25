//! Raw dumps: the files of an input and the items in them.
//!
//! A dump is what somebody has: a file or a folder of files. Each file is an [`Input`] of some
//! [`Kind`]; what it holds are [`Item`]s, each of which may become one record. Nothing here writes,
//! and every file of an input ends in the ledger as an [`InputEntry`], whatever became of it.

pub mod cut;
mod inputs;
mod item;
mod kind;
mod label;
mod layer;
mod ledger;
mod litter;
mod open;
mod progress;
mod sniff;

pub use inputs::{Input, InputError, Listed, PassedOver, inputs, list, repeatable};
pub use item::{
    BOM, Contents, ITEM_LIMIT, Item, ItemContext, LINE_LIMIT, ReadError, TextError, read, text,
};
pub(crate) use item::{opened, read_on};
pub use kind::Kind;
pub use label::{Label, LabelError};
pub use layer::{Budget, Cause, LayerError, Limits, codec, layered};
pub use ledger::{
    FileLine, InputEntry, LedgerLine, RefusalLine, Refused, WITHDRAWN, WithdrawnLine,
};
pub use litter::is_litter;
pub use open::{KEPT, OpenError, Opener, SCRATCH};
pub use progress::Progress;
pub(crate) use sniff::SNIFFED;
pub use sniff::{Evidence, Sniffed, sniff};
