//! Reports of `dateline check` beyond what its transcript shows: files, threads, shells, pages.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]
#![allow(
    clippy::print_stdout,
    reason = "what is not run says so where output is shown"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use dateline::diagnostic::Format;

use crate::tool::{dateline, run};

const CORPUS: &str = "examples/demo-corpus";

fn check(args: &[&str]) -> (i32, String) {
    run(&mut dateline(["check"].iter().chain(args)))
}

#[test]
fn a_report_replaces_the_file_and_leaves_nothing_beside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.json");
    fs::write(&path, "before").unwrap();
    let shown = path.to_str().unwrap();
    let (code, said) = check(&[
        CORPUS,
        "--require",
        "fetch",
        "--format",
        "json",
        "--output",
        shown,
    ]);
    assert_eq!(code, 1);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("6 errors in "), "{said}");
    let text = fs::read_to_string(&path).unwrap();
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["counts"]["errors"], 6);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    // To the terminal it is the same.
    let (_, printed) = check(&[CORPUS, "--require", "fetch", "--format", "json"]);
    assert_eq!(printed, text);
    // Without a word, and a report all the same.
    let (code, said) = check(&[CORPUS, "--quiet", "--output", shown]);
    assert_eq!((code, said.as_str()), (0, ""));
    assert!(
        fs::read_to_string(&path)
            .unwrap()
            .ends_with("no problems in 4 files, 7 records\n")
    );
}

#[cfg(unix)]
#[test]
fn a_report_has_the_usual_permissions_and_goes_into_devices() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.txt");
    let plain = folder.path().join("plain.txt");
    fs::write(&plain, "").unwrap();
    check(&[CORPUS, "--output", path.to_str().unwrap()]);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&path), mode(&plain));
    let (code, _) = check(&[CORPUS, "--output", "/dev/null"]);
    assert_eq!(code, 0);
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}

#[test]
fn errors_exit_with_0_only_where_that_is_asked_for() {
    let asked = [CORPUS, "--require", "fetch"];
    let (failed, one) = check(&asked);
    let (passed, two) = check(&[asked.as_slice(), &["--exit-zero"]].concat());
    assert_eq!((failed, passed), (1, 0));
    assert_eq!(one, two);
    let (code, _) = check(&["none.jsonl", "--exit-zero"]);
    assert_eq!(code, 2, "what cannot run has not passed");
}

#[test]
fn every_form_is_the_same_at_every_number_of_threads() {
    let (_, help) = check(&["--help"]);
    for format in Format::ALL {
        assert!(help.contains(format.about()), "{help}");
        let format = format.name();
        let at = |threads: &str| {
            let (_, printed) = check(&[
                CORPUS,
                "examples/dumps",
                "--require=fetch",
                "--format",
                format,
                "--threads",
                threads,
            ]);
            printed
        };
        let one = at("1");
        assert_eq!(one, at("4"));
        assert!(one.contains("facet-missing"), "{format}: {one}");
    }
}

#[test]
fn what_is_checked_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let dump = folder.path().join("dump");
    fs::create_dir(&dump).unwrap();
    let item = dump.join("a.txt");
    fs::write(&item, "A text.\n").unwrap();
    let shard = folder.path().join("part.jsonl");
    fs::write(&shard, "{}\n").unwrap();
    let known = folder.path().join("known.json");
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let new = path(&dump.join("new.sarif"));
    let (dump, item, shard, known) = (path(&dump), path(&item), path(&shard), path(&known));
    let manifest = format!("{CORPUS}/releases/1/manifest.json");
    let config = format!("{CORPUS}/dateline.yaml");
    for args in [
        [&*shard, "--output", &shard, "--exit-zero"],
        [&shard, "--write-baseline", &shard, "--exit-zero"],
        [&dump, "--output", &item, "--exit-zero"],
        [&dump, "--output", &new, "--exit-zero"],
        [CORPUS, "--output", &manifest, "--exit-zero"],
        [CORPUS, "--write-baseline", &config, "--exit-zero"],
    ] {
        let (code, said) = check(&args);
        assert_eq!(code, 2, "{args:?}: {said}");
        assert!(said.contains("would change what is checked"), "{said}");
    }
    let (code, said) = check(&[&shard, "--output", &known, "--write-baseline", &known]);
    assert_eq!(code, 2, "{said}");
    assert_eq!(fs::read_to_string(&shard).unwrap(), "{}\n");
    assert!(!Path::new(&new).exists() && !Path::new(&known).exists());
}

