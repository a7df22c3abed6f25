//! The proven entries of a release, to be ticked off in whatever order records come.
//!
//! For each entry it holds the first 24 bytes of its leaf's digest and one bit, so that 10^7 entries
//! take 241 MB. Cut short, a digest still cannot be met on purpose: whoever wants to pass another record
//! off as one of the release needs a second preimage of 192 bits, and whoever seals and wants two
//! records for one entry a collision of 192 bits, some 2^96 tries (`spec/manifest.md`, `verify-index`).

use crate::digest::Hasher;
use crate::release::Entry;

/// How many bytes of a leaf's digest are kept.
const KEPT: usize = 24;

/// The beginning of the digest of an entry's leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LeafKey([u8; KEPT]);

/// What a tick came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tick {
    /// The entry is one of the release and was not met before.
    First,
    /// It is one of the release and was met before.
    Again,
    /// It is none of the release.
    Unknown,
}

/// The entries of a release.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// In order once it is [sealed](Index::sorted).
    keys: Vec<LeafKey>,
    /// A bit for each key.
    met: Vec<u64>,
}

impl LeafKey {
    pub(super) fn of(entry: &Entry) -> Self {
        let mut hasher = Hasher::new();
        hasher.update(b"\0");
        hasher.update(entry.to_string().as_bytes());
        let digest = hasher.finish();
        Self(
            digest
                .as_bytes()
                .first_chunk()
                .copied()
                .unwrap_or([0; KEPT]),
        )
    }
}

impl Index {
    /// Takes an entry in.
    pub(super) fn add(&mut self, entry: &Entry) {
        self.keys.push(LeafKey::of(entry));
    }

    /// Ends the taking in.
    pub(super) fn sorted(mut self) -> Self {
        self.keys.sort_unstable();
        self.met = vec![0; self.keys.len().div_ceil(64)];
        self
    }

    /// How many entries there are.
    pub(super) fn size(&self) -> u64 {
        u64::try_from(self.keys.len()).unwrap_or(u64::MAX)
    }

    /// Ticks an entry off.
    pub(super) fn tick(&mut self, key: LeafKey) -> Tick {
        let Some((word, bit)) = self.place(key) else {
            return Tick::Unknown;
        };
        match self.met.get_mut(word) {
            Some(met) if *met & bit == 0 => {
                *met |= bit;
                Tick::First
            }
            _ => Tick::Again,
        }
    }

    /// Whether an entry was ticked off.
    pub(super) fn is_ticked(&self, key: LeafKey) -> bool {
        self.place(key)
            .and_then(|(word, bit)| Some(self.met.get(word)? & bit != 0))
            .unwrap_or(false)
    }

    fn place(&self, key: LeafKey) -> Option<(usize, u64)> {
        let at = self.keys.binary_search(&key).ok()?;
        Some((at / 64, 1 << (at % 64)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{Index, LeafKey, Tick};
    use crate::digest::Digest;
    use crate::record::RecordType;
    use crate::release::Entry;

    fn entry(n: u32) -> Entry {
        Entry {
            id: format!("art-{n}").parse().unwrap(),
            kind: RecordType::Article,
            digest: Digest::of(&n.to_le_bytes()),
        }
    }

    #[test]
    fn each_entry_is_ticked_off_once() {
        let mut index = Index::default();
        for n in 0..200 {
            index.add(&entry(n));
        }
        let mut index = index.sorted();
        assert_eq!(index.size(), 200);
        for n in (0..200).rev() {
            assert!(!index.is_ticked(LeafKey::of(&entry(n))));
            assert_eq!(index.tick(LeafKey::of(&entry(n))), Tick::First);
            assert!(index.is_ticked(LeafKey::of(&entry(n))));
            assert_eq!(index.tick(LeafKey::of(&entry(n))), Tick::Again);
        }
        assert_eq!(index.tick(LeafKey::of(&entry(200))), Tick::Unknown);
        assert!(!index.is_ticked(LeafKey::of(&entry(200))));
    }

    #[test]
    fn an_entry_of_another_type_or_digest_is_another() {
        let mut index = Index::default();
        index.add(&entry(1));
        let mut index = index.sorted();
        let mut other = entry(1);
        other.kind = RecordType::Withdrawal;
        assert_eq!(index.tick(LeafKey::of(&other)), Tick::Unknown);
        other = entry(1);
        other.digest = Digest::of(b"other");
        assert_eq!(index.tick(LeafKey::of(&other)), Tick::Unknown);
    }
}
