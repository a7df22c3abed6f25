#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::{
    CompactRange, InclusionError, NotAdjacent, Tree, empty_root, inclusion_path, leaf, node,
    root_of, verify_inclusion,
};
use crate::digest::Digest;

/// MTH as RFC 9162 §2.1.1 defines it, word for word.
fn reference_root(lines: &[Vec<u8>]) -> Digest {
    match lines {
        [] => Digest::of(b""),
        [line] => Digest::of(&[&[0x00], line.as_slice()].concat()),
        lines => {
            let (left, right) = lines.split_at(reference_split(lines.len()));
            let (left, right) = (reference_root(left), reference_root(right));
            Digest::of(&[&[0x01][..], left.as_bytes(), right.as_bytes()].concat())
        }
    }
}

/// PATH as RFC 9162 §2.1.3.1 defines it, word for word.
fn reference_path(index: usize, lines: &[Vec<u8>]) -> Vec<Digest> {
    if lines.len() == 1 {
        return Vec::new();
    }
    let k = reference_split(lines.len());
    let (left, right) = lines.split_at(k);
    if index < k {
        let mut path = reference_path(index, left);
        path.push(reference_root(right));
        path
    } else {
        let mut path = reference_path(index - k, right);
        path.push(reference_root(left));
        path
    }
}

/// The largest power of two smaller than `n`.
fn reference_split(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

fn lines(count: usize) -> Vec<Vec<u8>> {
    (0..count)
        .map(|i| format!("art-{i:04} article").into_bytes())
        .collect()
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new_with_rng(
        Config::with_cases(cases),
        TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]),
    )
}

#[test]
fn the_empty_tree_has_the_digest_of_nothing() {
    assert_eq!(Tree::new().root(), Digest::of(b""));
    assert_eq!(root_of(Vec::<Vec<u8>>::new()), empty_root());
    assert_eq!(Tree::default().size(), 0);
}

#[test]
fn an_empty_line_is_a_leaf() {
    assert_eq!(root_of([b""]), Digest::of(&[0x00]));
    assert_ne!(root_of([b""]), empty_root());
}

#[test]
fn every_size_up_to_130_agrees_with_the_recursion() {
    let lines = lines(130);
    let mut tree = Tree::new();
    for size in 0..=lines.len() {
        assert_eq!(tree.root(), reference_root(&lines[..size]), "size {size}");
        assert_eq!(tree.size(), u64::try_from(size).unwrap());
        if let Some(line) = lines.get(size) {
            tree.push(line);
        }
    }
}

#[test]
fn every_path_up_to_40_agrees_with_the_recursion_and_verifies() {
    let lines = lines(40);
    let leaves: Vec<Digest> = lines.iter().map(|line| leaf(line)).collect();
    for size in 1..=lines.len() {
        let root = reference_root(&lines[..size]);
        for index in 0..size {
            let at = u64::try_from(index).unwrap();
            let path = inclusion_path(&leaves[..size], at).unwrap();
            assert_eq!(path, reference_path(index, &lines[..size]));
            let size = u64::try_from(size).unwrap();
            assert_eq!(
                verify_inclusion(&root, size, at, &leaves[index], &path),
                Ok(())
            );
        }
        assert_eq!(
            inclusion_path(&leaves[..size], u64::try_from(size).unwrap()),
            None
        );
    }
    assert_eq!(inclusion_path(&leaves, u64::MAX), None);
    assert_eq!(inclusion_path(&[], 0), None);
}

#[test]
fn lines_of_any_bytes_agree_with_the_recursion() {
    runner(200)
        .run(
            &prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..70),
            |lines| {
                prop_assert_eq!(root_of(&lines), reference_root(&lines));
                Ok(())
            },
        )
        .unwrap();
}

#[test]
fn ranges_built_apart_make_the_same_tree() {
    runner(300)
        .run(
            &(0_usize..100, 0_usize..=100, 0_usize..=100),
            |(count, a, b)| {
                let lines = lines(count);
                let (a, b) = (a.min(b).min(count), a.max(b).min(count));
                let part = |from: usize, to: usize| {
                    let mut range = CompactRange::starting_at(u64::try_from(from).unwrap());
                    for line in &lines[from..to] {
                        range.push(leaf(line));
                    }
                    range
                };
                let mut later = part(a, b);
                later.append(&part(b, count)).unwrap();
                prop_assert_eq!(&later, &part(a, count));
                let mut tree = Tree::new();
                tree.append(&part(0, a)).unwrap();
                tree.append(&later).unwrap();
                prop_assert_eq!(tree.root(), reference_root(&lines));
                prop_assert_eq!(tree.size(), u64::try_from(count).unwrap());
                Ok(())
            },
        )
        .unwrap();
}

#[test]
fn ranges_that_do_not_touch_are_refused() {
    let mut tree = Tree::new();
    tree.push(b"a");
    let before = tree.clone();
    let refused = NotAdjacent { end: 1, begin: 2 };
    assert_eq!(tree.append(&CompactRange::starting_at(2)), Err(refused));
    assert_eq!(tree, before);
    assert_eq!(
        refused.to_string(),
        "a range of leaves that begins at 2 does not follow one that ends at 1"
    );
}

#[test]
fn each_way_to_be_wrong_has_its_own_error() {
    let lines = lines(5);
    let leaves: Vec<Digest> = lines.iter().map(|line| leaf(line)).collect();
    let root = root_of(&lines);
    let path = inclusion_path(&leaves, 2).unwrap();
    assert_eq!(
        verify_inclusion(&root, 5, 5, &leaves[2], &path)
            .unwrap_err()
            .to_string(),
        "the tree of 5 leaves has no leaf 5"
    );
    assert!(matches!(
        verify_inclusion(&root, 0, 0, &leaves[0], &[]),
        Err(InclusionError::Index { .. })
    ));
    assert_eq!(
        verify_inclusion(&root, 5, 2, &leaves[2], &path[..2])
            .unwrap_err()
            .to_string(),
        "the path has 2 digests, the path of leaf 2 of 5 has 3"
    );
    let error = verify_inclusion(&root, 5, 2, &leaves[1], &path).unwrap_err();
    assert!(matches!(error, InclusionError::Root { expected, .. } if expected == root));
    // A node cannot stand in for a leaf: it hashes under another prefix.
    let inner = [leaves[0].as_bytes().as_slice(), leaves[1].as_bytes()].concat();
    assert_ne!(leaf(&inner), node(&leaves[0], &leaves[1]));
}

#[test]
fn sizes_at_the_end_of_the_range_are_answered() {
    let digest = Digest::of(b"x");
    let path = vec![digest; 64];
    for (size, index) in [
        (u64::MAX, 0),
        (u64::MAX, u64::MAX - 1),
        (1 << 63, (1 << 63) - 1),
        ((1 << 63) + 1, 1 << 63),
    ] {
        for length in 0..=64 {
            assert!(verify_inclusion(&digest, size, index, &digest, &path[..length]).is_err());
        }
    }
}

#[test]
fn a_range_says_where_it_begins_and_ends() {
    let mut range = CompactRange::starting_at(6);
    assert_eq!((range.begin(), range.end()), (6, 6));
    range.push(leaf(b"a"));
    range.push(leaf(b"b"));
    assert_eq!((range.begin(), range.end()), (6, 8));
    let mut right = CompactRange::starting_at(8);
    right.push(leaf(b"c"));
    range.append(&right).unwrap();
    assert_eq!((range.begin(), range.end()), (6, 9));
}
