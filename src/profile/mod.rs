//! Profiles: how a legacy text layout is described, and the interpreter that reads it.
//!
//! A [`Profile`] is a YAML document (`spec/profiles.md`): how the layout is recognised, and a grammar
//! that goes through a text from left to right and says of every byte what it is. It holds no values:
//! what it finds are places, and a [`Draft`] says which place is which value. The interpreter knows
//! nothing of any publisher; the layouts built in are YAML beside it.
//!
//! ```
//! use dateline::profile::Profile;
//!
//! let profile = Profile::parse(r"
//! format: dateline-profile/1
//! id: notice
//! version: 1
//! title: A headline, a day, paragraphs
//! detect: ['\A.+\s+^\d{4}-\d\d-\d\d$']
//! grammar:
//!   - field: /article/headline
//!   - {field: /article/published, match: '\S+$', as: date}
//!   - repeat: [field: /content/text]
//! ")?;
//! let text = "Ferry returns\n2021-03-04\n\nThe ferry sails again.\n";
//! assert!(profile.recognises(text));
//! let draft = profile.read(text)?;
//! let published = &draft.fields()[1];
//! assert_eq!(published.value.to_string(), "/article/published");
//! assert_eq!(published.groups()[0][0].start, 14);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod builtin;
mod document;
mod error;
mod example;
mod grammar;
mod guard;
pub(crate) use guard::is_too_deep;
mod interpret;
mod leftovers;
mod mismatch;
mod mistake;
mod originals;
mod pattern;
mod same;
mod state;
mod take;
mod target;
#[cfg(test)]
mod tests;
mod value;

pub use builtin::{builtin, builtin_yaml};
pub use error::ProfileError;
pub use example::{ExampleDefect, ExampleFailure, example_count, test};
pub use leftovers::{Leftovers, Repeated, leftovers};
pub use mismatch::{Cause, Disagreement, Mismatch};

use std::collections::BTreeMap;
use std::ops::Range;

use document::{Document, Split, Word};
use grammar::Node;

use crate::digest::Digest;
use crate::dump::BOM;
use crate::json::canonical;
use crate::record::{AbsentKey, AbsentReason, WHITE_SPACE};
use crate::trace::{Draft, ProfileRef};

/// A description of a layout, ready to read texts.
#[derive(Debug)]
pub struct Profile {
    document: Document,
    grammar: Vec<Node>,
    absent: BTreeMap<AbsentKey, AbsentReason>,
    digest: Digest,
}

/// Which of several profiles recognise a text.
#[derive(Debug)]
pub enum Recognised<'p> {
    /// None does.
    None,
    /// Exactly one does, as it should be.
    One(&'p Profile),
    /// Several do, so that it is not known how the text is to be read.
    Several(Vec<&'p Profile>),
}

/// The profiles among `profiles` that recognise `text`.
pub fn recognise<'p>(
    text: &str,
    profiles: impl IntoIterator<Item = &'p Profile>,
) -> Recognised<'p> {
    let recognising = profiles
        .into_iter()
        .filter(|profile| profile.recognises(text));
    let mut found: Vec<&Profile> = recognising.collect();
    match (found.pop(), found.is_empty()) {
        (None, _) => Recognised::None,
        (Some(one), true) => Recognised::One(one),
        (Some(last), false) => {
            found.push(last);
            Recognised::Several(found)
        }
    }
}

impl Profile {
    /// Reads a profile.
    ///
    /// # Errors
    ///
    /// [`ProfileError`] for the first mistake in it, with line and column.
    pub fn parse(yaml: &str) -> Result<Self, ProfileError> {
        guard::guard(yaml)?;
        let document: Document = serde_yaml::from_str(yaml)?;
        let grammar = grammar::compile(&document).map_err(|mistake| mistake.placed(yaml))?;
        let canonical =
            canonical::to_vec(&document).map_err(|error| ProfileError::whole(&error))?;
        Ok(Self {
            grammar,
            absent: document.absent.0.iter().copied().collect(),
            digest: Digest::of(&canonical),
            document,
        })
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.document.id.0.as_str()
    }

    /// Its version, 1 or more; raised whenever it reads some text differently.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.document.version
    }

    /// What layout it describes, in one line.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.document.title.0.0
    }

    /// The encoding of its texts where they are not UTF-8, a WHATWG label in lower case.
    #[must_use]
    pub fn encoding(&self) -> &str {
        &self.document.encoding.0.0
    }

    /// SHA-256 over its canonical form: the RFC 8785 form of all of it but `title`, `examples` and
    /// `counterexamples`, which change no reading (`spec/profiles.md`, `profile-digest`).
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// What traces name it by.
    #[must_use]
    pub fn reference(&self) -> ProfileRef {
        ProfileRef {
            id: self.id().to_owned(),
            version: self.version(),
            digest: Some(self.digest),
        }
    }

    /// Whether `text` is of its layout as far as `detect` and `not` tell.
    #[must_use]
    pub fn recognises(&self, text: &str) -> bool {
        let text = text.strip_prefix(BOM).unwrap_or(text);
        self.document
            .detect
            .0
            .iter()
            .all(|Word(search)| search.is_in(text))
            && !self
                .document
                .not
                .0
                .iter()
                .any(|Word(search)| search.is_in(text))
    }

    /// The items in `text`, as ranges of bytes that follow each other and together are all of it.
    ///
    /// What stands before the first item is an item of its own, unless it is white space only.
    #[must_use]
    pub fn items(&self, text: &str) -> Vec<Range<usize>> {
        let mut bounds = vec![0];
        if let Split::Starts(Word(starts)) = &self.document.record {
            let blank = text.len() - text.trim_start_matches(WHITE_SPACE).len();
            bounds.extend(starts.starts(text).filter(|start| *start > blank));
        }
        bounds.push(text.len());
        let pairs = bounds.iter().zip(bounds.iter().skip(1));
        pairs.map(|(start, end)| *start..*end).collect()
    }

    /// Reads one item: which bytes are which value, and what the others are.
    ///
    /// Spans are byte offsets in `text`. The time taken grows with the length of the text and no
    /// faster.
    ///
    /// # Errors
    ///
    /// [`Mismatch`] where the text is not of the layout after all.
    pub fn read(&self, text: &str) -> Result<Draft, Mismatch> {
        let state = interpret::read(&self.grammar, text)?;
        state.draft(&self.absent).map_err(Mismatch::of_draft)
    }
}
