//! Links, pipes, devices, sockets and folders under every name that dateline uses in a corpus: no
//! command changes anything outside it, waits, or shows what lies outside.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::tool::{copy, dateline, files};

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");

/// What a command may take on a machine that is busy with others.
const LIMIT: Duration = Duration::from_mins(1);

/// What lies outside, and must neither change nor be shown.
const SECRET: &str = "hunter2";

/// What lies in the corpus and is not dateline's.
const KEPT: &str = "a letter\n";

/// What is planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plant {
    LinkToFile,
    LinkToFolder,
    LinkToNothing,
    LinkInside,
    LinkTo(&'static str),
    Pipe,
    Socket,
    Folder,
}

/// The names that dateline uses in a corpus; `*` is the first shard of the folder.
const NAMES: [&str; 27] = [
    ".dateline-lock",
    ".dateline-tmp",
    ".dateline-tmp/journal",
    ".dateline-tmp/dateline-shard-0",
    ".gitattributes",
    "dateline.yaml",
    "files.json",
    "inputs",
    "records",
    "records/*",
    "records/part-00007-0123456789abcdef.jsonl",
    "relations",
    "relations/*",
    "traces",
    "traces/*",
    "withdrawals",
    "withdrawals/part-00000-0123456789abcdef.jsonl",
    "releases",
    "releases/1",
    "releases/2",
    "releases/1/changes.txt",
    "releases/1/entries.txt",
    "releases/1/files.json",
    "releases/1/inputs.jsonl",
    "releases/1/manifest.json",
    "releases/1/manifest.json.sig",
    "releases/1/manifest.json.2.sig",
];

/// A corpus and what lies beside it.
struct Scene {
    folder: TempDir,
    id: String,
}

impl Scene {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let path = |name: &str| folder.path().join(name);
        copy(&Path::new(EXAMPLES).join("demo-corpus"), &path("corpus"));
        copy(&Path::new(EXAMPLES).join("dumps"), &path("dumps"));
        copy(&Path::new(EXAMPLES).join("demo-key"), &path("key"));
        let private = fs::Permissions::from_mode(0o600);
        fs::set_permissions(path("key/id_ed25519"), private).unwrap();
        let more = fs::read_to_string(path("dumps/005_kiln-lane.txt")).unwrap();
        fs::write(path("dumps/more.txt"), more.replace("Kiln", "Mill")).unwrap();
        fs::write(path("corpus/kept.txt"), KEPT).unwrap();
        for (name, text) in [
            ("letter", format!("{SECRET}\n")),
            ("folder/letter", format!("{SECRET}\n")),
            ("folder/dateline-shard-1", format!("{SECRET}\n")),
            (
                "folder/journal",
                "records/part-00000-b6062964ae0de78e.jsonl\n".to_owned(),
            ),
            (
                "folder/part-00001-0123456789abcdef.jsonl",
                format!("{{\"id\":\"{SECRET}\"}}\n"),
            ),
            ("folder/manifest.json", format!("{{\"{SECRET}\":1}}\n")),
            ("folder/1/manifest.json", format!("{{\"{SECRET}\":1}}\n")),
        ] {
            let path = path("outside").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let entries = fs::read_to_string(path("corpus/releases/1/entries.txt")).unwrap();
        let id = entries.split(' ').next().unwrap().to_owned();
        Self { folder, id }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Everything that must stay as it is, folders included.
    fn outside(&self) -> Vec<(PathBuf, Option<Vec<u8>>)> {
        let mut seen = Vec::new();
        for top in ["outside", "dumps", "key"] {
            for entry in walkdir::WalkDir::new(self.path(top)).sort_by_file_name() {
                let entry = entry.unwrap();
                let bytes = entry
                    .file_type()
                    .is_file()
                    .then(|| fs::read(entry.path()).unwrap());
                seen.push((entry.into_path(), bytes));
            }
        }
        seen
    }

    /// Puts something in the place of a name; gives the name, or none where nothing is to be planted.
    fn plant(&self, name: &str, plant: Plant) -> Option<String> {
        let name = match name.strip_suffix("/*") {
            None => name.to_owned(),
            Some(folder) => {
                let mut shards = fs::read_dir(self.path("corpus").join(folder)).unwrap();
                let shard = shards.next().unwrap().unwrap().file_name();
                format!("{folder}/{}", shard.to_str().unwrap())
            }
        };
        let place = self.path("corpus").join(&name);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).unwrap();
        }
        if place.is_dir() {
            if plant == Plant::Folder {
                return None;
            }
            fs::remove_dir_all(&place).unwrap();
        } else if place.exists() {
            fs::remove_file(&place).unwrap();
        }
        match plant {
            Plant::LinkToFile => symlink(self.path("outside/letter"), &place).unwrap(),
            Plant::LinkToFolder => symlink(self.path("outside/folder"), &place).unwrap(),
            Plant::LinkToNothing => symlink(self.path("outside/new"), &place).unwrap(),
            Plant::LinkInside => symlink(self.path("corpus/kept.txt"), &place).unwrap(),
            Plant::LinkTo(device) => symlink(device, &place).unwrap(),
            Plant::Pipe => {
                let made = Command::new("mkfifo").arg(&place).status();
                assert!(made.unwrap().success());
            }
            Plant::Socket => {
                // A name of a socket may not be long.
                let socket = self.path("s");
                drop(UnixListener::bind(&socket).unwrap());
                fs::rename(socket, &place).unwrap();
            }
            Plant::Folder => {
                fs::create_dir(&place).unwrap();
                fs::write(place.join("letter"), KEPT).unwrap();
            }
        }
        Some(name)
    }

    fn commands(&self) -> Vec<Vec<&str>> {
        vec![
            vec!["corpus"],
            vec!["check", "corpus"],
            vec!["check", "corpus/records"],
            vec!["check", "corpus/records", "--against", "corpus"],
            vec!["verify", "corpus"],
            vec!["verify", "corpus", "--signers", "key/allowed_signers"],
            vec!["log", "corpus"],
            vec!["cite", "corpus"],
            vec!["list", "corpus"],
            vec!["show", "corpus", &self.id],
            vec!["pack", "corpus"],
            vec!["seal", "corpus", "--key", "key/id_ed25519"],
            vec!["link", "corpus"],
            vec!["withdraw", "corpus", &self.id, "--reason", "error"],
            vec!["convert", "dumps", "-o", "corpus"],
            vec!["build", "dumps", "-o", "corpus"],
        ]
    }
}

