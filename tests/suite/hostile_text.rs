//! Text that would act on a terminal, and text that would be followed, in every place that a command
//! shows or reads.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use dateline::diagnostic::escape::is_escaped;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::shared::shared;
use crate::tool::{copy, dateline, run};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo-corpus");
const DUMPS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/dumps");

/// Runs a command, which may find what it likes, but prints nothing raw and does not fall over.
#[track_caller]
fn harmless(args: &[&str], folder: &Path) -> (i32, String) {
    let (exit, printed) = run(dateline(args).current_dir(folder));
    assert!((0..=3).contains(&exit), "{args:?}: {exit}: {printed}");
    let raw = printed.chars().find(|&c| c != '\n' && is_escaped(c));
    assert_eq!(raw, None, "{args:?}: {printed}");
    (exit, printed)
}

/// The forms in which findings are shown, as the tool names them.
fn formats() -> Vec<String> {
    let (_, help) = run(&mut dateline(["check", "--help"]));
    let (_, after) = help.split_once("--format <FORMAT>").unwrap();
    let (_, after) = after.split_once("Possible values:").unwrap();
    let (values, _) = after.split_once("[default").unwrap();
    let names: Vec<String> = values
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- ")?.split(':').next())
        .map(str::to_owned)
        .collect();
    assert!(
        names.len() >= 3 && names.contains(&"full".to_owned()),
        "{names:?}"
    );
    names
}

/// Every C0 and C1 control, DEL, the marks of bidirectional text, and what terminals act on.
fn hazards() -> String {
    (1..=0x1f_u32)
        .chain(0x7f..=0x9f)
        .chain([0x61c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0xfeff])
        .chain(0x202a..=0x202e)
        .chain(0x2066..=0x2069)
        .filter_map(char::from_u32)
        .chain("\u{1b}[31m\u{1b}]0;title\u{7}\u{1b}[2J".chars())
        .collect()
}

