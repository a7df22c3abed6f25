//! Tests of opening locations.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use super::{Budget, KEPT, Limits, OpenError, Opener, SMALL, locked};
use crate::trace::Location;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn at(length: usize, layers: &[&str]) -> Location {
    Location {
        layers: layers.iter().map(|layer| layer.parse().unwrap()).collect(),
        ..Location::range("a", 0, length.try_into().unwrap())
    }
}

#[test]
fn slices_of_packed_files_are_cut_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a");
    let lines: Vec<u8> = (0..40_000_u32)
        .flat_map(|n| format!("{n:08}\n").into_bytes())
        .collect();
    let packed = gzip(&lines);
    std::fs::write(&file, &packed).unwrap();
    let opener = Opener::new();
    for n in [39_999_u32, 0, 20_000, 7] {
        let slice = format!("slice:{}-{}", n * 9, n * 9 + 8);
        let bytes = opener
            .read(&file, &at(packed.len(), &["gzip", &slice]))
            .unwrap();
        assert_eq!(bytes, format!("{n:08}").into_bytes());
    }
    let beyond = opener.read(&file, &at(packed.len(), &["gzip", "slice:0-400000"]));
    assert!(matches!(
        beyond,
        Err(OpenError::ShortUnpacked { bytes: 360_000, .. })
    ));
    for layers in [&["gzip"][..], &["gzip", "slice:0-8"]] {
        let short = opener.read(&file, &at(packed.len() + 1, layers));
        assert!(matches!(short, Err(OpenError::Short { .. })), "{layers:?}");
    }
}

#[test]
fn what_is_kept_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let opener = Opener {
        room: 1 << 20,
        ..Opener::new()
    };
    let read = |name: usize, length: usize| {
        let file = folder.path().join(name.to_string());
        let bytes = vec![u8::try_from(name % 256).unwrap(); length];
        let packed = gzip(&bytes);
        std::fs::write(&file, &packed).unwrap();
        let location = at(packed.len(), &["gzip", "slice:1-3"]);
        assert_eq!(
            opener.read(&file, &location).unwrap(),
            bytes.get(1..3).unwrap()
        );
    };
    // Large files, each of which is unpacked twice: between, it gave way.
    for name in [0, 1, 2, 3, 0, 1, 2, 3] {
        read(name, 400_000);
        assert!(locked(&opener.scratch).as_ref().unwrap().length <= 1 << 20);
        assert!(locked(&opener.spilled).len() <= 2);
    }
    for name in 4..2_000 {
        read(name, 10);
    }
    assert!(locked(&opener.spilled).len() <= 2);
    assert_eq!(locked(&opener.kept).len(), KEPT / SMALL);
}

#[test]
fn parts_of_files_give_way_like_whole_ones() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a");
    let parts: Vec<Vec<u8>> = (0..8_u8).map(|n| gzip(&vec![n; 400_000])).collect();
    std::fs::write(&file, parts.concat()).unwrap();
    let opener = Opener {
        room: 1 << 20,
        ..Opener::new()
    };
    let mut offset = 0;
    for (n, part) in parts.iter().enumerate() {
        let location = Location {
            offset,
            ..at(part.len(), &["gzip", "slice:1-3"])
        };
        let n = u8::try_from(n).unwrap();
        assert_eq!(opener.read(&file, &location).unwrap(), [n, n]);
        offset += u64::try_from(part.len()).unwrap();
        assert!(locked(&opener.scratch).as_ref().unwrap().length <= 1 << 20);
        assert!(locked(&opener.spilled).len() <= 2);
    }
    assert!(locked(&opener.kept).is_empty());
}

#[test]
fn what_lies_before_damage_is_good() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a");
    let noise: Vec<u8> = (0..900_000_u32)
        .flat_map(|n| n.wrapping_mul(n).to_le_bytes())
        .collect();
    let mut packed = gzip(&noise);
    packed.truncate(packed.len() / 2);
    std::fs::write(&file, &packed).unwrap();
    let opener = Opener::new();
    let cut = |slice: &str| opener.read(&file, &at(packed.len(), &["gzip", slice]));
    assert_eq!(cut("slice:4-8").unwrap(), noise.get(4..8).unwrap());
    assert!(matches!(
        cut("slice:3000000-3000004"),
        Err(OpenError::Layer(_))
    ));
}