#[test]
fn a_number_of_threads_that_helps_nobody_is_refused() {
    for threads in ["0", "257", "100000", "-1", "two"] {
        let option = format!("--threads={threads}");
        let (code, said) = check(&[CORPUS, &option]);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(threads), "{said}");
    }
}

#[test]
fn a_baseline_hides_no_failure_to_read() {
    let folder = tempfile::tempdir().unwrap();
    let shard = folder.path().join("part.jsonl.gz");
    fs::write(&shard, b"\x1f\x8b\x08\0\0\0").unwrap();
    let known = folder.path().join("known.json");
    let (shard, known) = (shard.to_str().unwrap(), known.to_str().unwrap());
    let (code, said) = check(&[shard, "--write-baseline", known]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("wrote 0 findings"), "{said}");
    let why = "; 1 finding is never held back: 1 shard-truncated (the records after the damage are not read)";
    assert!(said.contains(why), "{said}");
    let (code, said) = check(&[shard, "--baseline", known]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("error[shard-truncated]"), "{said}");
}

/// The files of a baseline are named from its own folder.
#[test]
fn a_baseline_holds_wherever_the_tool_is_run() {
    let folder = tempfile::tempdir().unwrap();
    // Links are not followed, and there may be some on the way.
    let root = folder.path().canonicalize().unwrap();
    fs::create_dir_all(root.join("ci")).unwrap();
    fs::create_dir_all(root.join("news")).unwrap();
    fs::write(root.join("news/a.jsonl"), "\n").unwrap();
    let at = |folder: &str, args: &[&str]| {
        let mut command = dateline(["check"].iter().chain(args));
        run(command.current_dir(root.join(folder)))
    };
    let (code, said) = at(".", &["news/a.jsonl", "--write-baseline", "ci/known.json"]);
    assert_eq!(code, 1, "{said}");
    let known = fs::read_to_string(root.join("ci/known.json")).unwrap();
    assert!(known.contains(r#""file":"../news/a.jsonl""#), "{known}");
    let whole = root.join("news/a.jsonl");
    for (folder, path, baseline) in [
        (".", "./news/a.jsonl", "ci/known.json"),
        ("news", "a.jsonl", "../ci/known.json"),
        ("ci", "../news/a.jsonl", "known.json"),
        ("ci", whole.to_str().unwrap(), "./known.json"),
    ] {
        let (code, said) = at(folder, &[path, "--baseline", baseline]);
        assert_eq!(code, 0, "{folder}: {said}");
    }
    // What is gone is named as the baseline names it, and a file without a pointer by itself.
    fs::write(root.join("news/a.jsonl"), "").unwrap();
    let (_, said) = at("news", &["a.jsonl", "--baseline", "../ci/known.json"]);
    assert!(said.contains("line-empty (../news/a.jsonl)"), "{said}");
    assert!(
        said.contains("(1 in the baseline no longer found)"),
        "{said}"
    );
}

#[test]
fn a_baseline_tells_the_facets_of_a_corpus_apart() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("corpus");
    crate::tool::copy(Path::new(CORPUS), &corpus);
    fs::remove_dir_all(corpus.join("releases")).unwrap();
    let known = folder.path().join("known.json");
    let (corpus, known) = (corpus.to_str().unwrap(), known.to_str().unwrap());
    let (code, said) = check(&[corpus, "--require", "sealed", "--write-baseline", known]);
    assert_eq!(code, 1, "{said}");
    let (code, _) = check(&[corpus, "--require", "sealed", "--baseline", known]);
    assert_eq!(code, 0);
    let (code, said) = check(&[corpus, "--require", "signed", "--baseline", known]);
    assert_eq!(code, 1, "{said}");
}

/// `input-empty`: a command that failed before gives nothing to a compressor, too.
#[test]
fn nothing_is_nothing_however_it_is_compressed() {
    let folder = tempfile::tempdir().unwrap();
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for (name, bytes) in [
        ("plain", Vec::new()),
        ("gzip", gzip.finish().unwrap()),
        ("zstd", zstd::encode_all(&b""[..], 1).unwrap()),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let mut command = dateline(["check", "-"]);
        let (code, said) = run(command.stdin(fs::File::open(&path).unwrap()));
        assert_eq!(code, 1, "{name}");
        assert!(said.contains("error[input-empty]"), "{name}: {said}");
    }
}

#[test]
fn shells_read_their_completions() {
    for (shell, read) in [("bash", "-n"), ("zsh", "-n"), ("fish", "-n")] {
        let (code, script) = run(&mut dateline(["completions", shell]));
        assert_eq!(code, 0);
        assert!(script.contains("write-baseline"), "{shell}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("script");
        fs::write(&path, &script).unwrap();
        match Command::new(shell)
            .arg(read)
            .arg(&path)
            .stdin(Stdio::null())
            .output()
        {
            Ok(output) => {
                let said = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success(), "{shell}: {said}");
            }
            Err(_) => println!("not read, as {shell} is not installed"),
        }
    }
    for shell in ["powershell", "elvish"] {
        let (code, script) = run(&mut dateline(["completions", shell]));
        assert_eq!(code, 0);
        assert!(script.contains("write-baseline"), "{shell}");
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let (code, said) = run(dateline(["man"]).arg(folder.path()));
    assert_eq!(code, 0, "{said}");
    let (_, help) = run(&mut dateline(["--help"]));
    let commands = help
        .split("Commands:")
        .nth(1)
        .unwrap()
        .split("\n\n")
        .next()
        .unwrap();
    let names = commands
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    let mut count = 0;
    for name in names.filter(|name| *name != "help") {
        let page = folder.path().join(format!("dateline-{name}.1"));
        let text = fs::read_to_string(&page).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(text.contains(".SH OPTIONS"), "{name}");
        match Command::new("man")
            .args(["--warnings", "-E", "UTF-8", "-l"])
            .arg(&page)
            .output()
        {
            Ok(output) => {
                let said = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success() && said.is_empty(), "{name}: {said}");
            }
            Err(_) => println!("not shown, as man is not installed: {name}"),
        }
        count += 1;
    }
    assert!(count > 14, "{count} of {help}");
    let (code, page) = run(&mut dateline(["man"]));
    assert_eq!(code, 0);
    assert_eq!(
        page,
        fs::read_to_string(folder.path().join("dateline.1")).unwrap()
    );
}

#[test]
fn progress_is_shown_on_a_terminal_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.jsonl");
    let line = |number: u32| {
        format!(
            r#"{{"format":"dateline/1","type":"withdrawal","id":"art-{number}","date":"2022-02-30"}}"#
        )
    };
    let lines: Vec<String> = (0..60_000).map(line).collect();
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    let path = path.to_str().unwrap();
    let args = ["check", path, "--limit", "1", "--threads", "1"];

    let output = dateline(args).output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert!(!output.stdout.contains(&b'\r'));

    // Runs a command on a terminal of its own, and prints what that shows.
    let terminal =
        "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
    let on_terminal = |more: &[&str]| {
        let command = [&[env!("CARGO_BIN_EXE_dateline")], args.as_slice(), more].concat();
        let mut python = Command::new("python3");
        python.args(["-c", terminal]).args(command);
        python.stdin(Stdio::null()).output()
    };
    let Ok(output) = on_terminal(&[]) else {
        println!("not run on a terminal, as python3 is not installed");
        return;
    };
    let shown = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{shown}");
    assert!(shown.contains("\r\u{1b}[Kchecking "), "{shown}");
    assert!(shown.contains(" MB  "), "{shown}");
    // The line is gone when the report comes.
    let (_, report) = shown.rsplit_once("\r\u{1b}[K").unwrap();
    assert!(report.contains("errors"), "{report}");
    let quiet = on_terminal(&["--quiet"]).unwrap();
    assert!(
        !String::from_utf8(quiet.stdout)
            .unwrap()
            .contains("checking")
    );
}