/// Lines that hold a text in every place that has one.
fn lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let article: Value = {
        let shard = fs::read_dir(Path::new(CORPUS).join("records"))
            .unwrap()
            .next();
        let all = fs::read_to_string(shard.unwrap().unwrap().path()).unwrap();
        serde_json::from_str(all.lines().nth(1).unwrap()).unwrap()
    };
    for place in [
        "/id",
        "/type",
        "/format",
        "/source/name",
        "/source/domain",
        "/source/url",
        "/raw/digest",
        "/raw/media_type",
        "/raw/encoding",
        "/article/headline",
        "/article/published",
        "/article/language",
        "/absent/authors",
        "/content_digest",
        "/text_digest",
        "/content/text",
        "/content/summary",
        "/content/images/0/url",
        "/article/keywords/0",
    ] {
        let mut other = article.clone();
        let Some(value) = other.pointer_mut(place) else {
            continue;
        };
        *value = json!(text);
        lines.push(other.to_string());
    }
    assert!(lines.len() > 12);
    let mut keyed = article.clone();
    keyed[text] = json!(text);
    keyed["absent"][text] = json!("not_found");
    keyed["x"] = json!({text: {text: 1}});
    lines.push(keyed.to_string());
    let id = "rel-00000000000000000000000000000000";
    for end in ["from", "to", "relation", "method", "class"] {
        let mut relation = json!({
            "format": "dateline/1", "type": "relation", "id": id, "relation": "references",
            "class": "asserted", "from": "a", "to": "b", "method": "link/1",
        });
        relation[end] = json!(text);
        lines.push(relation.to_string());
    }
    lines.push(
        json!({"format": "dateline/1", "type": "withdrawal", "id": text, "was": text,
        "reason": text, "date": text, "notice": text})
        .to_string(),
    );
    lines.push(
        json!({"id": text, "trace": {"profile": {"id": text}, "locations": [{"path": text}],
        "fields": [{"pointer": text, "spans": [], "via": [text]}],
        "dropped": [{"start": 0, "end": 1, "label": text}]}})
        .to_string(),
    );
    // As itself, where that is JSON and where it is not.
    lines.push(format!(r#"{{"format":"dateline/1","type":"{text}"}}"#));
    lines.push(format!(r#"{{"a":1,"{text}":1}} {text}"#));
    lines.push(text.to_owned());
    lines
}

/// Checks a file of such lines in every form.
fn records(lines: &[String]) {
    let folder = TempDir::new().unwrap();
    let mut all: Vec<u8> = lines.join("\n").into();
    all.extend(b"\n\xff\x9b31m\n{\"id\":\"\xc0\x80\x1b[31m\"}\n");
    fs::write(folder.path().join("lines.jsonl"), all).unwrap();
    for format in formats() {
        let args = [
            "check",
            "lines.jsonl",
            "--format",
            &format,
            "--limit",
            "100000",
        ];
        let (exit, printed) = harmless(&args, folder.path());
        assert_eq!(exit, 1);
        assert!(printed.len() > 1000);
    }
    let corpus = folder.path().join("corpus");
    copy(Path::new(CORPUS), &corpus);
    fs::create_dir_all(corpus.join("withdrawals")).unwrap();
    for part in ["records", "relations", "withdrawals", "traces"] {
        for entry in fs::read_dir(corpus.join(part)).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
        let name = format!("{part}/part-00000-0123456789abcdef.jsonl");
        fs::copy(folder.path().join("lines.jsonl"), corpus.join(name)).unwrap();
    }
    fs::remove_file(corpus.join("releases/1/files.json")).unwrap();
    for args in [
        &["check", "corpus", "--limit", "10000"][..],
        &[
            "check",
            "lines.jsonl",
            "--against",
            "corpus",
            "--limit",
            "10000",
        ],
        &["verify", "corpus"],
        &["verify", "corpus", "--format", "json"],
        &["seal", "corpus"],
        &["link", "corpus"],
        &["show", "corpus", "a"],
        &["withdraw", "corpus", "a", "--reason", "privacy"],
        &["corpus"],
        &["lines.jsonl"],
    ] {
        harmless(args, folder.path());
    }
}

#[test]
fn no_control_character_of_a_record_reaches_the_terminal() {
    let all = hazards();
    let clear = "\u{1b}[2J\u{7}";
    records(&[lines(&all), lines(&all.repeat(20)), lines(clear)].concat());
}

#[test]
fn naughty_strings_in_records_are_shown_safely() {
    let Some(naughty) = naughty() else { return };
    // Every place that shows a text is tried above: here a value and a key are enough.
    let line = |text: &String| {
        json!({"format": "dateline/1", "type": "withdrawal", "id": text, text.as_str(): text})
            .to_string()
    };
    records(&naughty.iter().map(line).collect::<Vec<_>>());
}

fn naughty() -> Option<Vec<String>> {
    let path = shared("vectors/naughty-strings/blns.json")?;
    let strings: Vec<String> = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    assert_eq!(strings.len(), 515);
    Some(strings)
}

/// Puts an article under each name into a dump, and takes it through everything that names files.
fn names(names: impl IntoIterator<Item = String>) {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    let text = fs::read_to_string(Path::new(DUMPS).join("004_footbridge.txt")).unwrap();
    fs::create_dir(root.join("dump")).unwrap();
    let mut made = 0;
    for (number, name) in names.into_iter().enumerate() {
        // What no file system takes is no name.
        let made_it = fs::write(
            root.join("dump").join(format!("{name}.txt")),
            format!("{text}\n\n{number}."),
        );
        made += usize::from(made_it.is_ok());
    }
    assert!(made > 0);
    for format in formats() {
        harmless(
            &["check", "dump", "--format", &format, "--limit", "100000"],
            root,
        );
    }
    harmless(&["dump"], root);
    harmless(&["convert", "dump", "--dry-run"], root);
    let (exit, printed) = harmless(&["build", "dump", "-o", "corpus", "--allow-refused"], root);
    assert_eq!(exit, 0, "{printed}");
    for args in [
        &["check", "corpus", "--raw", "dump"][..],
        &["verify", "corpus"],
        &["log", "corpus"],
        &["cite", "corpus"],
        &["corpus"],
        &["link", "corpus"],
    ] {
        harmless(args, root);
    }
    let ids = fs::read_dir(root.join("corpus/records"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let first = fs::read_to_string(ids.path()).unwrap();
    let first: Value = serde_json::from_str(first.lines().next().unwrap()).unwrap();
    let id = first["id"].as_str().unwrap();
    let (exit, printed) = harmless(&["show", "corpus", id, "--raw", "dump"], root);
    assert_eq!(exit, 0, "{printed}");
}

#[cfg(unix)]
#[test]
fn no_control_character_of_a_file_name_reaches_the_terminal() {
    let all = hazards();
    let (one, two) = all.split_at(all.char_indices().nth(40).unwrap().0);
    names([one.to_owned(), two.to_owned(), format!("a{}", '\u{202e}')]);
}

#[cfg(unix)]
#[test]
fn naughty_strings_as_file_names_are_shown_safely() {
    let Some(naughty) = naughty() else { return };
    names(naughty);
}

/// Settings, profiles, signers and arguments are shown escaped, too.
#[test]
fn no_control_character_of_a_setting_reaches_the_terminal() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    copy(Path::new(CORPUS), &root.join("corpus"));
    copy(Path::new(DUMPS), &root.join("dumps"));
    let text = hazards();
    let quoted = serde_json::to_string(&text).unwrap();
    let ascii: String = quoted
        .chars()
        .map(|c| {
            if c.is_ascii() && c != '\u{7f}' {
                c.to_string()
            } else {
                format!("\\u{:04x}", u32::from(c))
            }
        })
        .collect();
    let good = "format: dateline-config/1\norigin: corpora.example/harbour\ntitle: T\n";
    let profile = fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/profile/builtin/dated-prose.yaml"
    ))
    .unwrap();
    for value in [&quoted, &ascii, &text] {
        for config in [
            format!("{good}{value}: 1\n"),
            format!("{good}license: {value}\n"),
            format!("{good}deny: [{value}]\n"),
            format!("{good}require: [{value}]\n"),
            format!("format: {value}\n"),
            good.replace("title: T", &format!("title: {value}")),
            good.replace("corpora.example/harbour", value),
        ] {
            fs::write(root.join("corpus/dateline.yaml"), config).unwrap();
            for command in ["check", "seal", "link", "log", "cite", "verify"] {
                harmless(&[command, "corpus"], root);
            }
            harmless(&["corpus"], root);
        }
        for (from, to) in [
            ("id: dated-prose", format!("id: {value}")),
            ("format:", format!("{value}: 1\nformat:")),
        ] {
            assert!(profile.contains(from));
            fs::write(root.join("profile.yaml"), profile.replacen(from, &to, 1)).unwrap();
            harmless(&["profile", "test", "profile.yaml"], root);
            harmless(&["profile", "show", "profile.yaml"], root);
            harmless(&["check", "dumps", "--profile", "profile.yaml"], root);
        }
        fs::write(
            root.join("signers"),
            format!("{value} ssh-ed25519 AAAA {value}\n"),
        )
        .unwrap();
        harmless(&["verify", "corpus", "--signers", "signers"], root);
    }
    for args in [
        vec!["show", "corpus", &text],
        vec!["withdraw", "corpus", &text, "--reason", "privacy"],
        vec!["withdraw", "corpus", "a", "--reason", &text],
        vec!["verify", "corpus", "--cited", &text],
        vec!["verify", "corpus", "--verify-time", &text],
        vec!["check", "corpus", "--deny", &text],
        vec!["check", "corpus", "--require", &text],
        vec!["check", "corpus", "--since", &text],
        vec!["check", "x.jsonl", "--against", &text],
        vec!["profile", "show", &text],
        vec!["schema", &text],
        vec!["explain", &text],
        vec!["cite", "corpus", "--release", &text],
        vec!["seal", "corpus", "--created", &text],
        vec!["seal", "corpus", "--key", &text],
        vec!["build", "dumps", "-o", &text, "--origin", &text],
        vec![&text],
    ] {
        harmless(&args, root);
    }
}

/// What the tool opens while it runs, and whether it asks for the network; nothing where `strace` is
/// not there or may not trace.
fn traced(args: &[&str], folder: &Path) -> Option<(i32, String, String)> {
    let log = folder.join("strace.log");
    let mut command = Command::new("strace");
    command
        .args([
            "-f",
            "-qq",
            "-s",
            "4096",
            "-e",
            "trace=network,open,openat,openat2",
            "-o",
        ])
        .arg(&log)
        .arg(env!("CARGO_BIN_EXE_dateline"))
        .args(args)
        .current_dir(folder);
    let output = command.output().ok()?;
    let seen = fs::read_to_string(&log)
        .ok()
        .filter(|seen| seen.contains("open"))?;
    let printed = [output.stdout, output.stderr].concat();
    Some((
        output.status.code()?,
        String::from_utf8(printed).unwrap(),
        seen,
    ))
}

/// A file with a reference in it, what reads it, and what is said of it.
struct Reference {
    file: &'static str,
    text: String,
    args: Vec<&'static str>,
    exit: i32,
    says: &'static str,
}

/// References to each of `baits`, in every file of text that is read.
fn references(root: &Path, baits: &[String]) -> Vec<Reference> {
    let good = "format: dateline-config/1\norigin: corpora.example/harbour\ntitle: T\n";
    let record = {
        let shard = fs::read_dir(root.join("corpus/records")).unwrap().next();
        fs::read_to_string(shard.unwrap().unwrap().path())
            .unwrap()
            .lines()
            .next()
            .unwrap()
            .to_owned()
    };
    let profile = fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/profile/builtin/dated-prose.yaml"
    ))
    .unwrap();
    let mut cases = Vec::new();
    let mut add = |file, text, args: &[&'static str], exit, says| {
        let args = args.to_vec();
        cases.push(Reference {
            file,
            text,
            args,
            exit,
            says,
        });
    };
    for bait in baits {
        for key in [
            "$ref",
            "$schema",
            "$id",
            "$dynamicRef",
            "include",
            "extends",
        ] {
            let quoted = serde_json::to_string(bait).unwrap();
            add(
                "corpus/dateline.yaml",
                format!("{good}{key}: {quoted}\n"),
                &["check", "corpus"],
                1,
                "is not known here",
            );
            let line = record.replacen('{', &format!("{{\"{key}\":{quoted},"), 1);
            add(
                "a.jsonl",
                format!("{line}\n"),
                &["check", "a.jsonl"],
                1,
                "field-unknown",
            );
            let line = record.replacen('{', &format!("{{\"x\":{{\"{key}\":{quoted}}},"), 1);
            add(
                "a.jsonl",
                format!("{line}\n"),
                &["check", "a.jsonl"],
                0,
                "no problems",
            );
            add(
                "p.yaml",
                format!("{profile}{key}: {quoted}\n"),
                &["check", "dumps", "--profile", "p.yaml"],
                2,
                "no key here",
            );
        }
        add(
            "corpus/dateline.yaml",
            format!("{good}contact: !include {bait}\n"),
            &["seal", "corpus"],
            2,
            "contact",
        );
        add(
            "corpus/dateline.yaml",
            format!("{good}license:\n  $ref: {bait}\n"),
            &["seal", "corpus"],
            2,
            "license",
        );
        add(
            "p.yaml",
            format!("{profile}title: !include {bait}\n"),
            &["profile", "test", "p.yaml"],
            2,
            "",
        );
    }
    cases
}

