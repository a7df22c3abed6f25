#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;

use super::Merged;
use crate::corpus::lines::Limits;
use crate::corpus::{Container, Lines, Source, stream};

/// A shard of these lines.
fn shard(folder: &Path, number: usize, lines: &[String], container: Container) -> Source {
    use std::io::Write as _;
    let path = folder.join(format!("{number}{}", container.ending()));
    let text = lines.join("\n") + if lines.is_empty() { "" } else { "\n" };
    let mut file =
        crate::corpus::encode::Encoded::create(&crate::corpus::RealDisk, &path, container).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file.finish().unwrap();
    assert!(stream::open(&path, container).is_ok());
    Source {
        file: Arc::from(format!("shard {number}")),
        path,
        container,
    }
}

/// A line of this id, as long as the number says.
fn line(id: u32, length: usize) -> String {
    format!(
        r#"{{"content":"{}","id":"art-{id:04}"}}"#,
        "x".repeat(length)
    )
}

/// Shards of these lines, in each container in turn.
fn written(folder: &Path, shards: impl IntoIterator<Item = Vec<String>>) -> Vec<Source> {
    let containers = [Container::Plain, Container::Zst, Container::Gz];
    let shards = shards.into_iter().zip(containers.into_iter().cycle());
    let shards = shards.enumerate();
    shards
        .map(|(number, (lines, container))| shard(folder, number, &lines, container))
        .collect()
}

/// What a merge gives, line by line: file, number, offset, bytes.
fn merged(sources: &[Source], chunk: usize, budget: usize) -> Vec<(String, u64, u64, String)> {
    let limits = Limits {
        chunk,
        line: 1 << 20,
    };
    given(sources, Merged::within(sources.to_vec(), limits, budget))
}

fn given(sources: &[Source], merged: Merged) -> Vec<(String, u64, u64, String)> {
    let mut given = Vec::new();
    for chunk in merged {
        let chunk = chunk.unwrap();
        assert_eq!(chunk.file, sources[chunk.source].file);
        for line in chunk.lines() {
            let text = String::from_utf8(line.bytes.to_vec()).unwrap();
            given.push((chunk.file.to_string(), line.number, line.offset, text));
        }
    }
    given
}

/// The same, slowly.
fn sorted(sources: &[Source]) -> Vec<(String, u64, u64, String)> {
    let mut all = Vec::new();
    for (number, source) in sources.iter().enumerate() {
        for line in Lines::new([source.clone()]) {
            let line = line.unwrap();
            let text = String::from_utf8(line.bytes).unwrap();
            let id = super::id_of(text.as_bytes()).unwrap();
            all.push((id, number, line.number, line.offset, line.file, text));
        }
    }
    all.sort();
    all.into_iter()
        .map(|(_, _, number, offset, file, text)| (file.to_string(), number, offset, text))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn shards_that_are_sorted_give_all_that_is_sorted(
        shards in prop::collection::vec(prop::collection::btree_map(0_u32..400, 0_usize..60, 0..40), 0..12),
        chunk in 1_usize..600,
        budget in 1_usize..20,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let sources = written(folder.path(), shards.iter().map(|ids| ids.iter().map(|(id, length)| line(*id, *length)).collect()));
        prop_assert_eq!(merged(&sources, chunk, budget), sorted(&sources));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// `corpus-id-order`
    #[test]
    fn shards_in_any_order_are_sorted(
        shards in prop::collection::vec(prop::collection::vec((0_u32..400, 0_usize..60), 0..40), 0..12),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let sources = written(folder.path(), shards.iter().map(|ids| ids.iter().map(|(id, length)| line(*id, *length)).collect()));
        prop_assert_eq!(given(&sources, Merged::sorted(sources.clone())), sorted(&sources));
    }
}

#[test]
fn what_has_no_id_or_no_order_is_given_when_it_is_met() {
    let folder = tempfile::tempdir().unwrap();
    let junk = |text: &str| text.to_owned();
    let one = [line(2, 0), junk("junk"), line(1, 0), line(9, 0), junk("")];
    let two = [junk("first"), line(1, 0), line(3, 0)];
    let sources = [
        shard(folder.path(), 0, &one, Container::Plain),
        shard(folder.path(), 1, &two, Container::Gz),
    ];
    for chunk in [1, 40, 4_000] {
        let given: Vec<String> = merged(&sources, chunk, 64)
            .into_iter()
            .map(|(file, number, ..)| format!("{file}:{number}"))
            .collect();
        let of = |file: &str| -> Vec<u32> {
            let numbers = given
                .iter()
                .filter_map(|at| at.strip_prefix(file)?.strip_prefix(':'));
            numbers.map(|number| number.parse().unwrap()).collect()
        };
        // Nothing is lost or given twice, and each shard keeps its order.
        assert_eq!(of("shard 0"), [1, 2, 3, 4, 5], "{given:?}");
        assert_eq!(of("shard 1"), [1, 2, 3], "{given:?}");
    }
}

/// What is behind a line without an id need not be put in order: whoever reads it stops at that line.
#[test]
fn a_line_without_an_id_ends_the_look_at_the_order() {
    let folder = tempfile::tempdir().unwrap();
    let ids = [line(2, 0), String::new(), line(1, 0)];
    let one = shard(folder.path(), 0, &ids, Container::Plain);
    let merged = Merged::sorted([one.clone()]);
    let numbers: Vec<u64> = given(std::slice::from_ref(&one), merged)
        .into_iter()
        .map(|(_, number, ..)| number)
        .collect();
    assert_eq!(numbers, [1, 2, 3]);
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut sources: Vec<Source> = (0_u32..4)
        .map(|number| {
            let lines: Vec<String> = (0..50).map(|id| line(id * 4 + number, 100)).collect();
            let number = usize::try_from(number).unwrap();
            shard(folder.path(), number, &lines, Container::Gz)
        })
        .collect();
    sources[1].path = folder.path().join("gone");
    let whole = std::fs::read(&sources[2].path).unwrap();
    std::fs::write(&sources[2].path, &whole[..whole.len() - 20]).unwrap();
    for budget in [1, 64] {
        let limits = Limits {
            chunk: 300,
            line: 1 << 20,
        };
        let (given, errors): (Vec<_>, Vec<_>) =
            Merged::within(sources.clone(), limits, budget).partition(Result::is_ok);
        let lines: usize = given
            .into_iter()
            .map(|chunk| chunk.unwrap().lines().count())
            .sum();
        let files: Vec<String> = errors
            .into_iter()
            .map(|error| error.unwrap_err().file().to_owned())
            .collect();
        assert_eq!(files, ["shard 1", "shard 2"], "{budget}");
        assert!((100..150).contains(&lines), "{lines}");
    }
}
