//! The Merkle tree of RFC 9162 over sorted entry lines.
//!
//! A leaf is one line without its line feed. The root commits to every line and to their order;
//! an inclusion path of at most 64 digests shows that one line is among them. [`Tree`] takes the
//! lines one after another and keeps no more than one digest for each power of two; builders that
//! work on parts of the lines make a [`CompactRange`] each and append the later to the earlier.
//!
//! ```
//! use dateline::merkle::{self, Tree};
//!
//! let lines = ["a article 00", "b article 01", "c withdrawal 02"];
//! let mut tree = Tree::new();
//! for line in lines {
//!     tree.push(line.as_bytes());
//! }
//! let leaves = lines.map(|line| merkle::leaf(line.as_bytes()));
//! let path = merkle::inclusion_path(&leaves, 1).unwrap_or_default();
//! assert!(merkle::verify_inclusion(&tree.root(), tree.size(), 1, &leaves[1], &path).is_ok());
//! ```
//!
//! Source: RFC 9162 §2.1; compact ranges as in the `transparency-dev/merkle` design document.

use crate::digest::{Digest, Hasher};

/// What a leaf's bytes are prefixed with before hashing, so that no line can pass for a node.
pub const LEAF_PREFIX: u8 = 0x00;

/// What two digests are prefixed with before hashing, so that no node can pass for a line.
pub const NODE_PREFIX: u8 = 0x01;

/// The digest of a leaf: SHA-256(`0x00` ‖ line). `line` carries no line feed (RFC 9162 §2.1.1).
#[must_use]
pub fn leaf(line: &[u8]) -> Digest {
    let mut hasher = Hasher::new();
    hasher.update(&[LEAF_PREFIX]);
    hasher.update(line);
    hasher.finish()
}

/// The digest of an inner node: SHA-256(`0x01` ‖ left ‖ right) (RFC 9162 §2.1.1).
#[must_use]
pub fn node(left: &Digest, right: &Digest) -> Digest {
    let mut hasher = Hasher::new();
    hasher.update(&[NODE_PREFIX]);
    hasher.update(left.as_bytes());
    hasher.update(right.as_bytes());
    hasher.finish()
}

/// The root of the tree without leaves: SHA-256 of no bytes (RFC 9162 §2.1.1).
#[must_use]
pub fn empty_root() -> Digest {
    Digest::of(b"")
}

/// The root over `lines`, in the order given, each without its line feed.
#[must_use]
pub fn root_of<I>(lines: I) -> Digest
where
    I: IntoIterator,
    I::Item: AsRef<[u8]>,
{
    let mut tree = Tree::new();
    for line in lines {
        tree.push(line.as_ref());
    }
    tree.root()
}

/// A tree in the making, from its first leaf on.
///
/// Memory is one digest for each bit of the size that is set. The root may be asked for at any
/// time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree(CompactRange);

impl Tree {
    /// The tree without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self(CompactRange::starting_at(0))
    }

    /// Takes the next line, without its line feed.
    pub fn push(&mut self, line: &[u8]) {
        self.0.push(leaf(line));
    }

    /// Takes the digest of the next leaf.
    pub fn push_leaf(&mut self, leaf: Digest) {
        self.0.push(leaf);
    }

    /// Takes all leaves of a range that begins where this tree ends.
    ///
    /// # Errors
    ///
    /// [`NotAdjacent`] where it begins elsewhere; the tree is then as it was.
    pub fn append(&mut self, range: &CompactRange) -> Result<(), NotAdjacent> {
        self.0.append(range)
    }

    /// The number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.0.end
    }

    /// The root over all leaves taken so far; [`empty_root`] where there are none.
    #[must_use]
    pub fn root(&self) -> Digest {
        // The subtrees get smaller to the right, and RFC 9162 splits at the largest power of two:
        // folding from the right gives its tree.
        self.0
            .subtrees
            .iter()
            .rev()
            .map(|subtree| subtree.root)
            .reduce(|right, left| node(&left, &right))
            .unwrap_or_else(empty_root)
    }
}

impl Default for Tree {
    fn default() -> Self {
        Self::new()
    }
}

/// The leaves `[begin, end)` of a tree, as the fewest perfect subtrees that cover them.
///
/// Two ranges that touch make one, so that parts of a tree can be built apart: each builder starts
/// at the index of its first leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompactRange {
    begin: u64,
    end: u64,
    /// From left to right; each begins where the one before it ends.
    subtrees: Vec<Subtree>,
}

/// A perfect subtree: the `2^height` leaves from `start`, which is a multiple of `2^height`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Subtree {
    start: u64,
    height: u32,
    root: Digest,
}

/// Why two ranges do not make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a range of leaves that begins at {begin} does not follow one that ends at {end}")]
pub struct NotAdjacent {
    /// Where the left range ends.
    pub end: u64,
    /// Where the right range begins.
    pub begin: u64,
}

impl CompactRange {
    /// The range without leaves whose first leaf will have the index `begin`.
    #[must_use]
    pub const fn starting_at(begin: u64) -> Self {
        Self {
            begin,
            end: begin,
            subtrees: Vec::new(),
        }
    }

    /// The index of the first leaf.
    #[must_use]
    pub const fn begin(&self) -> u64 {
        self.begin
    }

