//! Which folders a writer takes: nothing in them is lost that dateline did not write.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use super::ShardName;
use super::error::{OpenError, WriteError};
use super::layout::{CONFIG, FILES, release_file};
use super::listing::FileName;
use super::scratch::Scratch;
use super::state::{Corpus, State};
use crate::open::{self, Kind};

/// The shards that neither the working state nor the newest release names. A state that no listing
/// names whole is every shard there is.
pub(super) fn unnamed(corpus: &Corpus) -> Result<Vec<ShardName>, OpenError> {
    let mut states = vec![corpus.working()?];
    states.extend(corpus.sealed()?);
    let loose = |state: &State| state.listing().is_none() || !state.missing().is_empty();
    if states.iter().any(loose) {
        return Ok(Vec::new());
    }
    let named: BTreeSet<&FileName> = states
        .iter()
        .flat_map(|state| state.files().iter().map(|file| &file.name))
        .collect();
    let shards = corpus.shards().iter();
    Ok(shards
        .filter(|shard| !named.contains(&FileName::Shard((*shard).clone())))
        .cloned()
        .collect())
}

/// Refuses a corpus with shards that no listing names and no writer left behind, or with other files among
/// them: a release that is sealed beside such a file fails to verify.
pub(super) fn no_strangers(corpus: &Corpus, scratch: &Scratch) -> Result<(), WriteError> {
    let unnamed = unnamed(corpus)?;
    let unnamed = unnamed
        .iter()
        .filter(|shard| !scratch.journal().names(shard));
    let mut files: Vec<String> = unnamed.map(ToString::to_string).collect();
    let strays = corpus.strays();
    files.extend(strays.files.iter().map(|file| file.source.file.to_string()));
    files.extend(strays.others.into_iter().map(|other| other.file));
    if files.is_empty() {
        return Ok(());
    }
    Err(WriteError::Strangers {
        root: corpus.root().to_path_buf(),
        files,
    })
}

/// Refuses a corpus of which a file is a link that leads out of it: what a writer would read, copy or
/// replace is somebody else's.
pub(super) fn no_links(corpus: &Corpus, before: &State) -> Result<(), WriteError> {
    let root = corpus.root();
    let mut names: BTreeSet<String> = corpus.shards().iter().map(ToString::to_string).collect();
    names.extend(before.files().iter().map(|file| file.name.to_string()));
    names.extend([FILES, CONFIG].map(str::to_owned));
    if let Some(number) = corpus.newest() {
        let folder = release_file(number, "");
        let listed = open::list(root, Path::new(&folder))
            .map_err(|source| WriteError::disk("read", &root.join(&folder), source))?;
        names.extend(
            listed
                .into_iter()
                .filter_map(|(name, _)| Some(release_file(number, name.to_str()?))),
        );
    }
    for name in names {
        let kind = open::kind(root, Path::new(&name))
            .map_err(|source| WriteError::disk("read", &root.join(&name), source))?;
        if kind != Some(Kind::Link) {
            continue;
        }
        let path = root.join(&name);
        match open::leads_out(root, &path) {
            Ok(None) => {}
            Ok(target @ Some(_)) => return Err(WriteError::Linked { path, target }),
            Err(_) => return Err(WriteError::Linked { path, target: None }),
        }
    }
    Ok(())
}

/// Refuses a folder that holds something else than a corpus.
pub(super) fn admit(root: &Path) -> Result<(), WriteError> {
    match Corpus::open(root) {
        Ok(_) | Err(OpenError::Missing(_)) => Ok(()),
        Err(OpenError::NotACorpus(_)) if is_blank(root) => Ok(()),
        Err(OpenError::NotACorpus(path)) => Err(WriteError::NotACorpus(path)),
        Err(other) => Err(other.into()),
    }
}

/// Whether nothing lies in the folder but hidden files, such as those of version control.
fn is_blank(root: &Path) -> bool {
    let hidden = |entry: io::Result<std::fs::DirEntry>| {
        entry.is_ok_and(|entry| entry.file_name().as_encoded_bytes().starts_with(b"."))
    };
    std::fs::read_dir(root).is_ok_and(|mut entries| entries.all(hidden))
}
