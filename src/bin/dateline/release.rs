//! Reading the manifest of a release.

use std::fs;

use dateline::corpus::{Corpus, MANIFEST, Part, ShardName};
use dateline::digest::Digest;
use dateline::manifest::Manifest;

use crate::failure::Failure;
use crate::file;
use crate::screen::Screen;

/// The manifest of release `number`, and the digest of its bytes.
pub(crate) fn manifest(corpus: &Corpus, number: u64) -> Result<(Manifest, Digest), Failure> {
    let path = corpus.release_path(number, MANIFEST)?;
    let shown = path.display().to_string();
    let bytes = file::read(&path).map_err(|error| {
        Failure::new(format!(
            "cannot read the manifest of release {number}, `{shown}`: {error}"
        ))
        .hint("`dateline log` lists the releases")
    })?;
    let manifest =
        Manifest::parse(&bytes).map_err(|error| Failure::new(format!("{shown}: {error}")))?;
    Ok((manifest, Digest::of(&bytes)))
}

/// Says which files beside the shards look like shards and are not read, where that may be why records
/// are missed.
pub(crate) fn tell_unread(corpus: &Corpus, screen: &mut Screen) {
    for part in Part::ALL {
        let folder = part.folder();
        let Ok(entries) = fs::read_dir(corpus.root().join(folder)) else {
            continue;
        };
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .map(|name| format!("{folder}/{name}"))
            .filter(|name| name.contains(".jsonl") && name.parse::<ShardName>().is_err())
            .collect();
        names.sort();
        for name in names {
            screen.complain(
                "note",
                &format!("`{name}` is not read: a shard is named part-00000-<16 hexadecimal digits>.jsonl"),
            );
        }
    }
}
