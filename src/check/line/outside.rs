//! Files that links lead to from outside: they are checked, and their text is not shown.
//!
//! A folder that was received may hold a link to any file of whoever checks it. What is wrong with such
//! a file would show what is in it, for instance in the public log of a build.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use super::findings::file_name;
use crate::corpus::{CONFIG, Corpus, RELEASES, Source, release_file};
use crate::diagnostic::Diagnostic;
use crate::open;

/// Of the files of the corpus at `root`, those that links lead to from outside, as findings name them.
pub(crate) fn of_corpus<'s>(
    root: &Path,
    files: impl IntoIterator<Item = &'s Source>,
) -> BTreeSet<String> {
    files
        .into_iter()
        .filter(|source| open::is_outside(root, &source.path))
        .map(|source| source.file.to_string())
        .collect()
}

/// Of the files of the newest release, those that links lead to from outside, as findings name them.
pub(crate) fn of_release(corpus: &Corpus) -> BTreeSet<String> {
    let root = corpus.root();
    let Some(number) = corpus.newest() else {
        return BTreeSet::new();
    };
    let folder = release_file(number, "");
    let listed = open::list(root, Path::new(&folder)).unwrap_or_default();
    let names = listed.iter().filter_map(|(name, _)| name.to_str());
    names
        .map(|name| release_file(number, name))
        .filter(|name| open::is_outside(root, &root.join(name)))
        .map(|name| file_name(root, &name).to_string())
        .collect()
}

/// Of files that were named by themselves, those that links lead to from outside: from without the
/// corpus or the working tree that they lie in by their names, else the current folder, else their own.
pub(crate) fn of_files(files: &[Source]) -> BTreeSet<String> {
    files
        .iter()
        .filter(|source| open::is_outside(around(&source.path), &source.path))
        .map(|source| source.file.to_string())
        .collect()
}

fn around(path: &Path) -> &Path {
    let here = Path::new(".");
    let named = |folder: &'_ Path| !folder.as_os_str().is_empty();
    let root = path.ancestors().skip(1).find(|folder| {
        let folder = if named(folder) { folder } else { here };
        [".git", CONFIG, RELEASES]
            .iter()
            .any(|name| folder.join(name).exists())
    });
    let below = path
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let root = root.unwrap_or_else(|| match path.parent() {
        Some(parent) if !below => parent,
        Some(_) | None => here,
    });
    if named(root) { root } else { here }
}

/// The finding without anything of the file's text.
pub(crate) fn without_text(mut found: Diagnostic) -> Diagnostic {
    let place = &mut *found.place;
    place.excerpt = None;
    place.pointer = None;
    place.record = None;
    found.message = format!(
        "{} (a link leads to this file from outside; its text is not shown)",
        found.code.summary.trim_end_matches('.')
    );
    found.hint = Some("copy the file to where the link is, to see its text".to_owned());
    found.about = None;
    found
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::fs;
    use std::os::unix::fs::symlink;

    use crate::check::{Options, check_records, record_file};
    use crate::diagnostic::Report;

    /// `corpus-link-unshown`
    #[test]
    fn nothing_is_shown_of_a_file_that_a_link_leads_to() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("work");
        fs::create_dir_all(root.join("records")).unwrap();
        fs::create_dir(root.join(".git")).unwrap();
        let secret =
            r#"{"format":"dateline/1","hunter2":"hunter2","id":"hunter2","type":"hunter2"}"#;
        let texts = [
            "password hunter2\n".to_owned(),
            format!("{secret}\n"),
            format!("{secret} hunter2\n{secret}\n{secret}\n"),
        ];
        for text in texts {
            let outside = folder.path().join("secret");
            fs::write(&outside, &text).unwrap();
            let shard = root.join("records/part-00000-0123456789abcdef.jsonl");
            symlink(&outside, &shard).unwrap();
            let shown = |report: &Report| format!("{:?}", report.diagnostics());
            let report = check_records(&[record_file(&shard).unwrap()], &Options::default());
            assert!(report.has_errors());
            assert!(!shown(&report).contains("hunter2"), "{}", shown(&report));
            fs::remove_file(&shard).unwrap();
            // Through a folder that is a link, too.
            fs::remove_dir(root.join("records")).unwrap();
            symlink(folder.path(), root.join("records")).unwrap();
            fs::rename(&outside, folder.path().join("a.jsonl")).unwrap();
            let named = root.join("records/a.jsonl");
            let report = check_records(&[record_file(&named).unwrap()], &Options::default());
            assert!(!shown(&report).contains("hunter2"), "{}", shown(&report));
            // A file that is there itself is shown.
            fs::remove_file(root.join("records")).unwrap();
            fs::create_dir(root.join("records")).unwrap();
            fs::rename(folder.path().join("a.jsonl"), &named).unwrap();
            let report = check_records(&[record_file(&named).unwrap()], &Options::default());
            assert!(shown(&report).contains("hunter2"));
            fs::remove_file(&named).unwrap();
        }
    }
}