/// References to schemas, files and addresses are text: refused where they have no place, data where
/// anything may stand, and never followed.
#[test]
fn references_are_not_followed() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    copy(Path::new(CORPUS), &root.join("corpus"));
    copy(Path::new(DUMPS), &root.join("dumps"));
    fs::write(root.join("bait"), "{}\n").unwrap();
    let bait = root.join("bait").to_str().unwrap().to_owned();
    let baits = [
        format!("file://{bait}"),
        bait.clone(),
        "http://127.0.0.1:9/bait.json".to_owned(),
        "../bait".to_owned(),
    ];
    let mut watched = 0;
    for Reference {
        file,
        text,
        args,
        exit,
        says,
    } in references(root, &baits)
    {
        fs::write(root.join(file), text).unwrap();
        let (found, printed) = run(dateline(&args).current_dir(root));
        assert_eq!(found, exit, "{args:?}: {printed}");
        assert!(printed.contains(says), "{args:?}: {printed}");
        // Tracing is slow, and every kind of reference goes one way.
        if watched < 12
            && let Some((found, _, seen)) = traced(&args, root)
        {
            watched += 1;
            assert_eq!(found, exit);
            for call in ["socket(", "connect(", "/bait\"", "bait.json", "../bait"] {
                assert!(!seen.contains(call), "{args:?}: {seen}");
            }
        }
    }
    if watched == 0 {
        eprintln!("not watched: strace is not installed, or may not trace");
    }
}

/// An alias may stand for a text; aliases of aliases are no setting, and are not multiplied out.
#[test]
fn aliases_of_a_configuration_are_not_multiplied() {
    let folder = TempDir::new().unwrap();
    copy(Path::new(CORPUS), &folder.path().join("corpus"));
    let mut bomb =
        "format: dateline-config/1\norigin: corpora.example/harbour\ntitle: T\n".to_owned();
    bomb.push_str("require: [&a0 [x,x,x,x,x,x,x,x,x,x]");
    for level in 1..40 {
        let before = format!("*a{}", level - 1);
        let ten = vec![before; 10].join(",");
        bomb.extend([format!(", &a{level} [{ten}]")]);
    }
    bomb.push_str("]\n");
    fs::write(folder.path().join("corpus/dateline.yaml"), bomb).unwrap();
    let started = std::time::Instant::now();
    for (command, exit) in [("check", 1), ("seal", 2), ("link", 2), ("verify", 3)] {
        let (found, printed) = harmless(&[command, "corpus"], folder.path());
        assert_eq!(found, exit, "{command}: {printed}");
    }
    assert!(started.elapsed().as_secs() < 60);
}