    /// The index after the last leaf.
    #[must_use]
    pub const fn end(&self) -> u64 {
        self.end
    }

    /// Takes the digest of the leaf with the index [`end`](Self::end).
    pub fn push(&mut self, leaf: Digest) {
        let start = self.end;
        self.end += 1;
        self.push_subtree(Subtree {
            start,
            height: 0,
            root: leaf,
        });
    }

    /// Takes all leaves of the range that begins where this one ends.
    ///
    /// # Errors
    ///
    /// [`NotAdjacent`] where it begins elsewhere; this range is then as it was.
    pub fn append(&mut self, right: &Self) -> Result<(), NotAdjacent> {
        if self.end != right.begin {
            return Err(NotAdjacent {
                end: self.end,
                begin: right.begin,
            });
        }
        for &subtree in &right.subtrees {
            self.push_subtree(subtree);
        }
        self.end = right.end;
        Ok(())
    }

    /// Takes the next subtree and joins it with those before it as far as they are its siblings.
    fn push_subtree(&mut self, mut subtree: Subtree) {
        while let Some(left) = self.subtrees.pop_if(|left| left.is_sibling_of(&subtree)) {
            subtree = Subtree {
                start: left.start,
                height: left.height + 1,
                root: node(&left.root, &subtree.root),
            };
        }
        self.subtrees.push(subtree);
    }
}

impl Subtree {
    /// Whether this subtree, which lies directly left of `right`, has the same parent.
    fn is_sibling_of(&self, right: &Self) -> bool {
        self.height == right.height && (self.start >> self.height) & 1 == 0
    }
}

/// The audit path of the leaf at `index`, from the leaf upwards (RFC 9162 §2.1.3.1).
///
/// `leaves` are the leaf digests of the whole tree. Gives `None` unless `index < leaves.len()`.
#[must_use]
pub fn inclusion_path(leaves: &[Digest], index: u64) -> Option<Vec<Digest>> {
    let mut index = usize::try_from(index).ok()?;
    let mut subtree = leaves;
    if index >= subtree.len() {
        return None;
    }
    let mut path = Vec::new();
    while subtree.len() > 1 {
        let (left, right) = subtree.split_at_checked(subtree.len().next_power_of_two() / 2)?;
        if index < left.len() {
            path.push(root_of_leaves(right));
            subtree = left;
        } else {
            path.push(root_of_leaves(left));
            index -= left.len();
            subtree = right;
        }
    }
    path.reverse();
    Some(path)
}

/// Why an inclusion path proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InclusionError {
    /// The tree has no leaf of that index.
    #[error("the tree of {size} leaves has no leaf {index}")]
    Index {
        /// The index asked about, from 0.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// The path is shorter or longer than any path of this leaf in a tree of this size.
    #[error("the path has {found} digests, the path of leaf {index} of {size} has {expected}")]
    Length {
        /// The index asked about, from 0.
        index: u64,
        /// The size of the tree.
        size: u64,
        /// The digests such a path has.
        expected: usize,
        /// The digests this path has.
        found: usize,
    },
    /// Leaf and path lead to another root.
    #[error("leaf and path lead to the root {computed}, not to {expected}")]
    Root {
        /// The root of the tree.
        expected: Digest,
        /// The root that leaf and path lead to.
        computed: Digest,
    },
}

/// Verifies that `leaf` is the leaf at `index` in the tree of `size` leaves with the root `root`
/// (RFC 9162 §2.1.3.2).
///
/// Requires `index < size`. `root` and `size` come from a manifest that was verified, never from
/// the proof: a path proves nothing about a root that its author chose.
///
/// # Errors
///
/// [`InclusionError`], by cause.
pub fn verify_inclusion(
    root: &Digest,
    size: u64,
    index: u64,
    leaf: &Digest,
    path: &[Digest],
) -> Result<(), InclusionError> {
    if index >= size {
        return Err(InclusionError::Index { index, size });
    }
    let expected = path_length(size, index);
    if path.len() != expected {
        return Err(InclusionError::Length {
            index,
            size,
            expected,
            found: path.len(),
        });
    }
    let (mut index, mut last) = (index, size - 1);
    let mut computed = *leaf;
    for sibling in path {
        if index & 1 == 1 || index == last {
            // A last node, on whatever level, has siblings on its left alone.
            computed = node(sibling, &computed);
        } else {
            computed = node(&computed, sibling);
        }
        index >>= 1;
        last >>= 1;
    }
    if computed == *root {
        Ok(())
    } else {
        Err(InclusionError::Root {
            expected: *root,
            computed,
        })
    }
}

/// The number of digests in the path of the leaf at `index`. Requires `index < size`.
fn path_length(size: u64, index: u64) -> usize {
    // Below the node where the ways to this leaf and to the last one part, each level has a
    // sibling; above it only those levels have one where the way goes to the right.
    let inner = u64::BITS - (index ^ (size - 1)).leading_zeros();
    let border = index.checked_shr(inner).unwrap_or(0).count_ones();
    usize::try_from(inner + border).unwrap_or(usize::MAX)
}

/// The root over leaf digests.
fn root_of_leaves(leaves: &[Digest]) -> Digest {
    let mut tree = Tree::new();
    for &leaf in leaves {
        tree.push_leaf(leaf);
    }
    tree.root()
}

#[cfg(test)]
mod tests;
