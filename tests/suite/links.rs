//! Links between the pages: each leads to a heading that is there.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The pages, by their paths.
fn pages() -> BTreeMap<PathBuf, String> {
    let roots = [
        "spec",
        "docs",
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
    ];
    let files = roots.iter().flat_map(walkdir::WalkDir::new);
    // There may be no `docs`.
    let paths = files.filter_map(|entry| Some(entry.ok()?.into_path()));
    let pages = paths.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    pages
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .collect()
}

/// The lines of a page that are in no block of code.
fn prose(page: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    page.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !fence && !in_code
    })
}

/// The anchors of the headings of a page, as GitHub makes them.
fn anchors(page: &str) -> BTreeSet<String> {
    let headings = prose(page).filter(|line| line.starts_with('#'));
    let titles = headings.map(|line| line.trim_start_matches('#').trim().to_lowercase());
    let kept = |c: char| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        _ => c.is_alphanumeric().then_some(c),
    };
    titles
        .map(|title| title.chars().filter_map(kept).collect())
        .collect()
}

/// The page and the anchor of each link to an anchor of a page.
fn links(page: &str) -> Vec<(&str, &str)> {
    let mut links = Vec::new();
    for line in prose(page) {
        let targets = line.split("](").skip(1);
        let targets = targets.filter_map(|rest| rest.split(')').next());
        let targets = targets.filter_map(|target| target.split_once('#'));
        links.extend(targets.filter(|(file, _)| !file.contains("://")));
    }
    links
}

/// The path of a link of the page at `from`, `..` resolved.
fn target(from: &Path, file: &str) -> PathBuf {
    let mut path = from.parent().unwrap().to_owned();
    for part in file.split('/') {
        match part {
            "." => {}
            ".." => _ = path.pop(),
            name => path.push(name),
        }
    }
    path
}

#[test]
fn every_link_to_a_heading_leads_to_one() {
    let pages = pages();
    let mut broken = Vec::new();
    let mut checked = 0;
    for (path, page) in &pages {
        for (file, anchor) in links(page) {
            let to = if file.is_empty() {
                path.clone()
            } else {
                target(path, file)
            };
            let is_there = pages
                .get(&to)
                .is_some_and(|to| anchors(to).contains(anchor));
            if !is_there {
                broken.push(format!("{}: {file}#{anchor}", path.display()));
            }
            checked += 1;
        }
    }
    assert!(checked > 20, "{checked}");
    assert!(broken.is_empty(), "{broken:#?}");
}
