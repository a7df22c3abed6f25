#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![cfg(unix)]

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;

use super::{Astray, Kind};

/// What opening says went astray.
fn astray(opened: std::io::Result<fs::File>) -> String {
    let error = opened.unwrap_err();
    assert!(Astray::of(&error).is_some(), "{error}");
    error.to_string()
}

/// `corpus-link-files`, `corpus-link-folders`
#[test]
fn a_reader_follows_links_of_files_to_files_alone() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("corpus");
    fs::create_dir_all(root.join("records")).unwrap();
    fs::create_dir(folder.path().join("outside")).unwrap();
    fs::write(folder.path().join("outside/file"), "data").unwrap();
    let link = |to: &str, name: &str| symlink(to, root.join(name)).unwrap();
    link("../../outside/file", "records/out");
    link("out", "records/twice");
    link("/proc/self/environ", "records/environ");
    link("/dev/zero", "records/zero");
    link("/dev/full", "records/full");
    link("nothing", "records/dangling");
    link("..", "records/folder");
    link("loop", "records/loop");
    link("../outside", "traces");
    let socket = UnixListener::bind(root.join("records/socket")).unwrap();
    let status = std::process::Command::new("mkfifo")
        .arg(root.join("records/pipe"))
        .status();
    assert!(status.unwrap().success());

    for name in ["records/out", "records/twice"] {
        for opened in [
            super::below(&root, Path::new(name)),
            super::file(&root.join(name)),
        ] {
            let mut text = String::new();
            opened.unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "data");
        }
        assert!(super::plain_below(&root, Path::new(name)).is_err());
    }
    for (name, said) in [
        ("records/environ", "which is no data"),
        (
            "records/zero",
            "it is a link to `/dev/zero`, which is no data",
        ),
        ("records/full", "which is no data"),
        (
            "records/dangling",
            "it is a link to `nothing`, which does not exist",
        ),
        ("records/folder", "it is a folder, not a file"),
        ("records/socket", "it is a socket, not a file"),
        ("records/pipe", "it is a pipe, not a file"),
        ("records", "it is a folder, not a file"),
        ("traces/file", "`traces` is a link"),
    ] {
        let found = astray(super::below(&root, Path::new(name)));
        assert!(found.contains(said), "{name}: {found}");
    }
    assert!(super::below(&root, Path::new("records/loop")).is_err());
    drop(socket);
}

#[test]
fn a_writer_follows_none() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("corpus");
    fs::create_dir(&root).unwrap();
    let outside = folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("file"), "data").unwrap();
    symlink(&outside, root.join("linked")).unwrap();
    symlink(outside.join("new"), root.join("dangling")).unwrap();
    symlink(outside.join("file"), root.join("file")).unwrap();
    let name = |name: &'static str| Path::new(name);

    assert!(super::create(&root, name("linked/new")).is_err());
    assert!(super::create(&root, name("dangling")).is_err());
    assert!(super::create(&root, name("file")).is_err());
    assert!(super::shared(&root, name("dangling")).is_err());
    assert!(super::shared(&root, name("file")).is_err());
    assert!(super::create_dir(&root, name("linked/new")).is_err());
    assert!(super::remove_file(&root, name("linked/file")).is_err());
    assert!(super::remove_dir(&root, name("linked")).is_err());
    assert!(super::list(&root, name("linked")).is_err());
    super::create(&root, name("fresh")).unwrap();
    assert!(super::rename(&root, name("fresh"), name("linked/fresh")).is_err());
    // A link is replaced; what it leads to stays.
    super::rename(&root, name("fresh"), name("file")).unwrap();
    super::remove_file(&root, name("linked")).unwrap();
    assert_eq!(super::kind(&root, name("linked")).unwrap(), None);
    assert_eq!(super::kind(&root, name("file")).unwrap(), Some(Kind::File));
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
    assert_eq!(fs::read_to_string(outside.join("file")).unwrap(), "data");
}
