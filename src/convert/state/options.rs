//! What is asked of a conversion, and what came of it.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::corpus::Config;
use crate::diagnostic::Report;
use crate::dump::Progress;
use crate::profile::Profile;
use crate::record::Id;
use crate::takedown::Private;

/// How dumps are converted into a corpus.
#[derive(Debug, Clone)]
pub struct Options<'p> {
    /// The profiles that may recognise an item.
    pub profiles: Vec<&'p Profile>,
    /// Whether an item that none recognises is refused rather than read by the general converter.
    pub only_profiles: bool,
    /// What the corpus is called and how it is built; written where the corpus has none.
    pub config: &'p Config,
    /// How the inputs stand to what the corpus was made of.
    pub take: Take,
    /// How many diagnostics the report keeps; all are counted.
    pub limit: Option<usize>,
    /// The folder beside the corpus that has the secret and the decisions of withdrawals;
    /// `<corpus>.private` where none is named.
    pub private: Option<&'p Private>,
    /// Where it is noted how many bytes of the inputs were read.
    pub progress: Progress,
}

/// How the inputs of a conversion stand to what the corpus was made of so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Take {
    /// Whether they are all of it.
    pub scope: Scope,
    /// Whether files may have other bytes than before.
    pub update: bool,
    /// Which ids articles get whose text is in the last release under another id.
    pub ids: KeepIds,
}

/// Whether inputs are all that a corpus is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Scope {
    /// They are all of it, with nothing that it was made of missing.
    #[default]
    Same,
    /// They are added to what is there.
    Add,
    /// They alone are what it is made of from now on.
    Replace,
}

/// Which ids articles get whose text is in the last release under another id.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum KeepIds {
    /// Those that they have by themselves; an error where that is the case of most that would go.
    #[default]
    Ask,
    /// The ones in the release.
    Keep,
    /// Those that they have by themselves.
    New,
}

/// The first of some names, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstFew<T> {
    /// The first of them, in their order.
    pub first: Vec<T>,
    /// How many there are.
    pub count: u64,
}

impl<T> FirstFew<T> {
    /// How many are named.
    const NAMED: usize = 3;

    pub(super) fn of(names: impl IntoIterator<Item = T>) -> Self {
        let mut some = Self::default();
        names.into_iter().for_each(|name| some.push(name));
        some
    }

    fn push(&mut self, name: T) {
        self.count += 1;
        if self.first.len() < Self::NAMED {
            self.first.push(name);
        }
    }
}

impl<T> Default for FirstFew<T> {
    fn default() -> Self {
        Self {
            first: Vec::new(),
            count: 0,
        }
    }
}

impl<T: fmt::Display> fmt::Display for FirstFew<T> {
    /// The names in backquotes: `a`, `b` and 3 more.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.first.iter().enumerate() {
            write!(f, "{}`{name}`", if index == 0 { "" } else { ", " })?;
        }
        let named = u64::try_from(self.first.len()).unwrap_or(self.count);
        match self.count.saturating_sub(named) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// What became of the inputs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Files of the inputs.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Items found in them.
    pub items: u64,
    /// Records made; items that gave the same record again are not counted here.
    pub records: u64,
    /// Items that gave a record that is there already: of another item, or of the corpus.
    pub again: u64,
    /// Items that were refused for a defect.
    pub refused: u64,
    /// Items that were refused because their record was withdrawn.
    pub withdrawn: u64,
    /// Items that gave way to one of the same id that was fetched later.
    pub superseded: u64,
    /// Items that were held because they may be withdrawn articles.
    pub held: u64,
    /// How many of these the ledger before had as held already.
    pub held_before: u64,
    /// Withdrawals with private keys that met nothing, since the secret is not at hand.
    pub locked: u64,
    /// Files that were passed over as notes.
    pub ignored: u64,
    /// Files of the inputs that the ledger lists already, with the same bytes: not converted again.
    pub known: u64,
    /// Files that the ledger lists and that stay without being among the inputs.
    pub stayed: u64,
    /// Articles of the working state as it then is.
    pub articles: u64,
    /// Articles that kept the id of the last release by their text.
    pub kept_ids: u64,
    /// Articles with a text of the last release that keep no id, since others have that text, too.
    pub ambiguous: u64,
    /// Articles that return although they were withdrawn as removed.
    pub returned: u64,
    /// Relations written, those of other methods that were kept included.
    pub relations: u64,
    /// Items by what read them.
    pub read_by: BTreeMap<String, u64>,
}

/// What [`convert`](super::convert()) did.
#[derive(Debug)]
pub struct Outcome {
    /// What became of the inputs.
    pub summary: Summary,
    /// What is wrong with the inputs, placed in them. What items only lack is for
    /// [`check_dump`](crate::check::check_dump) to list.
    pub report: Report,
    /// Files that have another name now: the one that the ledger has, and the new one.
    pub renamed: FirstFew<Pairing>,
    /// Files whose bytes the corpus has under another name, too: their name, and that one.
    pub copies: FirstFew<Pairing>,
    /// Files that have other bytes than before.
    pub edited: FirstFew<String>,
    /// Articles that were there and that the inputs no longer give, in order of their ids.
    pub going: FirstFew<Id>,
    /// How many of those the last release has. They are to be withdrawn before the next one is sealed.
    pub going_released: u64,
    /// Whether the state that was there could not be read, so that all of it goes.
    pub damaged: bool,
    /// Whether the working state changed.
    pub changed: bool,
}

/// Two names of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairing {
    /// The one it was found under.
    pub one: String,
    /// The other.
    pub other: String,
}

impl FirstFew<Pairing> {
    pub(super) fn pairs(pairs: Vec<(String, String)>) -> Self {
        Self::of(pairs.into_iter().map(|(one, other)| Pairing { one, other }))
    }
}