#[test]
fn layers_behind_a_slice_and_slices_of_plain_files() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a");
    std::fs::write(&file, "head bmV3cw== tail").unwrap();
    let opener = Opener::new();
    let read = |layers: &[&str]| opener.read(&file, &at(18, layers)).unwrap();
    assert_eq!(read(&["slice:5-13", "base64"]), b"news");
    assert_eq!(read(&[]), b"head bmV3cw== tail");
    let absurd = Location::range("a", u64::MAX, 2);
    assert!(matches!(
        opener.read(&file, &absurd),
        Err(OpenError::Short { .. })
    ));
    assert!(matches!(
        opener.read(&folder.path().join("none"), &at(1, &[])),
        Err(OpenError::Io(_))
    ));
}

#[test]
fn a_member_is_unpacked_once_for_all_its_items() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a");
    let noise: Vec<u8> = (0..200_000_u32)
        .flat_map(|n| n.wrapping_mul(n).to_le_bytes())
        .collect();
    let member = gzip(&noise);
    let packed = gzip(&[member.as_slice(), b"tail"].concat());
    std::fs::write(&file, &packed).unwrap();
    let opener = Opener::new();
    let first = format!("slice:0-{}", member.len());
    // To unpack it for each of them would be beyond the budget of the file.
    let few = Budget::of(64 << 10, &Limits::default());
    locked(&opener.budgets).insert(file.clone(), Arc::new(few));
    for n in 0..5_000_u64 {
        let slice = format!("slice:{}-{}", n * 4, n * 4 + 4);
        let bytes = opener
            .read(&file, &at(packed.len(), &["gzip", &first, "gzip", &slice]))
            .unwrap();
        let number = u32::try_from(n).unwrap();
        assert_eq!(bytes, number.wrapping_mul(number).to_le_bytes());
    }
    let wrong = opener.read(
        &file,
        &at(packed.len(), &["gzip", "slice:0-4", "gzip", "slice:0-1"]),
    );
    let Err(OpenError::Layer(error)) = wrong else {
        panic!("four bytes are no member: {wrong:?}");
    };
    assert_eq!(error.depth, 2);
}

/// `layer-budget`
#[test]
fn what_is_read_of_a_file_is_bounded_however_many_locations_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let [nested, plain] = ["nested", "plain"].map(|name| folder.path().join(name));
    // Each location has a member of its own, which begins alike.
    let zeros = gzip(&vec![0; 256 << 10]);
    let packed = gzip(&[zeros.as_slice(), &[0; 1_000]].concat());
    std::fs::write(&nested, &packed).unwrap();
    std::fs::write(&plain, vec![0; 64 << 10]).unwrap();
    let opener = Opener::new();
    let few = |file: &Path| {
        let limits = Limits {
            spare: 256 << 10,
            ..Limits::default()
        };
        let few = Budget::of(0, &limits);
        locked(&opener.budgets).insert(file.to_owned(), Arc::new(few));
    };
    few(&nested);
    let read = |n: usize| {
        let slice = format!("slice:0-{}", zeros.len() + n);
        let location = at(packed.len(), &["gzip", &slice, "gzip", "slice:0-1"]);
        opener.read(&nested, &location)
    };
    let good = (0..100).take_while(|n| read(*n).is_ok()).count();
    assert!((1..=16).contains(&good), "{good}");
    assert!(matches!(read(50), Err(OpenError::Layer(error)) if error.cause.is_limit()));
    // The other file has its own.
    few(&plain);
    let read = || opener.read(&plain, &at(64 << 10, &[]));
    let good = (0..100).take_while(|_| read().is_ok()).count();
    assert_eq!(good, 32);
    assert!(matches!(read(), Err(OpenError::Budget(limit)) if limit == 2 << 20));
}

#[test]
fn very_many_layers_fail_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a");
    std::fs::write(&file, gzip(b"news")).unwrap();
    let layers = ["gzip", "slice:0-4"].repeat(50_000);
    let read = Opener::new().read(&file, &at(24, &layers));
    assert!(matches!(read, Err(OpenError::Layer(error)) if error.depth == 8));
}
