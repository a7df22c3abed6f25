//! What hints must not say, whatever they are about: what is not safe in every case that leads to them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

/// The sources of messages about data.
const ROOMS: [&str; 4] = [
    "src/check",
    "src/convert",
    "src/diagnostic",
    "src/transit.rs",
];

/// Phrases, and why no message about data has them.
const UNSAFE: [(&str, &str); 6] = [
    (
        "dateline seal",
        "whoever seals a state that was forged signs the forgery",
    ),
    ("sign again", "a manifest that was changed would be signed"),
    (
        "the digest given",
        "the content may be what is wrong, not the digest",
    ),
    (
        "--reason superseded",
        "what was merely not passed again is not withdrawn",
    ),
    (
        "pack it again",
        "what was cut off would be lost without a trace",
    ),
    ("reset --hard", "work that is not committed would be lost"),
];

#[test]
fn no_hint_advises_what_is_not_safe() {
    for file in ROOMS.iter().flat_map(|room| sources(Path::new(room))) {
        let text = fs::read_to_string(&file).unwrap();
        let shown = text.split("#[cfg(test)]").next().unwrap_or_default();
        let is_text =
            |line: &&str| !line.trim_start().starts_with("//") && !line.contains("refuses");
        for line in shown.lines().filter(is_text) {
            for (phrase, why) in UNSAFE {
                assert!(
                    !line.contains(phrase),
                    "{}: `{phrase}`: {why}: {line}",
                    file.display()
                );
            }
        }
    }
}

fn sources(path: &Path) -> Vec<PathBuf> {
    walkdir::WalkDir::new(path)
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter(|path| !path.components().any(|part| part.as_os_str() == "tests"))
        .collect()
}