/// Runs a command, which must end in time; gives its exit code and all it printed.
fn timed(command: &mut Command, folder: &Path) -> (i32, String) {
    let printed = folder.join("printed");
    let out = File::create(&printed).unwrap();
    let started = Instant::now();
    let mut child = command
        .current_dir(folder)
        .stdout(out.try_clone().unwrap())
        .stderr(out)
        .spawn()
        .unwrap();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if started.elapsed() > LIMIT {
            child.kill().unwrap();
            panic!("it does not end: {command:?}");
        }
        sleep(Duration::from_millis(2));
    };
    (
        status.code().unwrap_or(-1),
        String::from_utf8_lossy(&fs::read(&printed).unwrap()).into_owned(),
    )
}

/// Runs every command on corpora with this planted under every name.
fn hold(plant: Plant) {
    let mut wrong = Vec::new();
    for name in NAMES {
        let scene = Scene::new();
        let Some(named) = scene.plant(name, plant) else {
            continue;
        };
        let before = scene.outside();
        for command in scene.commands() {
            let what = format!("{plant:?} as {named}: {command:?}");
            let (exit, printed) = timed(&mut dateline(&command), scene.folder.path());
            assert_eq!(scene.outside(), before, "{what}");
            let sane = (0..=3).contains(&exit) && !printed.contains("panicked");
            if !sane || printed.contains(SECRET) {
                wrong.push(format!("{what}: {exit}: {printed}"));
            }
            let kept = fs::read_to_string(scene.path("corpus/kept.txt")).unwrap();
            assert_eq!(kept, KEPT, "{what}");
            if exit == 2 && plant == Plant::Folder && command.contains(&"seal") {
                let letter = scene.path("corpus").join(&named).join("letter");
                assert!(letter.exists(), "{what}: {printed}");
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// `corpus-link-unshown`, too.
#[test]
fn links_to_files() {
    hold(Plant::LinkToFile);
}

#[test]
fn links_to_folders() {
    hold(Plant::LinkToFolder);
}

#[test]
fn links_to_nothing() {
    hold(Plant::LinkToNothing);
}

#[test]
fn links_within_the_corpus() {
    hold(Plant::LinkInside);
}

#[test]
fn links_to_a_device_without_end() {
    hold(Plant::LinkTo("/dev/zero"));
}

#[test]
fn links_to_a_device_without_room() {
    hold(Plant::LinkTo("/dev/full"));
}

#[test]
fn pipes() {
    hold(Plant::Pipe);
}

#[test]
fn sockets() {
    hold(Plant::Socket);
}

#[test]
fn folders() {
    hold(Plant::Folder);
}

/// What a writer meets under its own names is named, and stays.
#[test]
fn what_is_in_the_way_is_named() {
    for (name, plant) in [
        (".dateline-lock", Plant::LinkToFile),
        (".dateline-lock", Plant::LinkToNothing),
        (".dateline-lock", Plant::Pipe),
        (".dateline-lock", Plant::Folder),
        (".dateline-tmp", Plant::LinkToFolder),
        (".dateline-tmp", Plant::Pipe),
        (".dateline-tmp", Plant::Folder),
        ("records", Plant::LinkToFolder),
        ("records/*", Plant::LinkToFile),
        ("records/*", Plant::Pipe),
        ("releases", Plant::LinkToFolder),
        ("dateline.yaml", Plant::LinkToFile),
        ("files.json", Plant::Pipe),
    ] {
        let scene = Scene::new();
        let named = scene.plant(name, plant).unwrap();
        let place = scene.path("corpus").join(&named);
        let kind = fs::symlink_metadata(&place).unwrap().file_type();
        for command in [
            vec!["link", "corpus"],
            vec!["seal", "corpus", "--key", "key/id_ed25519"],
        ] {
            let (exit, printed) = timed(&mut dateline(&command), scene.folder.path());
            assert_eq!(exit, 2, "{plant:?} as {named}: {printed}");
            let last = named.rsplit('/').next().unwrap();
            assert!(printed.contains(last), "{plant:?} as {named}: {printed}");
            assert_eq!(fs::symlink_metadata(&place).unwrap().file_type(), kind);
        }
    }
}

/// Reports and baselines are written over links, not through them.
#[test]
fn outputs_replace_links() {
    let scene = Scene::new();
    let before = scene.outside();
    for option in ["--output", "--write-baseline"] {
        for to in ["outside/letter", "outside/new"] {
            let place = scene.path("report");
            let _ = fs::remove_file(&place);
            symlink(scene.path(to), &place).unwrap();
            let command = ["check", "corpus", option, "report", "--format", "json"];
            let (exit, printed) = timed(&mut dateline(command), scene.folder.path());
            assert!(exit < 2, "{printed}");
            assert!(fs::symlink_metadata(&place).unwrap().is_file());
            assert_eq!(scene.outside(), before);
        }
    }
}

/// `corpus-link-verdict`: as caches and git-annex lay data out, every file is a link to where its bytes are.
#[test]
fn a_corpus_of_links_is_read_as_the_plain_one() {
    let scene = Scene::new();
    fs::remove_file(scene.path("corpus/kept.txt")).unwrap();
    for (layout, blobs) in [
        ("cache/snapshots/main", "cache/blobs"),
        ("annex", "annex/.git/annex"),
    ] {
        fs::create_dir_all(scene.path(blobs)).unwrap();
        for (number, (path, bytes)) in files(&scene.path("corpus")).into_iter().enumerate() {
            let blob = scene.path(blobs).join(format!("blob-{number}"));
            fs::write(&blob, bytes).unwrap();
            let place = scene.path(layout).join(&path);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            // Relative, as they are.
            let up = "../".repeat(layout.split('/').count() + path.matches('/').count());
            symlink(format!("{up}{blobs}/blob-{number}"), place).unwrap();
        }
        for command in [
            vec!["verify", "corpus", "--signers", "key/allowed_signers"],
            vec!["check", "corpus", "--require", "sealed"],
            vec!["log", "corpus"],
            vec!["show", "corpus", &scene.id],
            vec!["show", "corpus", &scene.id, "--raw", "dumps"],
            vec!["list", "corpus"],
            vec!["cite", "corpus"],
        ] {
            let plain = timed(&mut dateline(&command), scene.folder.path());
            let linked: Vec<&str> = command
                .iter()
                .map(|word| if *word == "corpus" { layout } else { *word })
                .collect();
            let (exit, printed) = timed(&mut dateline(&linked), scene.folder.path());
            let printed = printed.replace(layout, "corpus").replace(".git, ", "");
            assert_eq!((exit, printed), plain, "{layout}: {command:?}");
        }
        let before = files(&scene.path(blobs));
        let (exit, printed) = timed(&mut dateline(["link", layout]), scene.folder.path());
        let outside = layout.starts_with("cache");
        assert_eq!(exit == 2, outside, "{printed}");
        assert_eq!(
            printed.contains("is a link that leads out of the corpus"),
            outside
        );
        assert_eq!(files(&scene.path(blobs)), before);
    }
}

/// `corpus-link-unshown`: a record that lies outside is shown only where the release has it.
#[test]
fn records_of_others_are_not_shown() {
    let scene = Scene::new();
    let records = scene.path("corpus/records");
    let shard = fs::read_dir(&records).unwrap().next().unwrap();
    let shard = shard.unwrap().path();
    let text = fs::read_to_string(&shard).unwrap();
    let place = text.find("\"headline\":\"").unwrap() + 12;
    let text = format!("{}{SECRET} {}", &text[..place], &text[place..]);
    fs::write(scene.path("outside/records"), &text).unwrap();
    fs::remove_file(&shard).unwrap();
    symlink(scene.path("outside/records"), &shard).unwrap();
    let changed = text.lines().find(|line| line.contains(SECRET)).unwrap();
    let changed: serde_json::Value = serde_json::from_str(changed).unwrap();
    let id = changed.get("id").unwrap().as_str().unwrap();

    let (exit, printed) = timed(&mut dateline(["list", "corpus"]), scene.folder.path());
    assert_eq!(exit, 0, "{printed}");
    assert!(!printed.contains(SECRET), "{printed}");
    assert!(printed.contains("1 line not shown"), "{printed}");
    // The others are the release's.
    assert_eq!(printed.matches("art-").count(), text.lines().count() - 1);
    let (exit, printed) = timed(&mut dateline(["show", "corpus", id]), scene.folder.path());
    assert_eq!(exit, 2, "{printed}");
    assert!(!printed.contains(SECRET), "{printed}");
    assert!(printed.contains("1 line not shown"), "{printed}");
}

/// No page takes the place of what dateline did not write, and none is written through a link.
#[test]
fn pages_replace_pages_only() {
    let scene = Scene::new();
    let before = scene.outside();
    let man = || timed(&mut dateline(["man", "pages"]), scene.folder.path());
    let page = scene.path("pages/dateline-check.1");
    for plant in ["letter", "link", "folder"] {
        let _ = fs::remove_dir_all(scene.path("pages"));
        assert_eq!(man().0, 0);
        assert_eq!(man().0, 0, "pages are written anew");
        fs::remove_file(&page).unwrap();
        match plant {
            "letter" => fs::write(&page, KEPT).unwrap(),
            "link" => symlink(scene.path("outside/letter"), &page).unwrap(),
            _ => fs::create_dir(&page).unwrap(),
        }
        let kind = fs::symlink_metadata(&page).unwrap().file_type();
        let (exit, printed) = man();
        assert_eq!(exit, 2, "{plant}: {printed}");
        assert!(printed.contains("dateline-check.1"), "{plant}: {printed}");
        assert_eq!(fs::symlink_metadata(&page).unwrap().file_type(), kind);
        if plant == "letter" {
            assert_eq!(fs::read_to_string(&page).unwrap(), KEPT);
        }
        assert_eq!(scene.outside(), before);
    }
}

/// `dump-links`: none is followed, and one that leads nowhere is a finding.
#[test]
fn links_in_a_dump_are_not_followed() {
    let scene = Scene::new();
    symlink("../outside/folder", scene.path("dumps/folder")).unwrap();
    symlink("../outside/letter", scene.path("dumps/letter.txt")).unwrap();
    let check = ["check", "dumps", "--format", "concise"];
    let (exit, printed) = timed(&mut dateline(check), scene.folder.path());
    assert_eq!(exit, 0, "{printed}");
    assert!(
        printed.contains("2 symbolic links not followed"),
        "{printed}"
    );
    assert!(!printed.contains("input-link"), "{printed}");
    symlink("nowhere", scene.path("dumps/gone.txt")).unwrap();
    let (exit, printed) = timed(&mut dateline(check), scene.folder.path());
    assert_eq!(exit, 0, "{printed}");
    let said =
        "dumps/gone.txt: warning[input-link] the link points to `nowhere`, which does not exist";
    assert!(printed.contains(said), "{printed}");
}
