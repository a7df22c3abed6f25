//! What is to be converted, and what stays, before anything is (`spec/corpus.md`, "Adding to a corpus").

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::before::Before;
use super::{ConvertError, FirstFew, KeepIds, Scope, Take};
use crate::digest::Digest;
use crate::dump::{self, Input, InputEntry, ReadError};

/// What becomes of the inputs and of the files that the ledger lists.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The files to convert, in order of their paths.
    pub(super) convert: Vec<Input>,
    /// Lines of the ledger that stay as they are.
    pub(super) stay: Vec<InputEntry>,
    /// Paths that the ledger lists and whose items go, unless they are found again elsewhere. Nothing where
    /// all is converted anew.
    pub(super) gone: BTreeSet<String>,
    /// Files of the ledger that the inputs lack, in name and in bytes, and of which records were made.
    pub(super) missing: Vec<String>,
    /// Records of those.
    pub(super) records: u64,
    /// Files with other bytes than before, of which records were made.
    pub(super) changed: Vec<String>,
    /// Files whose bytes the inputs have under another name: both names.
    pub(super) renamed: Vec<(String, String)>,
    /// Files whose bytes the corpus has under another name, which stays: both names.
    pub(super) copies: Vec<(String, String)>,
}

impl Plan {
    /// Compares the inputs with the ledger.
    ///
    /// Asked for is only what records hang on: a file of which none was made may change and go.
    ///
    /// # Errors
    ///
    /// [`ConvertError::Changed`], [`ConvertError::NoLedger`], or an input that cannot be read. Whether missing
    /// files stop is for the caller to say.
    pub(super) fn make(
        inputs: &[Input],
        before: &Before,
        take: Take,
    ) -> Result<Self, ConvertError> {
        if before.ledger.is_empty() {
            let articles = u64::try_from(before.articles.len()).unwrap_or(u64::MAX);
            return match take.scope {
                Scope::Same if articles > 0 => Err(ConvertError::NoLedger(articles)),
                Scope::Same | Scope::Add | Scope::Replace => Ok(Self {
                    convert: inputs.to_vec(),
                    ..Self::default()
                }),
            };
        }
        let found = InputDigests::read(inputs, before)?;
        let mut plan = Self::default();
        for entry in before.ledger.values() {
            plan.compare(entry, before, &found, take);
        }
        if take.scope == Scope::Add {
            plan.add(inputs, before, &found, take);
        } else {
            plan.convert = inputs.to_vec();
        }
        // Where ids are to be kept, what goes is asked for once texts are known.
        let asks = take.scope != Scope::Replace && !take.update && take.ids != KeepIds::Keep;
        if asks && !plan.changed.is_empty() {
            return Err(ConvertError::Changed {
                files: FirstFew::of(plan.changed),
                missing: FirstFew::of(plan.missing),
            });
        }
        Ok(plan)
    }

    fn compare(
        &mut self,
        entry: &InputEntry,
        before: &Before,
        found: &InputDigests<'_>,
        take: Take,
    ) {
        let digest = found.by_path.get(entry.path.as_str());
        if digest == Some(&entry.digest) {
            return;
        }
        let elsewhere = found.by_digest.get(&entry.digest);
        match (elsewhere, digest) {
            (Some(to), _) if before.ledger.contains_key(*to) => {}
            (Some(to), _) => self.renamed.push((entry.path.clone(), (*to).to_owned())),
            (None, _) if entry.records == 0 => {}
            (None, Some(_)) => self.changed.push(entry.path.clone()),
            (None, None) if take.scope != Scope::Add => {
                self.missing.push(entry.path.clone());
                self.records += entry.records;
            }
            (None, None) => {}
        }
    }

    /// Keeps what the ledger lists, and converts what it does not list so.
    fn add(&mut self, inputs: &[Input], before: &Before, found: &InputDigests<'_>, take: Take) {
        let renamed = std::mem::take(&mut self.renamed);
        let (mut followed, mut copied) = (BTreeSet::new(), BTreeSet::new());
        for (from, to) in renamed {
            let there = found.by_path.contains_key(from.as_str());
            if take.update || there {
                followed.insert(from.clone());
                self.renamed.push((from, to));
            } else if copied.insert(to.clone()) {
                // The corpus may have the same bytes under several names.
                self.copies.push((to, from));
            }
        }
        for input in inputs {
            let known = before.ledger.get(&input.path);
            let digest = found.by_path.get(input.path.as_str());
            let same = known.is_some_and(|known| Some(&known.digest) == digest);
            // What was refused before may be read by another profile now.
            let whole = known.is_some_and(|known| known.records == known.items);
            if same && whole {
                continue;
            }
            self.convert.push(input.clone());
            if known.is_some() && !same {
                self.gone.insert(input.path.clone());
            }
        }
        self.gone.extend(followed);
        let converted: BTreeSet<&str> = self.convert.iter().map(|one| one.path.as_str()).collect();
        let stays = |entry: &&InputEntry| {
            !self.gone.contains(&entry.path) && !converted.contains(entry.path.as_str())
        };
        self.stay = before.ledger.values().filter(stays).cloned().collect();
    }

    /// The files that the ledger does not list in these bytes under any name.
    pub(super) fn new_files(&self, inputs: &[Input], before: &Before) -> Vec<Input> {
        let new = |input: &&Input| !before.ledger.contains_key(&input.path);
        let to: BTreeSet<&str> = self.renamed.iter().map(|(_, to)| to.as_str()).collect();
        let new = inputs.iter().filter(new);
        new.filter(|input| !to.contains(input.path.as_str()))
            .cloned()
            .collect()
    }
}

/// The digests of the inputs.
struct InputDigests<'i> {
    by_path: BTreeMap<&'i str, Digest>,
    /// The first path that has it, one that the ledger does not list before others.
    by_digest: BTreeMap<Digest, &'i str>,
}

impl<'i> InputDigests<'i> {
    fn read(inputs: &'i [Input], before: &Before) -> Result<Self, ReadError> {
        let digest = |input: &'i Input| Ok((input.path.as_str(), dump::read(input)?.digest));
        let digests: Vec<_> = inputs
            .par_iter()
            .map(digest)
            .collect::<Result<_, ReadError>>()?;
        let mut by_digest = BTreeMap::new();
        for (path, digest) in &digests {
            let first = by_digest.entry(*digest).or_insert(*path);
            if before.ledger.contains_key(*first) {
                *first = path;
            }
        }
        Ok(Self {
            by_path: digests.into_iter().collect(),
            by_digest,
        })
    }
}
