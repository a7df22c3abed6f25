//! What commands that write read first, and what they say last; listing and naming records.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fs;

use crate::adding::{Work, article, assert_says};

#[test]
fn what_may_be_mistyped_is_read_before_any_work() {
    let work = Work::new();
    work.dump("dumps", 0..2);
    work.write("key", "not a key");
    for wrong in [
        "--key nowhere",
        "--key key",
        "--created yesterday",
        "--profile nowhere.yaml",
        "--origin -",
        "--as ../day1",
        "--add --replace",
    ] {
        let printed = work.expect(2, &format!("build dumps -o corpus {wrong}"));
        assert!(!printed.contains("converted"), "{wrong}: {printed}");
        assert!(!work.path().join("corpus").exists(), "{wrong}");
    }
    // A second try may say again what the first has written.
    work.write("dumps/empty.txt", "");
    let build = "build dumps -o corpus --title Gates --origin gates.example/all";
    work.expect(1, build);
    fs::remove_file(work.path().join("dumps/empty.txt")).unwrap();
    work.expect(0, build);
    let printed = work.expect(2, "build dumps -o corpus --title Bridges");
    assert_says(&printed, &["`corpus/dateline.yaml` contradicts --title"]);
    let before = crate::tool::files(&work.path().join("corpus"));
    for wrong in ["--key nowhere", "--key key", "--created yesterday"] {
        work.expect(2, &format!("seal corpus {wrong}"));
    }
    work.expect(2, "withdraw corpus art-1 --reason whim");
    work.expect(2, "withdraw corpus art-1 --reason error --date tomorrow");
    assert_eq!(crate::tool::files(&work.path().join("corpus")), before);
}

#[test]
fn warnings_are_told_last_and_errors_decide_the_exit() {
    let work = Work::new();
    work.dump("dumps", 0..2);
    // Two articles of one text, each a warning.
    let twice = article(1, "green");
    work.write("dumps/a.txt", &twice.replace("example/1", "example/a"));
    work.write("dumps/b.txt", &twice.replace("example/1", "example/b"));
    let first = "first at corpus/records/part-00000-";
    for command in ["build dumps -o corpus", "seal corpus"] {
        let printed = work.expect(0, command);
        assert_says(
            &printed,
            &[
                "warning[text-duplicate]: ",
                first,
                "to see them all: dateline check corpus",
            ],
        );
        assert_eq!(printed.matches("warning[").count(), 1, "{printed}");
    }
    let printed = work.expect(0, "convert dumps -o other");
    assert_says(
        &printed,
        &["warning[text-duplicate]: ", "dateline check other"],
    );
    // What the corpus denies is an error here, too.
    let config = work.path().join("other/dateline.yaml");
    let text = fs::read_to_string(&config).unwrap() + "deny: [text-duplicate]\n";
    fs::write(&config, text).unwrap();
    work.expect(1, "check other");
    for command in [
        "convert dumps -o other",
        "seal other",
        "build dumps -o other",
    ] {
        let printed = work.expect(1, command);
        assert_says(&printed, &["error[text-duplicate]"]);
    }
}

/// `dump-no-text`
#[test]
fn a_record_without_a_text_is_a_warning_of_the_conversion() {
    let work = Work::new();
    work.dump("dumps", 0..1);
    work.write(
        "dumps/bare.txt",
        " date 2021-04-01 https://gates.example/bare\n\nGate closed\n",
    );
    let printed = work.expect(0, "build dumps -o corpus");
    assert_says(&printed, &["warning[item-no-text]", "dumps/bare.txt:1"]);
    work.expect(0, "check dumps");
    let printed = work.expect(0, "convert dumps --dry-run");
    assert_says(&printed, &["warning[item-no-text]"]);
}

#[test]
fn articles_are_listed_and_named_by_id_beginning_and_url() {
    let work = Work::new();
    work.dump("dumps", 0..3);
    work.write(
        "dumps/escape.txt",
        &article(7, "green").replace("Gate 7 is painted", "Gate \u{1b}[31m7 is painted"),
    );
    work.expect(0, "build dumps -o corpus");
    let lines = |command: &str| -> Vec<String> {
        work.expect(0, command).lines().map(str::to_owned).collect()
    };
    let all = lines("list corpus");
    assert_eq!(all.len(), 4);
    assert!(all.is_sorted());
    assert!(all.iter().all(|line| !line.contains('\u{1b}')));
    assert!(
        all.iter()
            .any(|line| line.ends_with("  2021-04-02  gates.example  Gate 1 is painted green")),
        "{all:?}"
    );
    for (filter, count) in [
        ("--url HTTPS://gates.example:443/2#top", 1),
        ("--domain gates.example", 4),
        ("--domain example", 4),
        ("--domain ates.example", 0),
        ("--since 2021-04-02", 3),
        ("--since 2021-04-02 --until 2021-04-03", 2),
        ("--until 2021-04-01", 1),
        ("--since 2021", 4),
        ("--until 2020", 0),
        ("--publisher Gates", 0),
        ("--without authors", 4),
        ("--without text", 0),
    ] {
        let found = lines(&format!("list corpus {filter}"));
        assert_eq!(found.len(), count, "{filter}: {found:?}");
    }
    for line in lines("list corpus --format json") {
        let row: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(row["domain"], "gates.example");
    }
    for wrong in ["--since March", "--without sense", "--url gates.example"] {
        work.expect(2, &format!("list corpus {wrong}"));
    }

    let id = lines("list corpus --url https://gates.example/2")[0][..36].to_owned();
    for name in [id.as_str(), &id[..12], "http://gates.example/../2"] {
        let printed = work.expect(0, &format!("show corpus {name}"));
        assert!(printed.contains(&id), "{printed}");
    }
    assert!(
        work.expect(0, "show corpus https://gates.example/2")
            .contains(&id)
    );
    let printed = work.expect(2, "show corpus art-");
    assert_says(
        &printed,
        &[
            "this corpus has 4 ids that begin with `art-`",
            "use a full id, such as art-",
        ],
    );
    let printed = work.expect(2, "show corpus https://gates.example/9");
    assert_says(
        &printed,
        &[
            "this corpus has no record with the URL",
            "dateline list corpus",
        ],
    );
}

