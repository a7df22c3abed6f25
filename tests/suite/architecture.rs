//! The rooms of the crate and the direction of their imports.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from bottom to top. A room may use those before it and none behind it.
const ROOMS: [&str; 28] = [
    "as_text",
    "block",
    "pool",
    "open",
    "digest",
    "transit",
    "json",
    "record",
    "trace",
    "schema",
    "diagnostic",
    "dump",
    "document",
    "profile",
    "corpus",
    "merkle",
    "release",
    "takedown",
    "manifest",
    "convert",
    "link",
    "pack",
    "check",
    "typed",
    "withdraw",
    "cite",
    "look",
    "build",
];

/// The rooms of `check` from bottom to top, and the files above them.
const CHECK_ROOMS: [&str; 7] = [
    "line", "text", "rules", "corpus", "against", "records", "dump",
];

/// The longest a source file may be, in lines.
const LONGEST: usize = 600;

#[test]
fn imports_point_down() {
    for file in sources("src") {
        let Some(room) = room_of(&file) else { continue };
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for used in uses(code) {
                let place = format!("{}:{}", file.display(), number + 1);
                let Some(at) = level(used) else {
                    panic!("{place}: `{used}` is no room")
                };
                assert!(
                    Some(at) <= level(&room),
                    "{place}: `{room}` reaches up to `{used}`"
                );
            }
        }
    }
}

#[test]
fn imports_within_check_point_down() {
    let level = |name: &str| CHECK_ROOMS.iter().position(|room| *room == name);
    for (at, room) in CHECK_ROOMS.iter().enumerate() {
        let folder = format!("src/check/{room}");
        for file in sources(&folder)
            .into_iter()
            .chain(sources(&format!("{folder}.rs")))
        {
            let text = fs::read_to_string(&file).unwrap();
            assert!(
                !text.contains("super::super"),
                "{}: name rooms of `check` by their path",
                file.display()
            );
            for rest in text.split("crate::check::").skip(1) {
                // One name, or names in braces.
                let all = rest.split_once(';').map_or(rest, |(import, _)| import);
                let names = match all.strip_prefix('{') {
                    Some(list) => list.split(',').map(str::trim).collect(),
                    None => vec![all],
                };
                for name in names {
                    let used = name.split(|c: char| !c.is_alphanumeric()).next();
                    assert!(
                        used.and_then(level) <= Some(at),
                        "{}: `check/{room}` reaches up to `{name}`",
                        file.display()
                    );
                }
            }
        }
    }
}

#[test]
fn the_map_names_every_room_in_order() {
    let page = fs::read_to_string("ARCHITECTURE.md").unwrap();
    let rows = page
        .lines()
        .skip_while(|line| !line.starts_with("| room |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let cells = rows.filter_map(|row| row.split('|').nth(1));
    let named: Vec<&str> = cells
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .filter(|name| !name.contains('/'))
        .collect();
    assert_eq!(
        named, ROOMS,
        "the table of ARCHITECTURE.md, and the order of imports"
    );

    let within = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `check/")?.split('`').next());
    let folders = CHECK_ROOMS
        .iter()
        .filter(|room| Path::new(&format!("src/check/{room}")).is_dir());
    assert!(
        within.eq(folders.copied()),
        "the table of the rooms of `check`"
    );
}

#[test]
fn the_binary_is_a_client_of_the_library() {
    for file in sources("src/bin") {
        let text = fs::read_to_string(&file).unwrap();
        assert!(
            !text.contains("#[path"),
            "{}: takes in files of the library",
            file.display()
        );
    }
}

#[test]
fn no_file_needs_a_map() {
    for folder in ["src", "tests", "examples", "benches", "fuzz"] {
        for file in sources(folder) {
            let lines = fs::read_to_string(&file).unwrap().lines().count();
            assert!(
                lines <= LONGEST,
                "{} has {lines} lines: divide it",
                file.display()
            );
        }
    }
}

#[test]
fn nothing_below_touches_the_world() {
    // Files, clocks, randomness and threads belong to `dump`, `corpus` and what uses them.
    let quiet = [
        "digest",
        "json",
        "record",
        "trace",
        "schema",
        "diagnostic",
        "document",
        "profile",
        "link",
        "merkle",
        "cite",
    ];
    for file in sources("src") {
        let Some(room) = room_of(&file) else { continue };
        if !quiet.contains(&room.as_str())
            || ["tests.rs", "suite.rs"]
                .iter()
                .any(|name| file.ends_with(name))
            || file.components().any(|part| part.as_os_str() == "tests")
        {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for world in [
            "std::fs",
            "SystemTime",
            "Instant::now",
            "std::thread",
            "rayon",
            "getrandom",
            "tempfile",
        ] {
            assert!(
                !code.contains(world),
                "{}: `{room}` uses {world}",
                file.display()
            );
        }
    }
}

fn level(room: &str) -> Option<usize> {
    ROOMS.iter().position(|name| *name == room)
}

/// The room a file of `src` lies in; the façade and the binary lie above all rooms.
fn room_of(file: &Path) -> Option<String> {
    let first = file
        .strip_prefix("src")
        .ok()?
        .components()
        .next()?
        .as_os_str()
        .to_str()?;
    let room = first.trim_end_matches(".rs").to_owned();
    (!["lib", "bin"].contains(&room.as_str())).then_some(room)
}

/// The rooms that a line of code names behind `crate::`.
fn uses(code: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or_default();
        if !name.is_empty() && name.starts_with(|c: char| c.is_ascii_lowercase()) {
            found.push(name);
        }
    }
    found
}

fn sources(folder: &str) -> Vec<PathBuf> {
    walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.file_name() != "target")
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}