#[test]
fn a_dry_run_says_what_a_build_would_do_to_a_corpus() {
    let work = Work::new();
    work.dump("dumps", 0..3);
    work.expect(0, "build dumps -o corpus");
    let id = work.expect(0, "list corpus --url https://gates.example/1")[..36].to_owned();
    work.expect(0, &format!("withdraw corpus {id} --reason privacy"));
    work.expect(0, "seal corpus");
    let before = crate::tool::files(&work.path().join("corpus"));
    let printed = work.expect(0, "convert dumps -o corpus --dry-run");
    assert_says(
        &printed,
        &[
            "item-withdrawn",
            "withdrawn before: 1",
            "nothing was written",
        ],
    );
    work.dump("other", 5..6);
    let printed = work.expect(2, "convert other -o corpus --dry-run");
    assert_says(&printed, &["which the inputs lack"]);
    let printed = work.expect(0, "convert other -o corpus --dry-run --replace");
    assert_says(&printed, &["removes 2 articles:"]);
    work.expect(0, "convert other --dry-run");
    work.expect(0, "convert other -o nowhere --dry-run");
    assert!(!work.path().join("nowhere").exists());
    assert_eq!(crate::tool::files(&work.path().join("corpus")), before);
    let printed = work.expect(0, "build dumps -o corpus");
    assert_says(&printed, &["withdrawn before: 1"]);
}

#[test]
fn a_build_goes_on_where_nobody_reads_what_it_says() {
    let work = Work::new();
    work.dump("dumps", 0..2);
    let mut build = crate::tool::dateline(["build", "dumps", "-o", "corpus"]);
    build
        .current_dir(work.path())
        .stdout(std::process::Stdio::piped());
    let mut child = build.spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
    assert_eq!(work.release("corpus", 1)["records"]["article"], 2);
}

/// An item that gives a record again is counted, so that the numbers add up.
#[test]
fn an_item_that_gives_the_same_record_is_counted() {
    let work = Work::new();
    let line = r#"{"headline":"Gates open","text":"The gates were opened on Monday.","url":"https://gates.example/1"}"#;
    work.write("dumps/a.jsonl", &format!("{line}\n{line}\n"));
    let printed = work.expect(0, "build dumps -o corpus");
    let counts = "items: 2; records: 1; duplicates: 1; refused: 0;";
    assert_says(&printed, &[counts]);
    // Those that the corpus has already are there again, too.
    let printed = work.expect(0, "build dumps -o corpus --add --as day2");
    assert_says(&printed, &["items: 2; records: 0; duplicates: 2;"]);
}

/// Where there is nothing to convert, nothing is written, and what the files are is said.
#[test]
fn files_without_an_item_are_named() {
    let work = Work::new();
    work.write("notes/README.md", "Of the gates.");
    work.write("notes/.gitkeep", "");
    work.write("none.json", "[]");
    for (input, says) in [
        ("notes", "`README.md` is notes about the dump"),
        ("notes/README.md", "`README.md` is notes about the dump"),
        ("none.json", "`none.json` is JSON without items"),
    ] {
        for command in ["build", "convert"] {
            let printed = work.expect(2, &format!("{command} {input} -o corpus"));
            assert_says(&printed, &["no items to convert: ", says]);
            assert!(!work.path().join("corpus").exists(), "{printed}");
        }
    }
    // A day without articles is a day.
    work.dump("dumps", 0..1);
    work.expect(0, "build dumps -o corpus");
    work.expect(0, "build none.json -o corpus --add --as day2");
}

/// A profile without examples was not tested.
#[test]
fn a_profile_without_examples_does_not_pass() {
    let work = Work::new();
    let yaml = work.expect(0, "profile show dated-prose");
    let (bare, _) = yaml.split_once("\nexamples:").unwrap();
    work.write("bare.yaml", &bare.replace("id: dated-prose", "id: bare"));
    let printed = work.expect(1, "profile test bare.yaml");
    assert_says(&printed, &["bare: has no examples, so nothing was tested"]);
    work.expect(0, "profile test dated-prose");
}

/// A key that is missing is missed before the corpus is changed, and only where it would be.
#[test]
fn a_missing_key_is_missed_before_anything_is_written() {
    let work = Work::new();
    work.dump("dumps", 0..2);
    // Git keeps no modes, and a key that others can read is not used.
    let key = work.path().join("key");
    fs::copy("examples/demo-key/id_ed25519", &key).unwrap();
    #[cfg(unix)]
    fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    work.expect(0, "build dumps -o corpus --key key");
    let printed = work.expect(0, "build dumps -o corpus");
    assert_says(&printed, &["nothing changed since release 1"]);
    let before = crate::tool::files(&work.path().join("corpus"));
    work.dump("more", 2..3);
    let printed = work.expect(2, "build more -o corpus --add");
    assert_says(&printed, &["no key was given", "nothing was written"]);
    // Nor where the inputs hold more than before.
    work.dump("dumps", 2..3);
    for again in ["", " --replace", " --update"] {
        let printed = work.expect(2, &format!("build dumps -o corpus{again}"));
        assert_says(&printed, &["no key was given", "nothing was written"]);
    }
    assert_eq!(crate::tool::files(&work.path().join("corpus")), before);
    work.expect(0, "build more -o corpus --add --unsigned");
}
